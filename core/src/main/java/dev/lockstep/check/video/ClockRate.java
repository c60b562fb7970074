package dev.lockstep.check.video;

/// How much faster one clock runs than another: the line of least squares through the differences,
/// over the longest stretch without a jump. Constant memory.
final class ClockRate {
  private long count;
  private double meanX;
  private double meanY;
  private double sumXx;
  private double sumXy;
  private double sumYy;
  private double firstX;
  private double lastX;
  private long originNs;
  private long offsetNs;

  /// A line.
  ///
  /// @param ppm by how much the second clock is faster, parts per million
  /// @param sigmaPpm standard error of that
  /// @param driftNs what the difference grows by over the stretch, ns
  /// @param spanNs length of the stretch, ns
  record Line(long count, double ppm, double sigmaPpm, double driftNs, double spanNs) {
    static final Line NONE = new Line(0, 0, 0, 0, 0);
  }

  private Line longest = Line.NONE;

  /// Adds a frame's time by the first clock and by the second one.
  void add(long stampNs, long clockNs) {
    if (count == 0) {
      originNs = stampNs;
      offsetNs = clockNs - stampNs;
      firstX = 0;
      lastX = 0;
    }
    double x = stampNs - originNs;
    double y = clockNs - stampNs - offsetNs;
    count++;
    double dx = x - meanX;
    double dy = y - meanY;
    meanX += dx / count;
    meanY += dy / count;
    sumXx += dx * (x - meanX);
    sumXy += dx * (y - meanY);
    sumYy += dy * (y - meanY);
    firstX = Math.min(firstX, x);
    lastX = Math.max(lastX, x);
  }

  /// Ends the stretch.
  void cut() {
    Line line = line();
    if (line.count() > longest.count()) {
      longest = line;
    }
    count = 0;
    meanX = 0;
    meanY = 0;
    sumXx = 0;
    sumXy = 0;
    sumYy = 0;
  }

  private Line line() {
    if (count < 3 || sumXx <= 0) {
      return Line.NONE;
    }
    double slope = sumXy / sumXx;
    double rest = Math.max(0, sumYy - slope * sumXy);
    double sigma = Math.sqrt(rest / (count - 2) / sumXx);
    double span = lastX - firstX;
    return new Line(count, slope * 1e6, sigma * 1e6, slope * span, span);
  }

  /// The line through the longest stretch; call [#cut] before.
  Line longest() {
    return longest;
  }
}
