package dev.lockstep.source;

import dev.lockstep.model.Times;
import java.time.DateTimeException;
import java.time.LocalDate;

/// Stamps that are a date and a time of day as text (ISO 8601).
///
/// ```text
/// 2011-09-26 13:02:25.951199337     without a zone: read as UTC
/// 2011-09-26T15:02:25.95+02:00      a letter T, any number of decimals, a zone
/// 2011-09-26T13:02:25Z
/// ```
public final class IsoStamp {
  private static final int DATE_LENGTH = "2011-09-26".length();
  private static final int SECONDS_LENGTH = "2011-09-26 13:02:25".length();
  private static final int NANO_DIGITS = 9;

  private IsoStamp() {}

  /// The stamp in nanoseconds since 1970, or [Times#NONE] where `text` is none. Decimals beyond the
  /// ninth are cut off.
  public static long parse(CharSequence text) {
    int length = text.length();
    if (length < SECONDS_LENGTH
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || (text.charAt(DATE_LENGTH) != ' ' && text.charAt(DATE_LENGTH) != 'T')
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return Times.NONE;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, 19);
    // Outside of these years nanoseconds do not fit 64 bits.
    if (year < 1678 || year > 2261 || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
      return Times.NONE;
    }
    int at = SECONDS_LENGTH;
    int nanos = 0;
    if (at < length && (text.charAt(at) == '.' || text.charAt(at) == ',')) {
      int from = ++at;
      while (at < length && isDigit(text.charAt(at))) {
        at++;
      }
      if (at == from) {
        return Times.NONE;
      }
      for (int i = 0; i < NANO_DIGITS; i++) {
        nanos = nanos * 10 + (from + i < at ? text.charAt(from + i) - '0' : 0);
      }
    }
    int zoneMinutes = zone(text, at);
    if (second < 0 || second > 59 || zoneMinutes == Integer.MIN_VALUE) {
      return Times.NONE;
    }
    try {
      long seconds = LocalDate.of(year, month, day).toEpochDay() * 86_400;
      seconds += hour * 3600L + (minute - zoneMinutes) * 60L + second;
      return seconds * Times.SECOND + nanos;
    } catch (DateTimeException e) {
      return Times.NONE;
    }
  }

  /// Minutes ahead of UTC of the zone that begins at `at`, or the least int where it is none.
  private static int zone(CharSequence text, int at) {
    int rest = text.length() - at;
    if (rest == 0 || (rest == 1 && text.charAt(at) == 'Z')) {
      return 0;
    }
    char sign = text.charAt(at);
    int minutesAt = rest == 6 && text.charAt(at + 3) == ':' ? at + 4 : at + 3;
    if ((sign != '+' && sign != '-') || (rest != 5 && minutesAt != at + 4)) {
      return Integer.MIN_VALUE;
    }
    int hours = digits(text, at + 1, at + 3);
    int minutes = digits(text, minutesAt, minutesAt + 2);
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
      return Integer.MIN_VALUE;
    }
    int ahead = hours * 60 + minutes;
    return sign == '-' ? -ahead : ahead;
  }

  private static int digits(CharSequence text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      if (!isDigit(text.charAt(i))) {
        return -1;
      }
      value = value * 10 + (text.charAt(i) - '0');
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
