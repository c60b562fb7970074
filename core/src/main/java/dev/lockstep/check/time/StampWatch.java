package dev.lockstep.check.time;

import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.time.HeldMessages.Held;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Classifies what happens to the order of a stream's times, once for all rules about it, so that
/// one fault is one [Step], and hands on the times without those faults.
///
/// A time is *plausible* after the last good one if it lies ahead of it by what the messages
/// between usually take; or further, where the other clock (log time for stamps) shows that time
/// did pass: the difference of the clocks must not fall below its least value so far by half of
/// what is to be explained. Without another clock, anything up to a second or [#FAR_STEPS] usual
/// steps is plausible. Other times are held until one of the next messages is plausible after the
/// last good time (the held ones were out of order, or strayed), or none of [#HELD] was (the clock
/// has moved). The usual step is the median of the last 15 rising ones.
///
/// Messages whose times moved are read on the old clock from then on, so that a second fault is
/// told from the end of the first. Constant memory; results do not depend on batch borders.
final class StampWatch {
  /// Judged: longer than any jitter or queueing, shorter than any clock fault with a name.
  static final long FAR_NS = Times.SECOND;

  /// Judged: a stream that lost this many messages in a row has paused.
  static final int FAR_STEPS = 20;

  /// Longest run of strays. Judged: a driver that falls back to another clock for longer has
  /// changed its clock.
  static final int HELD = 8;

  static final long DAY_NS = 86_400 * Times.SECOND;

  /// How near to its first reading a clock must come to have returned; judged.
  private static final long RETURN_NS = 100 * Times.MILLISECOND;

  /// Messages for which moves and disorders are remembered for what is decided a little later.
  private static final int REMEMBERED = 256;

  private final boolean ofLogTimes;
  private final boolean paired;

  private final List<Step> fresh = new ArrayList<>();
  private long nextIndex;

  private final CleanTimes clean = new CleanTimes();
  private final ClockReading reading = new ClockReading();
  private final LastGood good;
  private long current;

  private boolean any;
  private long firstRawNs;
  private long firstMessage;
  private long firstOtherNs = Times.NONE;

  private long repeatLast = -1;
  private boolean repeatSame;

  private final HeldMessages held;
  private long stuckFirst = -1;
  private long stuckLast;
  private long stuckRawNs;

  private final ArrayDeque<Step> disorders = new ArrayDeque<>();

  private long compared;

  private StampWatch(boolean ofLogTimes, boolean paired) {
    this.ofLogTimes = ofLogTimes;
    this.paired = paired;
    this.good = new LastGood(ofLogTimes);
    this.held = new HeldMessages(reading, good);
  }

  /// The watch over the stamps of a stream, shared by its rules.
  static StampWatch of(StreamInfo stream, SharedAnalyses shared) {
    boolean header = stream.stampSource() == StampSource.HEADER;
    return shared.get(StampWatch.class, () -> new StampWatch(false, header));
  }

  /// A watch over the log times of a stream that has header stamps.
  static StampWatch ofLogTimes() {
    return new StampWatch(true, true);
  }

  /// Takes a batch, unless it was taken before.
  void accept(MessageBatch batch) {
    if (batch.firstIndex() + batch.size() <= nextIndex) {
      return;
    }
    clearOutput();
    nextIndex = batch.firstIndex() + batch.size();
    reading.forget(batch.firstIndex() - REMEMBERED);
    while (!disorders.isEmpty()
        && disorders.getFirst().lastMessage() < batch.firstIndex() - REMEMBERED) {
      disorders.removeFirst();
    }
    int size = batch.size();
    clean.reserve(size + HELD);
    long[] times = ofLogTimes ? batch.logTimesNs() : batch.stampsNs();
    long[] others = ofLogTimes ? batch.stampsNs() : batch.logTimesNs();
    int r = 0;
    if (ofLogTimes && !any && held.isEmpty() && stuckFirst < 0) {
      // Nothing was logged.
      while (r < size && times[r] == Times.NONE) {
        r++;
      }
    }
    while (r < size) {
      if (isSettled()) {
        r = passQuickly(batch, times, others, r);
      }
      if (r < size) {
        current = batch.firstIndex() + r;
        if (any && times[r] != Times.NONE) {
          compared++;
        }
        take(
            current,
            times[r],
            paired ? others[r] : Times.NONE,
            content(batch, r),
            batch.sequences()[r]);
        r++;
      }
    }
  }

  /// The usual case: follows messages from row `from` on as long as they are in order and near;
  /// returns the first row that is not.
  private int passQuickly(MessageBatch batch, long[] times, long[] others, int from) {
    int size = batch.size();
    long offsetNs = reading.offsetNs();
    long apartNs = reading.handOn(0);
    long timeNs = good.ns;
    long beforeNs = good.previousNs;
    long leastNs = good.leastLagNs;
    int r = from;
    while (r < size) {
      long nextNs = times[r] - offsetNs;
      long step = nextNs - timeNs;
      if (step <= 0 || step > quickNs() || times[r] <= 0) {
        break;
      }
      beforeNs = timeNs;
      timeNs = nextNs;
      good.usual.add(step);
      if (!ofLogTimes) {
        clean.add(timeNs + apartNs);
        if (paired) {
          leastNs = LastGood.leastLag(leastNs, others[r], timeNs);
        }
      }
      r++;
    }
    if (r > from) {
      int last = r - 1;
      good.previousNs = beforeNs;
      good.ns = timeNs;
      good.rawNs = times[last];
      good.message = batch.firstIndex() + last;
      good.otherNs = paired ? others[last] : Times.NONE;
      good.content = content(batch, last);
      good.sequence = batch.sequences()[last];
      good.leastLagNs = leastNs;
      good.followed += r - from;
      compared += r - from;
    }
    return r;
  }

  private static long content(MessageBatch batch, int row) {
    return (long) batch.digests()[row] << 32 | batch.lengthsBytes()[row];
  }

  /// Whether equal content tells that a message is another's copy: an empty one, or a number, is
  /// like many others. Judged: the 4 bytes in front of every ROS 2 message, and 4 more.
  private static boolean isTelling(long content) {
    return (int) content > 8;
  }

  /// A step up to which nobody need look twice, ns.
  private long quickNs() {
    return ofLogTimes ? TimesDisagree.BEHIND_NS : good.usual.quickNs();
  }

  /// Ends the stream, unless that was done before.
  void end() {
    if (nextIndex == Long.MAX_VALUE) {
      return;
    }
    nextIndex = Long.MAX_VALUE;
    current = Long.MAX_VALUE;
    clearOutput();
    endStuck();
    if (!held.isEmpty()) {
      Held first = held.first();
      boolean far = held.isFar(first) && !held.mayPause(first);
      if (held.size() > 1 && far && !held.allEqual()) {
        move();
      } else {
        putBack(far, null);
      }
    }
    closeRepeat(true);
  }

  private void clearOutput() {
    fresh.clear();
    clean.clear();
  }

  /// What became decidable with the last batch or at the end.
  List<Step> fresh() {
    return fresh;
  }

  /// Times that were compared with one before them.
  long compared() {
    return compared;
  }

  /// The usual step, ns; 0 where none is known.
  long usualStepNs() {
    return good.usual.ns();
  }

  /// The first time, as stored; 0 where there is none.
  long firstStoredNs() {
    return firstRawNs;
  }

  /// The other clock's time of that message, or [Times#NONE].
  long firstOtherNs() {
    return firstOtherNs;
  }

  /// Mean step of the other clock, ns; 0 where there is none.
  double meanOtherStepNs() {
    return firstOtherNs == Times.NONE || good.otherNs == Times.NONE || good.message == firstMessage
        ? 0
        : (double) Times.difference(good.otherNs, firstOtherNs) / (good.message - firstMessage);
  }

  /// The times without the faults found.
  CleanTimes clean() {
    return clean;
  }

  /// The time, as stored, of a message whose time was handed on in [#clean].
  long storedNs(long message, long cleanNs) {
    return reading.storedNs(message, cleanNs);
  }

  /// How finely the time of a message was stored: coarsely behind a change to a larger unit.
  long storedStepNs(long message) {
    return reading.storedStepNs(message);
  }

  /// Whether one of the messages was reported as out of order a short while ago.
  boolean isDisordered(long first, long last) {
    for (Step step : disorders) {
      if (step.firstMessage() <= last && step.lastMessage() >= first) {
        return true;
      }
    }
    return false;
  }

  private boolean isSettled() {
    return any && repeatLast < 0 && reading.isPlain() && held.isEmpty() && stuckFirst < 0;
  }

  private void take(long message, long rawNs, long otherNs, long content, int sequence) {
    if (stuckFirst >= 0) {
      if (rawNs == stuckRawNs) {
        stuckLast = message;
        clean.addRepeat();
        return;
      }
      endStuck();
    }
    long timeNs = reading.read(rawNs);
    if (!held.isEmpty()) {
      if (timeNs != Times.NONE && held.isReturn(timeNs, message, otherNs)) {
        putBack(held.anyFar(), new Held(message, rawNs, otherNs, 0, 0));
        take(message, rawNs, otherNs, content, sequence);
      } else {
        hold(new Held(message, rawNs, otherNs, content, sequence));
      }
    } else if (timeNs == Times.NONE) {
      clean.addRepeat();
    } else if (!any) {
      any = true;
      firstRawNs = rawNs;
      firstMessage = message;
      firstOtherNs = otherNs;
      follow(message, timeNs, rawNs, otherNs, content, sequence);
    } else if (timeNs == good.ns) {
      repeatSame =
          (repeatLast < 0 || repeatSame)
              && content == good.content
              && sequence == good.sequence
              && isTelling(content);
      repeatLast = message;
      clean.addRepeat();
    } else if (good.isPlausible(timeNs, message, otherNs)) {
      closeRepeat(false);
      if (timeNs > good.ns) {
        good.usual.add(timeNs - good.ns);
      }
      follow(message, timeNs, rawNs, otherNs, content, sequence);
    } else if (good.isPeak(timeNs)) {
      disorder(good.message, message, good.rawNs, rawNs);
      follow(message, timeNs, rawNs, otherNs, content, sequence);
    } else {
      hold(new Held(message, rawNs, otherNs, content, sequence));
    }
  }

  private void follow(
      long message, long timeNs, long rawNs, long otherNs, long content, int sequence) {
    good.follow(message, timeNs, rawNs, otherNs, content, sequence);
    clean.add(reading.handOn(timeNs));
  }

  private void hold(Held message) {
    held.add(message);
    if (held.size() < HELD) {
      return;
    }
    if (held.allEqual()) {
      // A clock that stands still has not moved; the run may be of any length.
      stuckFirst = held.first().message();
      stuckLast = message.message();
      stuckRawNs = message.rawNs();
      int row = clean.size();
      held.all().forEach(h -> clean.addRepeat());
      clean.markLate(row, current);
      held.clear();
    } else {
      move();
    }
  }

  private void endStuck() {
    if (stuckFirst >= 0) {
      long offNs =
          Times.difference(reading.read(stuckRawNs), good.ns + good.expectedNs(stuckFirst));
      report(Step.Kind.STRAYED, stuckFirst, stuckLast, good.rawNs, stuckRawNs, offNs);
      stuckFirst = -1;
    }
  }

  /// The held messages were out of order, and `next` (null at the end) goes on from those before.
  private void putBack(boolean far, @Nullable Held next) {
    Held first = held.first();
    Held last = held.last();
    int row = clean.size();
    if (far) {
      closeRepeat(false);
      report(
          Step.Kind.STRAYED,
          first.message(),
          last.message(),
          good.rawNs,
          first.rawNs(),
          held.offNs(first));
      held.all().forEach(h -> clean.addRepeat());
    } else {
      // Only their order is wrong, if anything: a late stamp is for others to tell.
      if (reading.read(first.rawNs()) < good.ns) {
        closeRepeat(false);
        disorder(good.message, last.message(), good.rawNs, first.rawNs());
      } else if (next != null && last.rawNs() != Times.NONE && held.isAbove(last, next)) {
        closeRepeat(false);
        disorder(last.message(), next.message(), last.rawNs(), next.rawNs());
      }
      held.all().forEach(this::handOn);
    }
    clean.markLate(row, current);
    held.clear();
  }

  private void handOn(Held message) {
    if (message.rawNs() == Times.NONE) {
      clean.addRepeat();
    } else {
      clean.add(reading.handOn(reading.read(message.rawNs())));
    }
  }

  /// None of the held messages goes on from those before them.
  private void move() {
    List<Held> moved = List.copyOf(held.all());
    held.clear();
    Held first = moved.getFirst();
    if (good.followed <= moved.size() / 2 && held.isFar(first) && !held.mayPause(first)) {
      startOver(moved);
    } else {
      closeRepeat(false);
      changeReading(first);
    }
    int row = clean.size();
    boolean started = false;
    for (Held message : moved) {
      if (started || message.rawNs() == Times.NONE) {
        take(
            message.message(),
            message.rawNs(),
            message.otherNs(),
            message.content(),
            message.sequence());
      } else {
        started = true;
        if (!any) {
          any = true;
          firstRawNs = message.rawNs();
          firstMessage = message.message();
          firstOtherNs = message.otherNs();
        }
        good.leastLagNs = Times.NONE;
        follow(
            message.message(),
            reading.read(message.rawNs()),
            message.rawNs(),
            message.otherNs(),
            message.content(),
            message.sequence());
        good.previousNs = Times.NONE;
      }
    }
    clean.markLate(row, current);
  }

  /// The stream began with a few times that all the others are far from.
  private void startOver(List<Held> moved) {
    Held next = moved.getFirst();
    Held last = moved.getLast();
    long stepNs = Times.difference(last.rawNs(), next.rawNs()) / (last.message() - next.message());
    long dueNs = next.rawNs() - stepNs * (next.message() - firstMessage);
    report(
        Step.Kind.STRAYED,
        firstMessage,
        Math.max(good.message, repeatLast),
        next.rawNs(),
        firstRawNs,
        Times.difference(firstRawNs, dueNs));
    repeatLast = -1;
    any = false;
    good.followed = 0;
    good.usual.clear();
    clean.startOver();
  }

  /// Reads times from `first` on as what they would have been had the clock not moved.
  private void changeReading(Held first) {
    long timeNs = reading.read(first.rawNs());
    int slip = Moves.unitSlip(good.rawNs, first.rawNs());
    if (slip != 0) {
      reading.changeUnit(first.message(), slip);
      reportMove(reading.isPlain(), first, Times.difference(timeNs, good.ns));
      return;
    }
    if (held.mayPause(first)) {
      // Left to those who know when messages are due.
      return;
    }
    boolean untold = first.otherNs() == Times.NONE || good.otherNs == Times.NONE;
    long elapsed = untold ? 0 : Times.difference(first.otherNs(), good.otherNs);
    if (elapsed <= 0 || elapsed > DAY_NS) {
      elapsed = Math.max(1, good.expectedNs(first.message()));
    }
    long movedNs = Times.difference(timeNs, good.ns + elapsed);
    long offsetNs = reading.offsetNs();
    long total = offsetNs + movedNs;
    boolean returned =
        offsetNs != 0
            && Math.abs(total) <= Math.max(RETURN_NS, 2 * good.usual.ns())
            && Math.abs(total) <= Math.abs(offsetNs) / 4;
    reading.changeOffset(first.message(), returned ? 0 : total);
    reportMove(returned, first, movedNs);
  }

  private void reportMove(boolean returned, Held first, long movedNs) {
    report(
        returned ? Step.Kind.RETURNED : Step.Kind.MOVED,
        first.message(),
        first.message(),
        good.rawNs,
        first.rawNs(),
        movedNs);
  }

  private void closeRepeat(boolean atEnd) {
    if (repeatLast >= 0) {
      boolean whole = atEnd && good.followed == 1;
      fresh.add(
          new Step(
              Step.Kind.REPEATED,
              good.message,
              repeatLast,
              good.rawNs,
              good.rawNs,
              0,
              repeatSame,
              whole,
              current));
      repeatLast = -1;
    }
  }

  private void disorder(long first, long second, long beforeNs, long stampNs) {
    long offNs = Times.difference(stampNs, beforeNs);
    report(Step.Kind.DECREASED, first, second, beforeNs, stampNs, offNs);
    disorders.addLast(fresh.getLast());
  }

  private void report(
      Step.Kind kind, long first, long last, long beforeNs, long stampNs, long offNs) {
    fresh.add(new Step(kind, first, last, beforeNs, stampNs, offNs, false, false, current));
  }
}
