package dev.lockstep.check.time;

import dev.lockstep.check.CheckSink;
import dev.lockstep.clock.EpochClass;
import dev.lockstep.model.Location;
import dev.lockstep.model.StreamInfo;

/// Something that happened to the times of a stream, as [StampWatch] classified it.
///
/// @param kind what happened
/// @param firstMessage index of the first message concerned
/// @param lastMessage index of the last message concerned
/// @param beforeNs the time that it is held against, as stored
/// @param stampNs the time itself (the first one), as stored
/// @param offNs how far it lies after (negative: before) where it should
/// @param sameContent for repeats: whether content, length and counter are the same too
/// @param whole for repeats: whether no message of the stream has another time
/// @param known index of the message with which it became known, [Long#MAX_VALUE] at the end
record Step(
    Kind kind,
    long firstMessage,
    long lastMessage,
    long beforeNs,
    long stampNs,
    long offNs,
    boolean sameContent,
    boolean whole,
    long known) {

  enum Kind {
    /// Neighbouring messages (the span) are not in order; nothing else is remarkable.
    DECREASED,
    /// Two or more messages in a row have one time.
    REPEATED,
    /// A few messages have times far from all around them.
    STRAYED,
    /// From here on all times are off those before.
    MOVED,
    /// From here on times are again on the clock that they were on before they moved.
    RETURNED
  }

  long messages() {
    return lastMessage - firstMessage + 1;
  }

  /// Whether it lies further off than a queue of messages could explain.
  boolean isFar() {
    return Math.abs(offNs) > StampWatch.FAR_NS;
  }

  /// Powers of ten by which the unit changed, 0 where this is no change of unit.
  int unitSlip() {
    return kind == Kind.DECREASED || kind == Kind.REPEATED ? 0 : Moves.unitSlip(beforeNs, stampNs);
  }

  /// Whether times count from another beginning, in the same unit. A time that was never set (0)
  /// counts from none.
  boolean changesEpoch() {
    return (kind == Kind.STRAYED || kind == Kind.MOVED || kind == Kind.RETURNED)
        && beforeNs > 0
        && stampNs > 0
        && unitSlip() == 0
        && EpochClass.of(beforeNs) != EpochClass.of(stampNs);
  }

  /// Says which messages the fault leaves without a stamp to hold others against, once it is
  /// reported.
  void tellAbsence(StreamInfo stream, CheckSink sink) {
    switch (kind) {
      case DECREASED, REPEATED, STRAYED ->
          sink.lacks(stream.name(), firstMessage - 1, lastMessage + 1, 0);
      case MOVED -> sink.lacks(stream.name(), firstMessage - 1, Long.MAX_VALUE, 0);
      case RETURNED -> {}
    }
  }

  Location location(StreamInfo stream) {
    return Location.stream(stream.name())
        .withMessages(firstMessage, lastMessage)
        .withStamps(stampNs, stampNs);
  }
}
