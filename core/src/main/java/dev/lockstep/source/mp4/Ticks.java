package dev.lockstep.source.mp4;

import dev.lockstep.model.Times;

/// Times in ticks of a second's fraction.
final class Ticks {
  /// Seconds that fit an int64 of nanoseconds, less a margin for sums.
  private static final long MAX_SECONDS = 4_000_000_000L;

  private Ticks() {}

  /// Nanoseconds, to the nearest; clamped to 4e9 s either way.
  ///
  /// @param timescale ticks in a second, above 0, at most 2^32 - 1
  static long toNs(long ticks, long timescale) {
    long seconds = Math.floorDiv(ticks, timescale);
    if (seconds >= MAX_SECONDS || seconds <= -MAX_SECONDS) {
      return seconds > 0 ? MAX_SECONDS * Times.SECOND : -MAX_SECONDS * Times.SECOND;
    }
    long rest = Math.floorMod(ticks, timescale);
    return seconds * Times.SECOND + (rest * Times.SECOND + timescale / 2) / timescale;
  }

  /// Whether a time is too far off to be one.
  static boolean isFar(long ticks, long timescale) {
    return Math.abs(Math.floorDiv(ticks, timescale)) >= MAX_SECONDS;
  }
}
