package dev.lockstep.engine;

import dev.lockstep.check.StreamSummary.LogStep;
import dev.lockstep.model.Times;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds where log times jump against stamps from one message to the next and stay there.
///
/// Queues do not look like that: what waited in one is recorded at once, with less and less delay.
/// The usual difference is the median of the first [#LEARN] ones and then follows slowly, so that a
/// clock that drifts is none that jumps. Constant memory.
final class LatencyWatch {
  /// Messages from which the usual difference is learned; judged.
  private static final int LEARN = 8;

  /// Messages that must agree behind a jump; judged.
  private static final int CONFIRM = 10;

  /// For how long they must, and for half of the jump if that is less: a queue that empties gets
  /// shorter by more than that in this time. Judged.
  private static final long LASTS_NS = 1_500 * Times.MILLISECOND;

  /// Smallest jump that is looked for. Judged: longer than recorders wait for a disk.
  private static final long LEAST_NS = 500 * Times.MILLISECOND;

  /// Clocks further apart count from different beginnings, and one may stand still.
  private static final long YEAR_NS = 365L * 86_400 * Times.SECOND;

  /// The difference follows by this part of what it is off; judged.
  private static final int FOLLOW = 16;

  /// A jump is as many times larger than what the difference varied by before; judged.
  private static final int CLEAR = 4;

  private final long[] learned = new long[LEARN];
  private int count;
  private long usualNs;
  private long variedNs;

  private long candidateNs;
  private long candidateMessage;
  private long candidateStampNs;
  private int agreeing;

  private @Nullable LogStep step;

  /// Takes the next messages, of which the first has index `first`.
  void take(long first, long[] stampsNs, long[] logTimesNs, int size) {
    if (step != null) {
      return;
    }
    for (int r = 0; r < size; r++) {
      long stamp = stampsNs[r];
      long log = logTimesNs[r];
      if (stamp == Times.NONE || log == Times.NONE || stamp == 0 || log == 0) {
        continue;
      }
      long difference = Times.difference(log, stamp);
      if (count < LEARN) {
        learn(difference);
        continue;
      }
      long off = difference - usualNs;
      long apart = Math.abs(off);
      if (apart <= Math.max(LEAST_NS, CLEAR * variedNs)) {
        usualNs += off / FOLLOW;
        variedNs = Math.max(variedNs, apart);
        agreeing = 0;
      } else if (agreeing > 0
          && Math.abs(difference - candidateNs)
              <= Math.max(variedNs, Math.min(LEAST_NS, apart / CLEAR / 2))) {
        if (++agreeing >= CONFIRM
            && Times.difference(stamp, candidateStampNs) >= Math.min(LASTS_NS, apart / 2)) {
          step = new LogStep(candidateMessage, candidateStampNs, candidateNs - usualNs);
          return;
        }
      } else {
        candidateNs = difference;
        candidateMessage = first + r;
        candidateStampNs = stamp;
        agreeing = Math.abs(usualNs) < YEAR_NS ? 1 : 0;
      }
    }
  }

  private void learn(long differenceNs) {
    learned[count++] = differenceNs;
    if (count == LEARN) {
      long[] sorted = learned.clone();
      Arrays.sort(sorted);
      usualNs = sorted[LEARN / 2];
      // One of the first may have waited for the recorder to begin.
      variedNs = Math.min(sorted[LEARN - 2] - usualNs, Times.SECOND);
    }
  }

  /// Nothing connects the next message with those before.
  void breakOff() {
    count = 0;
    agreeing = 0;
    variedNs = 0;
  }

  /// The first jump, or null.
  @Nullable LogStep step() {
    return step;
  }
}
