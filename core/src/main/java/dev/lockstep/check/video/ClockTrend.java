package dev.lockstep.check.video;

import dev.lockstep.model.Times;
import java.util.Arrays;

/// The last pairs of a frame's time by two clocks, and where the difference is going.
///
/// Differences are taken from the first pair on, so that times since 1970 keep their last digits.
final class ClockTrend {
  /// Pairs that are kept: more than frames are moved by, so that each order of showing is seen.
  static final int WINDOW = 16;

  private final double[] stamps = new double[WINDOW];
  private final double[] differences = new double[WINDOW];
  private final double[] scratch = new double[WINDOW];
  private int filled;
  private int oldest;
  private long originNs;
  private long offsetNs;

  /// Adds a frame's time by the first clock and by the second one.
  void add(long stampNs, long clockNs) {
    if (filled == 0) {
      originNs = stampNs;
      offsetNs = clockNs - stampNs;
    }
    stamps[oldest] = stampNs - originNs;
    differences[oldest] = clockNs - stampNs - offsetNs;
    oldest = (oldest + 1) % WINDOW;
    filled = Math.min(filled + 1, WINDOW);
  }

  /// Forgets everything.
  void clear() {
    filled = 0;
    oldest = 0;
  }

  /// Whether there is enough to judge by.
  boolean isFull() {
    return filled == WINDOW;
  }

  /// The usual step from a frame to the one that is shown behind it, by the second clock, ns.
  double periodNs() {
    for (int i = 0; i < filled; i++) {
      scratch[i] = stamps[i] + differences[i];
    }
    Arrays.sort(scratch, 0, filled);
    for (int i = 0; i + 1 < filled; i++) {
      scratch[i] = scratch[i + 1] - scratch[i];
    }
    return filled < 2 ? 0 : median(filled - 1);
  }

  /// By how much the second clock is ahead of where it should be at a frame, ns.
  double aheadNs(long stampNs, long clockNs) {
    double slope = slope();
    double at = stampNs - originNs;
    for (int i = 0; i < filled; i++) {
      scratch[i] = differences[i] + slope * (at - stamps[i]);
    }
    return clockNs - stampNs - offsetNs - median(filled);
  }

  private double slope() {
    int half = filled / 2;
    int n = 0;
    for (int i = 0; i < half; i++) {
      int early = (oldest + i) % WINDOW;
      int late = (oldest + i + half) % WINDOW;
      double run = stamps[late] - stamps[early];
      if (run > 0) {
        scratch[n++] = (differences[late] - differences[early]) / run;
      }
    }
    return n == 0 ? 0 : median(n);
  }

  private double median(int count) {
    Arrays.sort(scratch, 0, count);
    return scratch[count / 2];
  }

  /// Second clock minus the first one at the pair added last, ns.
  double differenceNs() {
    return filled == 0 ? 0 : differences[(oldest + WINDOW - 1) % WINDOW] + offsetNs;
  }

  /// Whether both times are such that differences cannot overflow.
  static boolean isUsable(long ns) {
    return ns != Times.NONE && Math.abs(ns) < Long.MAX_VALUE / 4;
  }
}
