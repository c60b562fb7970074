package dev.lockstep.clock;

import org.jspecify.annotations.Nullable;

/// Watches the residuals of a followed stream for steps too small for a single stamp to tell.
///
/// Two-sided CUSUM of residuals in standard deviations of the stream's own jitter, clipped at 3,
/// with an allowance of 1 and an alarm at 10: on Gaussian residuals and on such with 3 % of
/// outliers no alarm in three million messages, and one at 3 standard deviations after six. An
/// alarm is not yet a step: once enough messages came, [ChangePoint] looks at the newest ones.
final class StepWatch {
  private static final double CLIP = 3;
  private static final double ALLOWANCE = 1;
  private static final double ALARM = 10;

  /// Messages behind the suspected place before it is judged, and at the end of a stream. A motor
  /// that loses its pace is back after 14 in the recordings of Argoverse 2; judged.
  private static final int SETTLED = 24;

  private static final int SETTLED_AT_END = 12;

  /// Empty slots across which no phase is compared; judged.
  static final long MAX_HOLE = 1024;

  private static final int KEPT = ChangePoint.MOST;

  private final long[] stampsNs = new long[KEPT];
  private final long[] slots = new long[KEPT];
  private final long[] messages = new long[KEPT];
  private final ChangePoint search = new ChangePoint();
  private long lastSlot;
  private int kept;
  private int next;
  private double up;
  private double down;
  private int upRun;
  private int downRun;

  /// What is suspected, in messages since, or 0.
  private int suspected;

  void clear() {
    kept = 0;
    next = 0;
    reset();
  }

  private void reset() {
    up = 0;
    down = 0;
    upRun = 0;
    downRun = 0;
    suspected = 0;
  }

  /// Takes an accepted message; true where it is time to [#judge].
  boolean add(long message, long stampNs, long slot, double sigmas) {
    if (slot - lastSlot > MAX_HOLE) {
      clear();
    }
    lastSlot = slot;
    stampsNs[next] = stampNs;
    slots[next] = slot;
    messages[next] = message;
    next = next == KEPT - 1 ? 0 : next + 1;
    kept = Math.min(KEPT, kept + 1);
    // Not Math.clamp and Math.max: those are calls until the last compiler has dealt with them.
    double z = sigmas > CLIP ? CLIP : sigmas < -CLIP ? -CLIP : sigmas;
    double higher = up + z - ALLOWANCE;
    double lower = down - z - ALLOWANCE;
    up = higher < 0 ? 0 : higher;
    down = lower < 0 ? 0 : lower;
    upRun = up > 0 ? upRun + 1 : 0;
    downRun = down > 0 ? downRun + 1 : 0;
    if (suspected > 0) {
      return ++suspected >= SETTLED;
    }
    if (up > ALARM || down > ALARM) {
      suspected = up > ALARM ? upRun : downRun;
      return suspected >= SETTLED;
    }
    return false;
  }

  /// Takes it that the phase may have stepped with the newest messages: it is now followed so fast
  /// that no alarm would come.
  void suspect() {
    if (suspected == 0) {
      suspected = 1 + Math.max(upRun, downRun);
    }
  }

  /// Whether an alarm is left to be judged at the end of the stream.
  boolean isOpen() {
    return suspected >= SETTLED_AT_END;
  }

  /// The step behind an alarm, its index counted from the newest message (1), or null where there
  /// is none after all.
  ChangePoint.@Nullable Step judge(double periodNs, double leastNs) {
    reset();
    search.clear();
    int oldest = row(kept);
    for (int back = kept; back >= 1; back--) {
      int row = row(back);
      long slot = slots[row] - slots[oldest];
      search.add(slot, (double) (stampsNs[row] - stampsNs[oldest]) - slot * periodNs);
    }
    ChangePoint.Step found = search.find(leastNs);
    return found == null ? null : new ChangePoint.Step(kept - found.index(), found.stepNs());
  }

  private int row(int back) {
    return Math.floorMod(next - back, KEPT);
  }

  /// Forgets all but the newest `n` messages, which are those of a new phase.
  void keep(int n) {
    kept = n;
    reset();
  }

  /// Forgets all but the newest `n` messages, if there are more.
  void keepNewest(int n) {
    keep(Math.min(kept, n));
  }

  long message(int back) {
    return messages[row(back)];
  }

  long stampNs(int back) {
    return stampsNs[row(back)];
  }

  long slot(int back) {
    return slots[row(back)];
  }

  /// Mean distance of the newest `n` stamps from their slots, on the lattice on which the newest
  /// one lies.
  double meanOffsetNs(int n, double periodNs) {
    int newest = row(1);
    double sum = 0;
    for (int back = 1; back <= n; back++) {
      int row = row(back);
      sum += (double) (stampsNs[row] - stampsNs[newest]) - (slots[row] - slots[newest]) * periodNs;
    }
    return sum / n;
  }
}
