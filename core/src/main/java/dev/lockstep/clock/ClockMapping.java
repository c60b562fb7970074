package dev.lockstep.clock;

import java.util.Arrays;

/// How one clock runs against another, from pairs of times of which the second is late by an
/// unknown, varying delay: a sensor's stamp and when the message was recorded.
///
/// Delays are never negative but for errors, and often near their least value, so the least
/// differences carry the clocks. Of each block of time the third smallest difference is taken,
/// which a single early sample cannot pull down, and a line is laid through them by the median of
/// all slopes (Theil and Sen), which forgives blocks without an undelayed message. The lower convex
/// hull of all differences bounds the offset from above: nothing was recorded before it was
/// measured. One way does not tell the least delay itself; it is part of the offset.
///
/// Streaming in bounded memory: at most [#MAX_BLOCKS] blocks are kept; where there would be more,
/// neighbours are joined, so that blocks are twice as long.
public final class ClockMapping {
  /// Blocks that are kept; judged: 128 of them make 8,128 slopes.
  static final int MAX_BLOCKS = 128;

  /// Fewest blocks that make a line; judged.
  public static final int MIN_BLOCKS = 6;

  /// Messages that a block needs to count: fewer may all be delayed; judged.
  private static final int MIN_MESSAGES = 8;

  private static final int SMALLEST = 3;

  private final double[] smallest = new double[MAX_BLOCKS * SMALLEST];
  private final double[] times = new double[MAX_BLOCKS * SMALLEST];
  private final int[] messages = new int[MAX_BLOCKS];
  private final Hull hull = new Hull();
  private double blockNs;
  private int current = -1;
  private long originNs;
  private long offsetNs;
  private long count;
  private double lastNs;

  /// A line through the differences.
  ///
  /// @param ppm how much faster the second clock runs, parts per million
  /// @param offsetNs second minus first clock at the last pair, with the least delay, ns
  /// @param boundNs the offset at the last pair is not above this, ns
  /// @param driftNs by how much the difference rises from the first to the last block, ns
  /// @param spreadNs farthest that a block lies from the line, ns
  /// @param blocks number of blocks
  public record Line(
      double ppm, double offsetNs, double boundNs, double driftNs, double spreadNs, int blocks) {}

  /// A mapping without pairs.
  ///
  /// @param blockNs length of a block at first, ns of the first clock
  public ClockMapping(double blockNs) {
    this.blockNs = blockNs;
  }

  /// Adds a pair; those whose first time is not above the one before are left out.
  public void add(long firstNs, long secondNs) {
    if (!LatticeFit.isUsable(firstNs) || !LatticeFit.isUsable(secondNs)) {
      return;
    }
    if (count == 0) {
      originNs = firstNs;
      offsetNs = secondNs - firstNs;
    } else if (firstNs - originNs <= lastNs) {
      return;
    }
    count++;
    double time = firstNs - originNs;
    double difference = secondNs - firstNs - offsetNs;
    lastNs = time;
    hull.add(time, difference);
    // A block holds what lies within its length of its first pair.
    int block = (int) Math.min(time / blockNs, Integer.MAX_VALUE);
    while (block >= MAX_BLOCKS) {
      join();
      block = (int) Math.min(time / blockNs, Integer.MAX_VALUE);
    }
    for (; current < block; ) {
      current++;
      messages[current] = 0;
      Arrays.fill(smallest, current * SMALLEST, (current + 1) * SMALLEST, Double.MAX_VALUE);
    }
    messages[block]++;
    insert(block, time, difference);
  }

  private void insert(int block, double time, double difference) {
    int from = block * SMALLEST;
    int at = from + SMALLEST - 1;
    if (difference >= smallest[at]) {
      return;
    }
    for (; at > from && smallest[at - 1] > difference; at--) {
      smallest[at] = smallest[at - 1];
      times[at] = times[at - 1];
    }
    smallest[at] = difference;
    times[at] = time;
  }

  /// Joins blocks in pairs.
  private void join() {
    int joined = (current + 2) / 2;
    for (int b = 0; b < joined; b++) {
      int left = 2 * b;
      int right = left + 1;
      double[] values = Arrays.copyOfRange(smallest, left * SMALLEST, (left + 1) * SMALLEST);
      double[] when = Arrays.copyOfRange(times, left * SMALLEST, (left + 1) * SMALLEST);
      int inLeft = messages[left];
      int inRight = right <= current ? messages[right] : 0;
      double[] others = Arrays.copyOfRange(smallest, right * SMALLEST, (right + 1) * SMALLEST);
      double[] otherTimes = Arrays.copyOfRange(times, right * SMALLEST, (right + 1) * SMALLEST);
      System.arraycopy(values, 0, smallest, b * SMALLEST, SMALLEST);
      System.arraycopy(when, 0, times, b * SMALLEST, SMALLEST);
      messages[b] = inLeft + inRight;
      for (int i = 0; i < Math.min(SMALLEST, inRight); i++) {
        insert(b, otherTimes[i], others[i]);
      }
    }
    current = joined - 1;
    blockNs *= 2;
  }

  /// Number of pairs.
  public long count() {
    return count;
  }

  /// From the first to the last pair on the first clock, ns.
  public double spanNs() {
    return lastNs;
  }

  /// The line through all blocks; of fewer than [#MIN_BLOCKS] it is meaningless, see its count.
  public Line line() {
    double[] x = new double[current + 1];
    double[] y = new double[current + 1];
    int n = 0;
    for (int b = 0; b <= current; b++) {
      if (messages[b] >= MIN_MESSAGES) {
        x[n] = times[b * SMALLEST + SMALLEST - 1];
        y[n++] = smallest[b * SMALLEST + SMALLEST - 1];
      }
    }
    if (n < 2) {
      return new Line(0, Double.NaN, Double.NaN, 0, Double.NaN, n);
    }
    double[] slopes = new double[n * (n - 1) / 2];
    int s = 0;
    for (int i = 0; i < n; i++) {
      for (int k = i + 1; k < n; k++) {
        slopes[s++] = (y[k] - y[i]) / (x[k] - x[i]);
      }
    }
    double slope = median(slopes, s);
    double[] heights = new double[n];
    for (int i = 0; i < n; i++) {
      heights[i] = y[i] - slope * x[i];
    }
    double height = median(heights, n);
    double spread = 0;
    for (int i = 0; i < n; i++) {
      spread = Math.max(spread, Math.abs(y[i] - height - slope * x[i]));
    }
    return new Line(
        slope * 1e6,
        offsetNs + height + slope * lastNs,
        offsetNs + hull.at(lastNs),
        slope * (x[n - 1] - x[0]),
        spread,
        n);
  }

  private static double median(double[] values, int n) {
    double[] sorted = Arrays.copyOf(values, n);
    Arrays.sort(sorted);
    return (sorted[n / 2] + sorted[(n - 1) / 2]) / 2;
  }

  /// The lower convex hull of points that come in order of x, as a stack. It has a few dozen points
  /// on any real series; beyond [#MOST] every second one is forgotten, which only loosens the
  /// bound.
  private static final class Hull {
    private static final int MOST = 512;

    private final double[] x = new double[MOST];
    private final double[] y = new double[MOST];
    private int size;

    void add(double newX, double newY) {
      while (size >= 2 && !turnsLeft(newX, newY)) {
        size--;
      }
      if (size == MOST) {
        int kept = 0;
        for (int i = 0; i < size; i += 2) {
          x[kept] = x[i];
          y[kept++] = y[i];
        }
        size = kept;
      }
      x[size] = newX;
      y[size++] = newY;
    }

    private boolean turnsLeft(double newX, double newY) {
      double ax = x[size - 1] - x[size - 2];
      double ay = y[size - 1] - y[size - 2];
      return ax * (newY - y[size - 2]) - ay * (newX - x[size - 2]) > 0;
    }

    /// The height at `at` of the edge that holds the middle of all points, continued as a line.
    double at(double at) {
      double middle = (x[0] + x[size - 1]) / 2;
      for (int i = 1; i < size; i++) {
        if (x[i] >= middle || i == size - 1) {
          double slope = (y[i] - y[i - 1]) / (x[i] - x[i - 1]);
          return y[i] + slope * (at - x[i]);
        }
      }
      return y[0];
    }
  }
}
