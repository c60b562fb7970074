package dev.lockstep.check.label;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Times;
import java.util.Arrays;

/// The instants of a label set: its distinct stamps, each with its rows.
final class LabelFrames {
  private final int count;
  private final long[] stampsNs;
  private final int[] starts;
  private final int[] frameOf;
  private final double periodSeconds;
  private final double[] seconds;

  private LabelFrames(
      int count, long[] stampsNs, int[] starts, int[] frameOf, double periodSeconds) {
    this.count = count;
    this.stampsNs = stampsNs;
    this.starts = starts;
    this.frameOf = frameOf;
    this.periodSeconds = periodSeconds;
    this.seconds = new double[count];
    for (int f = 0; f < count; f++) {
      seconds[f] = Times.difference(stampsNs[f], stampsNs[0]) / 1e9;
    }
  }

  /// The instants of sealed `labels`. Rows without a stamp belong to none.
  static LabelFrames of(LabelSet labels) {
    int n = labels.size();
    long[] rowStamps = labels.stampsNs();
    int[] frameOf = new int[n];
    long[] stamps = new long[16];
    int[] starts = new int[17];
    int frames = 0;
    long last = Times.NONE;
    for (int r = 0; r < n; r++) {
      long stamp = rowStamps[r];
      if (stamp == Times.NONE) {
        frameOf[r] = -1;
        continue;
      }
      if (frames == 0 || stamp != last) {
        if (frames == stamps.length) {
          stamps = Arrays.copyOf(stamps, frames * 2);
          starts = Arrays.copyOf(starts, frames * 2 + 1);
        }
        stamps[frames] = stamp;
        starts[frames++] = r;
        last = stamp;
      }
      frameOf[r] = frames - 1;
    }
    starts[frames] = n;
    return new LabelFrames(frames, stamps, starts, frameOf, period(stamps, frames));
  }

  private static double period(long[] stamps, int frames) {
    if (frames < 2) {
      return Double.NaN;
    }
    long[] steps = new long[frames - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = Times.difference(stamps[i + 1], stamps[i]);
    }
    Arrays.sort(steps);
    return steps[steps.length / 2] / 1e9;
  }

  /// Number of instants.
  int count() {
    return count;
  }

  /// Stamp of an instant, ns.
  long stampNs(int frame) {
    return stampsNs[frame];
  }

  /// First row of an instant; `start(frame + 1)` is one past its last.
  int start(int frame) {
    return starts[frame];
  }

  /// Instant of a row, or -1.
  int frameOf(int row) {
    return frameOf[row];
  }

  /// Median step between instants, seconds; NaN with fewer than two.
  double periodSeconds() {
    return periodSeconds;
  }

  /// Time of an instant since the first, seconds. Differences of stamps are exact to 1 us over a
  /// century.
  double seconds(int frame) {
    return seconds[frame];
  }
}
