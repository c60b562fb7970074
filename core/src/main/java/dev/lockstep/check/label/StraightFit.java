package dev.lockstep.check.label;

/// A straight way through a few places in space, by least squares.
///
/// Coordinates are single fields, not arrays: most of the time of the rules that follow tracks goes
/// through here.
final class StraightFit {
  private int n;
  private double sumT;
  private double sumTt;
  private double originT;
  private double sumX;
  private double sumY;
  private double sumZ;
  private double timedX;
  private double timedY;
  private double timedZ;
  private double squares;
  private double meanX;
  private double meanY;
  private double meanZ;
  private double speedX;
  private double speedY;
  private double speedZ;
  private double meanT;
  private double spreadT;

  /// Begins anew.
  void clear() {
    n = 0;
    sumT = 0;
    sumTt = 0;
    squares = 0;
    sumX = 0;
    sumY = 0;
    sumZ = 0;
    timedX = 0;
    timedY = 0;
    timedZ = 0;
  }

  /// Adds a place at a time, seconds.
  void add(double t, double x, double y, double z) {
    if (n == 0) {
      originT = t;
      meanX = x;
      meanY = y;
      meanZ = z;
    }
    double s = t - originT;
    n++;
    sumT += s;
    sumTt += s * s;
    double dx = x - meanX;
    double dy = y - meanY;
    double dz = z - meanZ;
    sumX += dx;
    sumY += dy;
    sumZ += dz;
    timedX += s * dx;
    timedY += s * dy;
    timedZ += s * dz;
    squares += dx * dx;
    squares += dy * dy;
    squares += dz * dz;
  }

  /// Computes the way; two places at different times at least.
  void solve() {
    meanT = sumT / n;
    spreadT = sumTt - n * meanT * meanT;
    boolean moves = spreadT > 0;
    double x = sumX / n;
    double y = sumY / n;
    double z = sumZ / n;
    speedX = moves ? (timedX - meanT * sumX) / spreadT : 0;
    speedY = moves ? (timedY - meanT * sumY) / spreadT : 0;
    speedZ = moves ? (timedZ - meanT * sumZ) / spreadT : 0;
    squares -= n * x * x + spreadT * speedX * speedX;
    squares -= n * y * y + spreadT * speedY * speedY;
    squares -= n * z * z + spreadT * speedZ * speedZ;
    meanX += x;
    meanY += y;
    meanZ += z;
    meanT += originT;
  }

  /// Coordinate `d` at a time.
  double at(int d, double t) {
    return switch (d) {
      case 0 -> meanX + speedX * (t - meanT);
      case 1 -> meanY + speedY * (t - meanT);
      default -> meanZ + speedZ * (t - meanT);
    };
  }

  /// Speed along coordinate `d`.
  double speed(int d) {
    return switch (d) {
      case 0 -> speedX;
      case 1 -> speedY;
      default -> speedZ;
    };
  }

  /// Variance of the way at a time, in variances of a place.
  double variance(double t) {
    return 1.0 / n + (spreadT > 0 ? (t - meanT) * (t - meanT) / spreadT : 0);
  }

  /// Sum of squared distances of the places from the way.
  double residual() {
    return Math.max(0, squares);
  }
}
