package dev.lockstep.check.time;

import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// Watches how long messages are under way for a log time that jumps ahead and stays there, as part
/// of [TimesDisagree].
///
/// Log time leaps while stamps go on. A queue that was held up does so as well, but it catches up,
/// message by message; a clock that was set stays where it is. Jumps back are seen by [StampWatch],
/// since log times do not rise then.
final class LogTimeMoves {
  /// The log time moved ahead.
  ///
  /// @param first message behind the jump
  /// @param stampNs its stamp
  /// @param beforeNs log time of the message in front
  /// @param logNs its log time
  /// @param offNs by how much it moved
  record Move(long first, long stampNs, long beforeNs, long logNs, long offNs) {}

  /// Least jump that is told. Judged: longer than a write to a disk that sleeps.
  static final long LEAST_NS = 500 * Times.MILLISECOND;

  /// Messages behind the jump, and part of its size in stamps, over which it must stay; judged.
  private static final int STAYS = 20;

  private static final int PART = 4;

  /// Part of the jump by which messages may catch up and it still stays.
  private static final int CAUGHT_UP = 10;

  /// Times up to this have differences that fit.
  private static final long FITS_NS = Long.MAX_VALUE / 4;

  private long lastStampNs = Times.NONE;
  private long lastLogNs;
  private long levelNs = Long.MAX_VALUE;
  private @Nullable Move open;
  private int stayed;
  private int away;
  private long leastNs;

  /// Takes a message; returns the move that is now certain, or null.
  @Nullable Move accept(long message, long stampNs, long logNs) {
    if (stampNs == Times.NONE || logNs == Times.NONE || stampNs <= 0) {
      return null;
    }
    long lagNs = Times.difference(logNs, stampNs);
    Move move = open;
    if (move != null) {
      return follow(move, stampNs, logNs, lagNs);
    }
    if (lastStampNs != Times.NONE) {
      long stampStep = Times.difference(stampNs, lastStampNs);
      long jump = Times.difference(logNs, lastLogNs) - stampStep;
      if (jump >= LEAST_NS
          && stampStep > 0
          && stampStep < jump / 2
          && lagNs - levelNs >= LEAST_NS) {
        open = new Move(message, stampNs, lastLogNs, logNs, lagNs - levelNs);
        stayed = 1;
        leastNs = lagNs;
      }
    }
    if (open == null) {
      follow(lagNs);
    }
    lastStampNs = stampNs;
    lastLogNs = logNs;
    return null;
  }

  /// Takes the messages in front that are under way about as long as usual, and returns how many
  /// they are.
  int steady(long[] stampsNs, long[] logNs, int size) {
    if (open != null || away > 0 || levelNs == Long.MAX_VALUE) {
      return 0;
    }
    long least = levelNs;
    long most = least + LEAST_NS / PART;
    int r = 0;
    while (r < size) {
      long lagNs = logNs[r] - stampsNs[r];
      if (lagNs < least
          || lagNs >= most
          || stampsNs[r] <= 0
          || stampsNs[r] > FITS_NS
          || logNs[r] < 0
          || logNs[r] > FITS_NS) {
        break;
      }
      r++;
    }
    if (r > 0) {
      lastStampNs = stampsNs[r - 1];
      lastLogNs = logNs[r - 1];
    }
    return r;
  }

  /// Follows the least time under way; few messages that are far off say nothing of it.
  private void follow(long lagNs) {
    boolean off = levelNs == Long.MAX_VALUE || Math.abs(lagNs - levelNs) >= LEAST_NS / PART;
    away = off && levelNs != Long.MAX_VALUE ? away + 1 : 0;
    if (!off) {
      levelNs = Math.min(levelNs, lagNs);
    } else if (away == 0 || away >= STAYS) {
      levelNs = lagNs;
      away = 0;
    }
  }

  private @Nullable Move follow(Move move, long stampNs, long logNs, long lagNs) {
    lastStampNs = stampNs;
    lastLogNs = logNs;
    leastNs = Math.min(leastNs, lagNs);
    stayed++;
    if (leastNs - levelNs < move.offNs - move.offNs / CAUGHT_UP) {
      // It catches up, or the stamps moved as well.
      open = null;
      levelNs = lagNs;
      return null;
    }
    if (stayed < STAYS || Times.difference(stampNs, move.stampNs) < move.offNs / PART) {
      return null;
    }
    open = null;
    long offNs = leastNs - levelNs;
    Move told = new Move(move.first, move.stampNs, move.beforeNs, move.logNs, offNs);
    levelNs = leastNs;
    return told;
  }
}
