package dev.lockstep.clock;

/// What a stamp counts from, as far as its size tells.
///
/// The bounds are dates, not measurements. A stamp in a class other than [#UNIX] is no fault by
/// itself: published recordings are moved to 1980 to hide their date. A change of class within a
/// stream is one.
public enum EpochClass {
  /// Exactly 0: the stamp was never set.
  ZERO("stamp is 0, as if never set"),
  /// Before 1970.
  NEGATIVE("stamp lies before 1970"),
  /// Less than 400 days: counts from power-on, or simulated time.
  UPTIME("counts from power-on or a simulation's start"),
  /// Within 400 days after 1980-01-06, where GPS time starts: a GPS clock without a fix.
  GPS_EPOCH("counts from the start of GPS time (1980-01-06)"),
  /// Within 400 days after 2000-01-01: a device clock that was never set.
  YEAR_2000("counts from 2000-01-01, a device's default"),
  /// 2001-09-09 to 2049: a Unix time.
  UNIX("Unix time"),
  /// From 2050 on.
  FAR_FUTURE("stamp lies after 2049"),
  /// Between the classes: a date before 2001 that is nobody's start.
  PAST("stamp lies before 2001");

  static final long PLAUSIBLE_FROM_S = 1_000_000_000L;
  static final long PLAUSIBLE_TO_S = 2_524_608_000L;

  private static final long NANOS = 1_000_000_000L;
  private static final long GPS_START_S = 315_964_800L;
  private static final long YEAR_2000_S = 946_684_800L;
  private static final long SPAN_S = 400L * 86_400;

  private final String sentence;

  EpochClass(String sentence) {
    this.sentence = sentence;
  }

  /// The class as a clause for a report.
  public String sentence() {
    return sentence;
  }

  /// The class of a stamp in nanoseconds.
  public static EpochClass of(long stampNs) {
    if (stampNs <= 0) {
      return stampNs == 0 ? ZERO : NEGATIVE;
    }
    long seconds = stampNs / NANOS;
    if (seconds < SPAN_S) {
      return UPTIME;
    }
    if (seconds >= PLAUSIBLE_FROM_S) {
      return seconds < PLAUSIBLE_TO_S ? UNIX : FAR_FUTURE;
    }
    if (seconds >= GPS_START_S && seconds < GPS_START_S + SPAN_S) {
      return GPS_EPOCH;
    }
    return seconds >= YEAR_2000_S && seconds < YEAR_2000_S + SPAN_S ? YEAR_2000 : PAST;
  }
}
