package dev.lockstep.check.video;

import java.util.Arrays;

/// The last values of a series and their median.
final class StepWindow {
  private final long[] last;
  private final long[] sorted;
  private int filled;
  private int oldest;

  StepWindow(int size) {
    last = new long[size];
    sorted = new long[size];
  }

  void add(long value) {
    last[oldest] = value;
    oldest = (oldest + 1) % last.length;
    filled = Math.min(filled + 1, last.length);
  }

  /// Median of what is there, 0 where there is nothing.
  long median() {
    System.arraycopy(last, 0, sorted, 0, filled);
    Arrays.sort(sorted, 0, filled);
    return filled == 0 ? 0 : sorted[filled / 2];
  }

  /// Number of values.
  int size() {
    return filled;
  }
}
