package dev.lockstep.check.time;

import java.util.Arrays;

/// The usual step between a stream's times: the median of the last 15 rising ones, set anew every
/// 64 steps, and oftener at first.
final class UsualStep {
  private static final int STEPS = 15;

  private final long[] steps = new long[STEPS];
  private final long[] sorted = new long[STEPS];
  private int count;
  private int next;
  private long medianNs;
  private long quickNs;

  void add(long stepNs) {
    steps[next] = stepNs;
    next = next == STEPS - 1 ? 0 : next + 1;
    count++;
    if ((count & 63) == 0 || count < 64 && ((count & 15) == 0 || Integer.bitCount(count) == 1)) {
      int n = Math.min(count, STEPS);
      System.arraycopy(steps, 0, sorted, 0, n);
      Arrays.sort(sorted, 0, n);
      medianNs = sorted[n / 2];
      quickNs = medianNs + medianNs / 2;
    }
  }

  /// The median, ns; 0 where no step is known.
  long ns() {
    return medianNs;
  }

  /// A step up to which nobody need look twice, ns.
  long quickNs() {
    return quickNs;
  }

  void clear() {
    count = 0;
    next = 0;
    medianNs = 0;
    quickNs = 0;
  }
}
