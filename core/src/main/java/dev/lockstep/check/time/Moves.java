package dev.lockstep.check.time;

import dev.lockstep.check.Cause;
import dev.lockstep.clock.NamedOffsets;
import org.jspecify.annotations.Nullable;

/// What may have moved a stream's times far away at one message.
final class Moves {
  /// How far the ratio of two stamps may be from a power of 1,000 for a change of unit. Judged: a
  /// recording is shorter than a hundredth of the time since its epoch.
  private static final double UNIT_TOLERANCE = 0.01;

  /// Stamps below this tell nothing by their ratio: a second after an epoch, in microseconds.
  private static final long UNIT_LEAST = 1_000_000;

  private static final long[] POWERS = {1, 1_000, 1_000_000, 1_000_000_000};

  private Moves() {}

  /// Powers of ten by which the unit changed: -3, -6 or -9 where stamps became smaller (nanoseconds
  /// written as microseconds, ...), 3, 6 or 9 where they became larger, 0 where it did not change.
  static int unitSlip(long beforeNs, long stampNs) {
    // A stamp in whole seconds is small; the other one has to be large.
    if (Math.min(beforeNs, stampNs) <= 0 || Math.max(beforeNs, stampNs) < 1_000 * UNIT_LEAST) {
      return 0;
    }
    double ratio = (double) stampNs / beforeNs;
    for (int power = 3; power <= 9; power += 3) {
      double scale = POWERS[power / 3];
      if (Math.abs(ratio / scale - 1) < UNIT_TOLERANCE) {
        return power;
      }
      if (Math.abs(ratio * scale - 1) < UNIT_TOLERANCE) {
        return -power;
      }
    }
    return 0;
  }

  /// A time multiplied by a power of ten (-9 to 9, whole thousands), at the ends of the range where
  /// it does not fit.
  static long inUnit(long timeNs, int power) {
    if (power == 0) {
      return timeNs;
    }
    long scale = POWERS[Math.min(3, Math.abs(power) / 3)];
    if (power < 0) {
      return timeNs / scale;
    }
    if (Math.multiplyHigh(timeNs, scale) != timeNs * scale >> 63) {
      return timeNs > 0 ? Long.MAX_VALUE : -Long.MAX_VALUE;
    }
    return timeNs * scale;
  }

  /// The known cause of a unit that changed by `slip` powers of ten.
  static Cause unitCause(int slip) {
    return new Cause(
        "unit-slip",
        switch (slip) {
          case -3 -> "microseconds were written as nanoseconds";
          case -6 -> "milliseconds were written as nanoseconds";
          case -9 -> "seconds were written as nanoseconds";
          case 3 -> "stamps were scaled from microseconds to nanoseconds twice";
          case 6 -> "stamps were scaled from milliseconds to nanoseconds twice";
          default -> "stamps were scaled from seconds to nanoseconds twice";
        });
  }

  /// The known cause of an offset, or null.
  static @Nullable Cause named(long offsetNs) {
    NamedOffsets.Match match = NamedOffsets.nearest(offsetNs, 0, 0);
    return match == null ? null : new Cause(match.id(), match.sentence());
  }
}
