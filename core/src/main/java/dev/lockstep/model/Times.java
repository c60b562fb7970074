package dev.lockstep.model;

/// Conventions of absolute time: int64 nanoseconds, the epoch being the recording's own.
public final class Times {
  /// Stands in a time column where a message has no such time.
  public static final long NONE = Long.MIN_VALUE;

  /// Nanoseconds in a second.
  public static final long SECOND = 1_000_000_000L;

  /// Nanoseconds in a millisecond.
  public static final long MILLISECOND = 1_000_000L;

  /// Nanoseconds in a microsecond.
  public static final long MICROSECOND = 1_000L;

  private Times() {}

  /// `a - b`, or [Long#MAX_VALUE] / [Long#MIN_VALUE] + 1 where the difference does not fit.
  public static long difference(long aNs, long bNs) {
    long d = aNs - bNs;
    if (((aNs ^ bNs) & (aNs ^ d)) < 0) {
      return aNs < bNs ? Long.MIN_VALUE + 1 : Long.MAX_VALUE;
    }
    return d;
  }
}
