package dev.lockstep.check.time;

import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Times;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Follows the counters that senders put on their messages (MCAP `sequence`), once for all rules.
///
/// A counter is believed once [#LEARN] messages have been seen and nine in ten steps were by one;
/// many writers leave it at 0, and some count over all streams. A message stored twice (same stamp,
/// same counter) is left out. Constant memory; results do not depend on batch borders.
final class CounterWatch {
  /// Messages from which a counter is learned; judged.
  static final int LEARN = 16;

  /// Share of steps by one that makes a counter; judged.
  static final double SHARE = 0.9;

  /// Messages for which a break is remembered for rules that learn of the same hole a little later.
  private static final int REMEMBERED = 256;

  enum Kind {
    /// Counters are left out.
    SKIPPED,
    /// Counters go back, and on from there.
    WENT_BACK,
    /// A message has the counter of the one before.
    REPEATED,
    /// Two neighbours have each other's counter.
    SWAPPED,
    /// One message (or some that repeat one counter) has a wrong one; the next go on in time.
    STRAYED
  }

  /// A break in a counter.
  ///
  /// @param kind what happened
  /// @param first index of the first message concerned
  /// @param last index of the last message concerned
  /// @param before counter of the message before it
  /// @param after its counter
  /// @param beforeNs stamp of the message before it, or [Times#NONE]
  /// @param afterNs its stamp, or [Times#NONE]
  record Break(
      Kind kind, long first, long last, long before, long after, long beforeNs, long afterNs) {
    /// Messages that the counter says are missing.
    long missing() {
      return kind == Kind.SKIPPED ? ((after - before) & 0xFFFF_FFFFL) - 1 : 0;
    }
  }

  private final List<Break> fresh = new ArrayList<>();
  private final List<Break> learning = new ArrayList<>();
  private final ArrayDeque<Break> recent = new ArrayDeque<>();
  private long nextIndex;
  private long seen;
  private long steps;
  private long byOne;
  private int last;
  private long lastStampNs = Times.NONE;
  private long thisStampNs = Times.NONE;

  /// Whether the last message broke the count; the next one tells how.
  private boolean open;

  private long openFirst;
  private long openLast;
  private int openBefore;
  private int openValue;
  private long openBeforeNs;
  private long openNs;

  private CounterWatch() {}

  /// The watch over a stream, shared by its rules.
  static CounterWatch of(SharedAnalyses shared) {
    return shared.get(CounterWatch.class, CounterWatch::new);
  }

  void accept(MessageBatch batch) {
    if (batch.firstIndex() + batch.size() <= nextIndex) {
      return;
    }
    fresh.clear();
    nextIndex = batch.firstIndex() + batch.size();
    while (!recent.isEmpty() && recent.getFirst().last() + REMEMBERED < batch.firstIndex()) {
      recent.removeFirst();
    }
    int[] sequences = batch.sequences();
    long[] stamps = batch.stampsNs();
    for (int r = 0; r < batch.size(); r++) {
      int sequence = sequences[r];
      long stampNs = stamps[r];
      // Unsigned 32 bits: one above the largest is 0 again.
      if (sequence == last + 1 && seen >= LEARN && !open) {
        steps++;
        byOne++;
        last = sequence;
      } else if (seen == 0 || sequence != last || stampNs != lastStampNs) {
        thisStampNs = stampNs;
        take(sequence, batch.firstIndex() + r);
      }
      lastStampNs = stampNs;
    }
  }

  void end() {
    if (nextIndex == Long.MAX_VALUE) {
      return;
    }
    nextIndex = Long.MAX_VALUE;
    fresh.clear();
    if (open) {
      close();
    }
    if (seen < LEARN && counts()) {
      learning.forEach(this::tell);
    }
  }

  private void take(int sequence, long message) {
    if (open && sequence == openValue) {
      openLast = message;
      return;
    }
    boolean next = sequence == last + 1;
    if (seen > 0) {
      steps++;
      byOne += next ? 1 : 0;
    }
    if (open) {
      decide(sequence, message);
    } else if (seen > 0 && !next) {
      begin(sequence, message);
    } else {
      last = sequence;
    }
    seen++;
    if (seen == LEARN) {
      if (counts()) {
        learning.forEach(this::tell);
      }
      learning.clear();
    }
  }

  private void begin(int sequence, long message) {
    open = true;
    openFirst = message;
    openLast = message;
    openBefore = last;
    openValue = sequence;
    openBeforeNs = lastStampNs;
    openNs = thisStampNs;
    last = sequence;
  }

  /// The first message behind a break.
  private void decide(int sequence, long message) {
    open = false;
    last = sequence;
    if (sequence == openBefore + (int) (message - openFirst) + 1) {
      found(Kind.STRAYED, openLast);
    } else if (sequence == openBefore + 1 && openValue == openBefore + 2 && openFirst == openLast) {
      found(Kind.SWAPPED, message);
      // Both counters of the pair are used; the one behind them is due.
      last = openValue;
    } else {
      close();
      if (sequence != openValue + 1) {
        int value = openValue;
        begin(sequence, message);
        openBefore = value;
      }
    }
  }

  /// Ends a break from which the counter went on.
  private void close() {
    int ahead = openValue - openBefore;
    found(ahead == 0 ? Kind.REPEATED : ahead > 0 ? Kind.SKIPPED : Kind.WENT_BACK, openLast);
  }

  private void found(Kind kind, long lastMessage) {
    Break found =
        new Break(
            kind,
            openFirst,
            lastMessage,
            Integer.toUnsignedLong(openBefore),
            Integer.toUnsignedLong(openValue),
            openBeforeNs,
            openNs);
    if (seen < LEARN) {
      learning.add(found);
    } else if (counts()) {
      tell(found);
    }
  }

  private void tell(Break found) {
    fresh.add(found);
    recent.addLast(found);
  }

  /// Whether the stream's messages are counted at all.
  boolean counts() {
    return steps >= 2 && byOne >= SHARE * steps;
  }

  /// Steps between counters that were looked at.
  long steps() {
    return steps;
  }

  /// Breaks that became known with the last batch or at the end.
  List<Break> fresh() {
    return fresh;
  }

  /// Messages that the counter says are missing behind message `message`, or -1 if it says nothing.
  long gapAfter(long message) {
    for (Break found : recent) {
      if (found.kind() == Kind.SKIPPED && found.first() == message + 1) {
        return found.missing();
      }
    }
    return -1;
  }
}
