package dev.lockstep.check.time;

import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;

/// Messages whose times are not plausible after the last good one, until the next ones tell what
/// they are: out of order, strayed, or the first ones of a clock that moved.
final class HeldMessages {
  /// One of them, its times as stored.
  record Held(long message, long rawNs, long otherNs, long content, int sequence) {}

  private final ClockReading reading;
  private final LastGood good;
  private final List<Held> held = new ArrayList<>(StampWatch.HELD);

  HeldMessages(ClockReading reading, LastGood good) {
    this.reading = reading;
    this.good = good;
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  int size() {
    return held.size();
  }

  /// All of them, in order; not to be changed.
  List<Held> all() {
    return held;
  }

  Held first() {
    return held.getFirst();
  }

  Held last() {
    return held.getLast();
  }

  void add(Held message) {
    held.add(message);
  }

  void clear() {
    held.clear();
  }

  /// Whether one of them lies far off.
  boolean anyFar() {
    return held.stream().anyMatch(this::isFar);
  }

  /// Whether a message goes on where the stream was before the held ones, rather than where they
  /// are.
  boolean isReturn(long timeNs, long message, long otherNs) {
    if (!good.isPlausible(timeNs, message, otherNs)) {
      return false;
    }
    Held first = held.getFirst();
    double fromNew =
        (double) timeNs
            - reading.read(first.rawNs())
            - (message - first.message()) * (double) good.usual.ns();
    double fromOld = (double) timeNs - good.ns - good.expectedNs(message);
    return good.usual.ns() == 0 || Math.abs(fromOld) <= Math.abs(fromNew);
  }

  /// Whether a time ahead may be the first after a pause, there being no clock that tells.
  boolean mayPause(Held message) {
    long step = Times.difference(reading.read(message.rawNs()), good.ns);
    boolean told = message.otherNs() != Times.NONE && good.otherNs != Times.NONE;
    return !told && step > 0 && step < StampWatch.DAY_NS;
  }

  /// Whether a message's time lies further from its turn than jitter and queues bring it.
  boolean isFar(Held message) {
    return message.rawNs() != Times.NONE && Math.abs(offNs(message)) > StampWatch.FAR_NS;
  }

  /// How far after its turn (negative: before it) a held message's time lies.
  long offNs(Held message) {
    return Times.difference(
        reading.read(message.rawNs()), good.ns + good.expectedNs(message.message()));
  }

  /// Whether all have one time.
  boolean allEqual() {
    long raw = held.getFirst().rawNs();
    return held.stream().allMatch(h -> h.rawNs() == raw);
  }

  /// Whether one time lies above another.
  boolean isAbove(Held a, Held b) {
    return reading.read(a.rawNs()) > reading.read(b.rawNs());
  }
}
