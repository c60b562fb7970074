package dev.lockstep.clock;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The dictionary of clock offsets and steps that have a well-known cause.
///
/// A match is a likely cause, never proof: the tolerance is [#TOLERANCE_NS] or five standard
/// deviations of the offset, and where several entries are within it the nearest wins. Whole
/// periods are matched within a fiftieth of the period only (at most five standard deviations,
/// never beyond an eighth), since any offset is near some multiple of a short period.
public final class NamedOffsets {

  /// Least tolerance of a match; judged: half the spread of an unsynchronised stamping chain.
  public static final double TOLERANCE_NS = 20e6;

  private static final long SECOND = 1_000_000_000L;

  /// Time zones run from -12 h to +14 h in quarters.
  private static final int MAX_QUARTERS = 56;

  private static final int MAX_PERIODS = 3;

  /// A likely cause of an offset.
  ///
  /// @param id stable identifier of the cause
  /// @param sentence the cause in words
  /// @param nominalNs the offset that the cause gives, with the sign of the observed one
  /// @param differenceNs observed offset minus nominal offset
  public record Match(String id, String sentence, long nominalNs, long differenceNs) {}

  private record Entry(String id, String sentence, long offsetNs) {}

  private static final List<Entry> ENTRIES = entries();

  private NamedOffsets() {}

  /// The nearest named cause of an offset or step, or null where none is within tolerance.
  ///
  /// @param offsetNs one stamp minus another, or the size of a step; either sign
  /// @param sigmaNs standard deviation of the offset, 0 where unknown
  /// @param periodNs period of the stream, or 0 where it has none
  public static @Nullable Match nearest(long offsetNs, double sigmaNs, double periodNs) {
    double size = Math.abs((double) offsetNs);
    double best = Math.max(TOLERANCE_NS, 5 * sigmaNs);
    Entry match = null;
    for (Entry entry : ENTRIES) {
      double distance = Math.abs(size - entry.offsetNs);
      // An offset below the tolerance is no offset: nothing is near it.
      if (distance < best && size > best) {
        best = distance;
        match = entry;
      }
    }
    Entry periods = periods(size, sigmaNs, periodNs);
    if (periods != null && (match == null || Math.abs(size - periods.offsetNs) < best)) {
      match = periods;
    }
    if (match == null) {
      return null;
    }
    long nominal = offsetNs < 0 ? -match.offsetNs : match.offsetNs;
    return new Match(match.id, match.sentence, nominal, offsetNs - nominal);
  }

  private static @Nullable Entry periods(double size, double sigmaNs, double periodNs) {
    if (!(periodNs > 0)) {
      return null;
    }
    long n = Math.round(size / periodNs);
    double tolerance = Math.min(periodNs / 8, Math.max(periodNs / 50, 5 * sigmaNs));
    if (n < 1 || n > MAX_PERIODS || Math.abs(size - n * periodNs) > tolerance) {
      return null;
    }
    String words =
        n == 1
            ? "one period: messages are paired with their neighbour"
            : n + " periods: messages are paired " + n + " places off";
    return new Entry("periods-" + n, words, Math.round(n * periodNs));
  }

  private static List<Entry> entries() {
    List<Entry> list = new ArrayList<>();
    list.add(new Entry("tai-utc", "37 s: one clock keeps TAI, the other UTC", 37 * SECOND));
    for (int s = 36; s >= 35; s--) {
      String words = s + " s: TAI against UTC with an outdated leap-second count";
      list.add(new Entry("tai-utc-" + s, words, s * SECOND));
    }
    list.add(new Entry("tai-gps", "19 s: one clock keeps TAI, the other GPS time", 19 * SECOND));
    list.add(new Entry("gps-utc", "18 s: one clock keeps GPS time, the other UTC", 18 * SECOND));
    for (int s = 17; s >= 15; s--) {
      String words = s + " s: GPS time against UTC with an outdated leap-second count";
      list.add(new Entry("gps-utc-" + s, words, s * SECOND));
    }
    list.add(
        new Entry("second", "1 s: a leap second, a pulse labelled late, or a lost carry", SECOND));
    for (int q = 1; q <= MAX_QUARTERS; q++) {
      list.add(quarters(q));
    }
    list.add(new Entry("day", "86,400 s: a date that is wrong by one day", 86_400 * SECOND));
    list.add(wrap("wrap-32-ns", "a 32-bit nanosecond counter rolled over", 1L << 32));
    list.add(wrap("wrap-31-us", "a 31-bit microsecond counter rolled over", (1L << 31) * 1_000));
    list.add(wrap("wrap-32-us", "a 32-bit microsecond counter rolled over", (1L << 32) * 1_000));
    list.add(
        wrap("wrap-31-ms", "a 31-bit millisecond counter rolled over", (1L << 31) * 1_000_000));
    list.add(
        wrap("wrap-32-ms", "a 32-bit millisecond counter rolled over", (1L << 32) * 1_000_000));
    list.add(wrap("wrap-24-us", "a 24-bit microsecond counter rolled over", (1L << 24) * 1_000));
    list.add(new Entry("gps-week", "604,800 s: a GPS week counted wrongly", 604_800 * SECOND));
    list.add(
        new Entry(
            "gps-rollover",
            "1,024 weeks: the 10-bit GPS week number rolled over",
            1_024 * 604_800 * SECOND));
    list.add(
        new Entry(
            "gps-epoch",
            "315,964,800 s: counted from 1980-01-06 instead of 1970",
            315_964_800 * SECOND));
    list.add(
        new Entry(
            "year-2000",
            "946,684,800 s: counted from 2000-01-01 instead of 1970",
            946_684_800 * SECOND));
    return List.copyOf(list);
  }

  private static Entry quarters(int q) {
    long offset = q * 900L * SECOND;
    if (q == 4) {
      String words = "1 h: summer time, a time zone, or an hour counter rolled over";
      return new Entry("hours-1", words, offset);
    }
    if (q % 4 == 0) {
      return new Entry("hours-" + q / 4, q / 4 + " h: a time zone", offset);
    }
    return new Entry("zone-" + 15 * q, 15 * q + " min: a time zone with quarter hours", offset);
  }

  private static Entry wrap(String id, String words, long offsetNs) {
    double seconds = Math.round(offsetNs / 1e6) / 1e3;
    return new Entry(id, seconds + " s: " + words, offsetNs);
  }
}
