package dev.lockstep.check.time;

import dev.lockstep.model.Times;
import java.util.ArrayDeque;

/// How a stream's stored times are to be read so that they go on where the clock was before it
/// moved: an offset and a unit, and how far apart times before and behind a move are handed on.
final class ClockReading {
  /// What is handed on between the times before and behind a move, so that a lattice takes it for a
  /// change of clock (see `LatticeEvents.phaseStep`), ns.
  static final long APART_NS = 36 * 3600 * Times.SECOND;

  /// Times below 2^62 in size leave room for sums.
  private static final long MAX_NS = 1L << 62;

  /// Up to `beforeMessage`, times were read like this.
  private record Past(long beforeMessage, long offsetNs, int slip, long apartNs) {}

  private final ArrayDeque<Past> past = new ArrayDeque<>();
  private long offsetNs;
  private int slip;
  private long apartNs;

  /// A stored time on the clock and in the unit that the stream had at first.
  long read(long rawNs) {
    if (rawNs == Times.NONE) {
      return rawNs;
    }
    long timeNs = Math.clamp(Moves.inUnit(rawNs, -slip), -MAX_NS, MAX_NS);
    return Math.clamp(timeNs - offsetNs, -MAX_NS, MAX_NS);
  }

  /// What to subtract from stored times while [#isPlain], ns.
  long offsetNs() {
    return offsetNs;
  }

  /// Whether times are read in the unit in which they are stored.
  boolean isPlain() {
    return slip == 0;
  }

  /// A time that was read, as it is handed on.
  long handOn(long timeNs) {
    return timeNs + apartNs;
  }

  /// From `message` on, the unit is another by `newSlip` powers of ten.
  void changeUnit(long message, int newSlip) {
    keep(message);
    slip += newSlip;
  }

  /// From `message` on, the clock has this offset in all.
  void changeOffset(long message, long newOffsetNs) {
    keep(message);
    offsetNs = newOffsetNs;
    apartNs += APART_NS;
  }

  /// How finely a message's time was stored, ns on the clock that the stream had at first.
  long storedStepNs(long message) {
    int itsSlip = slip;
    for (Past reading : past) {
      if (message < reading.beforeMessage) {
        itsSlip = reading.slip;
        break;
      }
    }
    return itsSlip < 0 ? Moves.inUnit(1, -itsSlip) : 1;
  }

  private void keep(long message) {
    past.addLast(new Past(message, offsetNs, slip, apartNs));
  }

  /// Forgets how messages before `message` were read.
  void forget(long message) {
    while (!past.isEmpty() && past.getFirst().beforeMessage < message) {
      past.removeFirst();
    }
  }

  /// The time, as stored, of a message whose time was handed on.
  long storedNs(long message, long handedNs) {
    for (Past reading : past) {
      if (message < reading.beforeMessage) {
        return Moves.inUnit(handedNs - reading.apartNs + reading.offsetNs, reading.slip);
      }
    }
    return Moves.inUnit(handedNs - apartNs + offsetNs, slip);
  }
}
