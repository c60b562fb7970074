package dev.lockstep.check.label;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.Times;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How the instants of labels lie to the sweeps of one stream.
final class SweepMatch {
  /// The coarsest unit in which label formats write stamps.
  static final long TOLERANCE_NS = Times.MILLISECOND;

  private final LabelCheck.Context.Sweeps sweeps;
  private final long[] behindNs;
  private final long[] aheadNs;
  private final int matched;

  private SweepMatch(
      LabelCheck.Context.Sweeps sweeps, long[] behindNs, long[] aheadNs, int matched) {
    this.sweeps = sweeps;
    this.behindNs = behindNs;
    this.aheadNs = aheadNs;
    this.matched = matched;
  }

  /// The match with those sweeps that fit best, or null where there are none.
  static @Nullable SweepMatch best(LabelFrames frames, LabelCheck.Context context) {
    SweepMatch best = null;
    for (LabelCheck.Context.Sweeps sweeps : context.sweeps()) {
      if (sweeps.stampsNs().length > 0) {
        SweepMatch match = of(frames, sweeps);
        if (best == null || match.matched() > best.matched()) {
          best = match;
        }
      }
    }
    return best;
  }

  private static SweepMatch of(LabelFrames frames, LabelCheck.Context.Sweeps sweeps) {
    long[] sorted = sweeps.stampsNs().clone();
    Arrays.sort(sorted);
    long[] behind = new long[frames.count()];
    long[] ahead = new long[frames.count()];
    int matched = 0;
    for (int f = 0; f < behind.length; f++) {
      long stamp = frames.stampNs(f);
      int at = Arrays.binarySearch(sorted, stamp);
      if (at < 0) {
        int next = -at - 1;
        ahead[f] =
            next < sorted.length ? Times.difference(stamp, sorted[next]) : Long.MIN_VALUE + 1;
        behind[f] = next > 0 ? Times.difference(stamp, sorted[next - 1]) : Long.MAX_VALUE;
      }
      matched += Math.min(behind[f], -ahead[f]) <= TOLERANCE_NS ? 1 : 0;
    }
    return new SweepMatch(sweeps, behind, ahead, matched);
  }

  LabelCheck.Context.Sweeps sweeps() {
    return sweeps;
  }

  int matched() {
    return matched;
  }

  boolean isMatched(int frame) {
    return Math.min(behindNs[frame], -aheadNs[frame]) <= TOLERANCE_NS;
  }

  /// Stamp of an instant minus that of the nearest sweep, ns.
  long differenceNs(int frame) {
    return behindNs[frame] < -aheadNs[frame] ? behindNs[frame] : aheadNs[frame];
  }

  /// Stamp of an instant minus that of the last sweep in front of it, ns.
  long behindNs(int frame) {
    return behindNs[frame];
  }

  /// Stamp of an instant minus that of the first sweep behind it, ns; not above 0.
  long aheadNs(int frame) {
    return aheadNs[frame];
  }
}
