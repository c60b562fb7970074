package dev.lockstep.source.kitti;

import dev.lockstep.model.Numbers;
import dev.lockstep.model.Times;
import dev.lockstep.source.RecordingSink;
import java.util.Arrays;

/// Measures whether each sweep begins where the one before it ended, as a spinning LiDAR's do.
final class SweepContinuity {
  private SweepContinuity() {}

  /// Notes the median and the largest time between the end of a sweep and the start of the next,
  /// over the first `count` sweeps.
  static void note(String stream, StampList starts, StampList ends, int count, RecordingSink sink) {
    long[] gaps = new long[Math.max(0, count - 1)];
    int n = 0;
    long largest = 0;
    int at = 0;
    for (int i = 0; i + 1 < count; i++) {
      long end = ends.stampNs(i);
      long start = starts.stampNs(i + 1L);
      if (end == Times.NONE || start == Times.NONE) {
        continue;
      }
      long gap = Times.difference(start, end);
      gaps[n++] = gap;
      if (Math.abs(gap) > Math.abs(largest)) {
        largest = gap;
        at = i;
      }
    }
    if (n == 0) {
      return;
    }
    Arrays.sort(gaps, 0, n);
    sink.note(
        stream
            + ": from the end of a sweep to the start of the next: median "
            + Numbers.duration(gaps[n / 2])
            + ", largest "
            + Numbers.duration(largest)
            + (largest == 0 ? "" : " after sweep " + at));
  }
}
