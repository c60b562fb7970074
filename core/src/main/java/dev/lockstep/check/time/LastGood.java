package dev.lockstep.check.time;

import dev.lockstep.model.Times;

/// The last time of a stream that was in order, and which times may come after it.
final class LastGood {
  /// Messages from which the least difference of the clocks is learned; judged: a burst of messages
  /// that were held up is over by then.
  private static final int LEARN = 32;

  private static final long YEAR_NS = 365 * StampWatch.DAY_NS;

  private final boolean ofLogTimes;
  final UsualStep usual = new UsualStep();

  /// Messages that were in order.
  long followed;

  /// The time before this one, or [Times#NONE].
  long previousNs = Times.NONE;

  /// As it is read, ns.
  long ns;

  /// As it is stored, ns.
  long rawNs;

  /// The other clock's time of the same message, or [Times#NONE].
  long otherNs = Times.NONE;

  long message;
  long content;
  int sequence;

  /// Least difference of the clocks so far, or [Times#NONE].
  long leastLagNs = Times.NONE;

  LastGood(boolean ofLogTimes) {
    this.ofLogTimes = ofLogTimes;
  }

  /// The next message was in order.
  void follow(
      long next, long timeNs, long timeRawNs, long nextOtherNs, long itsContent, int itsSequence) {
    previousNs = followed == 0 ? Times.NONE : ns;
    ns = timeNs;
    rawNs = timeRawNs;
    otherNs = nextOtherNs;
    message = next;
    content = itsContent;
    sequence = itsSequence;
    followed++;
    leastLagNs = leastLag(leastLagNs, nextOtherNs, timeNs);
  }

  /// How much later than this time message `next` should come, ns.
  long expectedNs(long next) {
    return (next - message) * usual.ns();
  }

  /// Whether message `next` may have this time, see [StampWatch].
  boolean isPlausible(long timeNs, long next, long nextOtherNs) {
    long step = Times.difference(timeNs, ns);
    if (ofLogTimes) {
      return isPlausibleLogTime(step, nextOtherNs);
    }
    if (step <= 0) {
      return false;
    }
    long excess = step - expectedNs(next);
    if (excess <= usual.ns()) {
      return true;
    }
    boolean lagKnown = followed >= LEARN || excess > StampWatch.FAR_NS;
    if (lagKnown && nextOtherNs != Times.NONE && leastLagNs != Times.NONE) {
      return Times.difference(nextOtherNs, timeNs) >= leastLagNs - excess / 2;
    }
    if (usual.ns() == 0) {
      // Nothing is known of the stream yet: slow is as likely as wrong.
      return step < YEAR_NS;
    }
    return excess <= StampWatch.FAR_NS || excess / StampWatch.FAR_STEPS <= usual.ns();
  }

  /// Log times may lag as long as a queue may be, and go wherever the stamps go.
  private boolean isPlausibleLogTime(long step, long stampNs) {
    if (step > 0 && step <= TimesDisagree.BEHIND_NS) {
      return true;
    }
    if (stampNs == Times.NONE || otherNs == Times.NONE) {
      return step > 0 && step < StampWatch.DAY_NS;
    }
    long other = Times.difference(stampNs, otherNs);
    return step > 0 ? other >= step / 2 : step < -StampWatch.FAR_NS && other <= step / 2;
  }

  /// Whether a time that lies before the last one lies where it should, so that the last one was
  /// ahead of its turn.
  boolean isPeak(long timeNs) {
    return previousNs != Times.NONE
        && usual.ns() > 0
        && timeNs > previousNs
        && timeNs < ns
        && ns - previousNs > usual.ns() + usual.ns() / 3;
  }

  /// The least difference of the clocks once a message with these times has been seen.
  static long leastLag(long leastNs, long otherNs, long timeNs) {
    if (otherNs == Times.NONE) {
      return leastNs;
    }
    long lag = otherNs - timeNs;
    // A lag that falls by a second at once tells of a wrong clock, not of a fast message.
    return leastNs == Times.NONE || lag < leastNs && leastNs - lag < StampWatch.FAR_NS
        ? lag
        : leastNs;
  }
}
