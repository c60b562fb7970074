package dev.lockstep.source.folder;

import dev.lockstep.model.Times;

/// From when a layout says that stamps count. Stamps of [#GPS] and [#TAI] become Unix time, so that
/// streams of one recording can be compared; the others have no date and stay as they are.
enum Epoch {
  UNIX("unix"),
  /// Seconds since 1980-01-06, without leap seconds.
  GPS("gps"),
  /// Seconds since 1970 that go on through leap seconds (PTP).
  TAI("tai"),
  /// Since power-on.
  BOOT("boot"),
  /// Since the beginning of the recording, or anything else.
  RELATIVE("relative");

  /// 1980-01-06 as Unix time (IS-GPS-200).
  private static final long GPS_START_SECONDS = 315_964_800;

  /// GPS time is TAI less 19 s (IS-GPS-200).
  private static final long GPS_BEHIND_TAI_SECONDS = 19;

  /// Unix times from which TAI is ahead of UTC by 20 s, 21 s, ... (IERS Bulletin C; none announced
  /// since 2017).
  private static final long[] LEAPS = {
    362_793_600L, // 1981-07-01
    394_329_600L, // 1982-07-01
    425_865_600L, // 1983-07-01
    489_024_000L, // 1985-07-01
    567_993_600L, // 1988-01-01
    631_152_000L, // 1990-01-01
    662_688_000L, // 1991-01-01
    709_948_800L, // 1992-07-01
    741_484_800L, // 1993-07-01
    773_020_800L, // 1994-07-01
    820_454_400L, // 1996-01-01
    867_715_200L, // 1997-07-01
    915_148_800L, // 1999-01-01
    1_136_073_600L, // 2006-01-01
    1_230_768_000L, // 2009-01-01
    1_341_100_800L, // 2012-07-01
    1_435_708_800L, // 2015-07-01
    1_483_228_800L, // 2017-01-01
  };

  private final String word;

  Epoch(String word) {
    this.word = word;
  }

  /// As layouts write it.
  String word() {
    return word;
  }

  static Epoch of(String word) {
    for (Epoch epoch : values()) {
      if (epoch.word.equals(word)) {
        return epoch;
      }
    }
    throw new IllegalArgumentException("epoch: " + word);
  }

  /// What is to be added to each stamp of a stream whose first is `firstNs`. One number a stream: a
  /// leap second within a recording must not look like a step of the sensor's clock.
  long shiftNs(long firstNs) {
    return switch (this) {
      case UNIX, BOOT, RELATIVE -> 0;
      case GPS -> {
        long tai =
            Math.floorDiv(firstNs, Times.SECOND) + GPS_START_SECONDS + GPS_BEHIND_TAI_SECONDS;
        yield (GPS_START_SECONDS + GPS_BEHIND_TAI_SECONDS - taiAhead(tai)) * Times.SECOND;
      }
      case TAI -> -taiAhead(Math.floorDiv(firstNs, Times.SECOND)) * Times.SECOND;
    };
  }

  private static long taiAhead(long taiSeconds) {
    long ahead = GPS_BEHIND_TAI_SECONDS;
    for (long leap : LEAPS) {
      // The leap second itself counts as the old time.
      if (taiSeconds - (ahead + 1) >= leap) {
        ahead++;
      }
    }
    return ahead;
  }
}
