package dev.lockstep.clock;

import org.jspecify.annotations.Nullable;

/// The unit in which a raw stamp counts, told from its size or from its steps.
public enum StampUnit {
  /// Whole seconds.
  SECONDS(1_000_000_000L),
  /// Milliseconds.
  MILLISECONDS(1_000_000L),
  /// Microseconds.
  MICROSECONDS(1_000L),
  /// Nanoseconds.
  NANOSECONDS(1L);

  /// How far a ratio may be from a power of 1,000, as a power of ten: half to twice.
  private static final double TOLERANCE = 0.30103;

  private final long nanos;

  StampUnit(long nanos) {
    this.nanos = nanos;
  }

  /// Nanoseconds in one unit.
  public long nanos() {
    return nanos;
  }

  /// The unit in which a raw stamp is a Unix time from 2001 to 2049, or null where none is. At most
  /// one is: the years span a factor of 2.5, the units lie 1,000 apart.
  public static @Nullable StampUnit ofEpoch(long rawStamp) {
    for (StampUnit unit : values()) {
      long perSecond = SECONDS.nanos / unit.nanos;
      long seconds = rawStamp / perSecond;
      if (seconds >= EpochClass.PLAUSIBLE_FROM_S && seconds < EpochClass.PLAUSIBLE_TO_S) {
        return unit;
      }
    }
    return null;
  }

  /// The unit in which a raw step is between half and twice the expected one, or null where none
  /// is.
  ///
  /// @param rawStep median step between raw stamps
  /// @param expectedNs expected period in nanoseconds, above zero
  public static @Nullable StampUnit ofStep(double rawStep, double expectedNs) {
    for (StampUnit unit : values()) {
      if (Math.abs(Math.log10(rawStep * unit.nanos / expectedNs)) <= TOLERANCE) {
        return unit;
      }
    }
    return null;
  }

  /// By how many powers of ten a measured period is off where that looks like a mistaken unit: 3, 6
  /// or 9 (too long) or their negatives (too short), 0 where it does not.
  ///
  /// @param measuredNs measured period
  /// @param expectedNs expected period
  public static int slip(double measuredNs, double expectedNs) {
    if (!(measuredNs > 0) || !(expectedNs > 0)) {
      return 0;
    }
    double power = Math.log10(measuredNs / expectedNs);
    int slip = 3 * (int) Math.round(power / 3);
    return Math.abs(slip) <= 9 && Math.abs(power - slip) <= TOLERANCE ? slip : 0;
  }
}
