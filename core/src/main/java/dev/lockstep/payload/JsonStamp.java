package dev.lockstep.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.model.Times;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads times in trees: seconds with nanoseconds, RFC 3339 text, plain numbers whose unit their
/// name or their size tells. Nothing passes through floating point.
final class JsonStamp {
  /// Powers of ten of a second.
  private static final int NS = 9;

  private static final int US = 6;
  private static final int MS = 3;

  private static final List<String> NAMES = List.of("stamp", "timestamp", "time");
  private static final List<String> SECONDS = List.of("sec", "secs", "seconds");
  private static final List<String> NANOSECONDS =
      List.of("nsec", "nanosec", "nsecs", "nanos", "nanoseconds");

  /// Ends of names that tell the unit of a number, and that unit as a power of ten of a second.
  private static final List<String> SUFFIXES = List.of("", "_ns", "_us", "_ms", "_s");

  private static final int[] UNITS = {0, NS, US, MS, 0};

  /// Seconds since 1970 of September 2001 and of October 2096: a number of which one unit falls in
  /// between has that unit; the ranges of the four units do not touch.
  private static final BigDecimal FIRST_SECOND = BigDecimal.valueOf(1_000_000_000L);

  private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(4_000_000_000L);

  private static final BigDecimal SECOND = BigDecimal.valueOf(Times.SECOND);
  private static final BigDecimal MAX_NS = BigDecimal.valueOf(Long.MAX_VALUE);

  /// Longest number in text that is looked at.
  private static final int MAX_TEXT = 40;

  private JsonStamp() {}

  /// The node that holds the stamp of an object: in its header, or beside its other members; null
  /// if it has none.
  static @Nullable JsonNode find(JsonNode object) {
    JsonNode header = object.get("header");
    if (header != null && header.isObject()) {
      JsonNode inHeader = beside(header);
      if (inHeader != null) {
        return inHeader;
      }
    }
    return beside(object);
  }

  private static @Nullable JsonNode beside(JsonNode object) {
    for (String suffix : SUFFIXES) {
      for (String name : NAMES) {
        JsonNode node = object.get(name + suffix);
        if (node != null && !node.isNull()) {
          return node;
        }
      }
    }
    return null;
  }

  /// The stamp of an object, ns, or [Times#NONE].
  static long of(JsonNode object) {
    JsonNode header = object.get("header");
    if (header != null && header.isObject()) {
      long inHeader = read(header);
      if (inHeader != Times.NONE) {
        return inHeader;
      }
    }
    return read(object);
  }

  private static long read(JsonNode object) {
    for (int unit = 0; unit < SUFFIXES.size(); unit++) {
      for (String name : NAMES) {
        JsonNode node = object.get(name + SUFFIXES.get(unit));
        if (node != null && !node.isNull()) {
          if (unit == 0) {
            return value(node);
          }
          return node.isNumber() ? scaled(node.decimalValue(), UNITS[unit]) : Times.NONE;
        }
      }
    }
    return Times.NONE;
  }

  /// The time that a node holds, ns, or [Times#NONE].
  static long value(JsonNode node) {
    if (node.isObject()) {
      JsonNode seconds = first(node, SECONDS);
      JsonNode nanoseconds = first(node, NANOSECONDS);
      if (seconds == null
          || !seconds.canConvertToLong()
          || !seconds.isIntegralNumber()
          || nanosecondsFault(node) != null) {
        return Times.NONE;
      }
      BigDecimal whole = BigDecimal.valueOf(seconds.longValue()).multiply(SECOND);
      long more = nanoseconds == null ? 0 : nanoseconds.longValue();
      return exact(whole.add(BigDecimal.valueOf(more)));
    }
    if (node.isNumber()) {
      return guessed(node.decimalValue());
    }
    String text = node.asText();
    if (!node.isTextual() || text.length() > MAX_TEXT || text.isEmpty()) {
      return Times.NONE;
    }
    if (text.indexOf('-') > 0 || text.indexOf(':') > 0) {
      return date(text);
    }
    try {
      return guessed(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return Times.NONE;
    }
  }

  /// The length of time that an object of seconds and nanoseconds holds, ns, either below zero in a
  /// negative one; 0 for anything else.
  static long span(JsonNode node) {
    JsonNode seconds = first(node, SECONDS);
    JsonNode nanoseconds = first(node, NANOSECONDS);
    long more = nanoseconds == null ? 0 : nanoseconds.asLong();
    long whole = seconds == null ? 0 : seconds.asLong();
    return Math.abs(whole) < Long.MAX_VALUE / Times.SECOND && Math.abs(more) < Times.SECOND
        ? whole * Times.SECOND + more
        : 0;
  }

  /// The nanoseconds of a stamp if they are none: negative, a second or more, no whole number.
  static @Nullable JsonNode nanosecondsFault(JsonNode stamp) {
    JsonNode nanoseconds = first(stamp, NANOSECONDS);
    if (nanoseconds == null) {
      return null;
    }
    boolean fine =
        nanoseconds.isIntegralNumber()
            && nanoseconds.canConvertToLong()
            && nanoseconds.longValue() >= 0
            && nanoseconds.longValue() < Times.SECOND;
    return fine ? null : nanoseconds;
  }

  private static @Nullable JsonNode first(JsonNode object, List<String> names) {
    for (String name : names) {
      JsonNode node = object.get(name);
      if (node != null) {
        return node;
      }
    }
    return null;
  }

  private static long date(String text) {
    try {
      OffsetDateTime date = OffsetDateTime.parse(text);
      return exact(
          BigDecimal.valueOf(date.toEpochSecond())
              .multiply(SECOND)
              .add(BigDecimal.valueOf(date.getNano())));
    } catch (DateTimeException e) {
      return Times.NONE;
    }
  }

  private static long guessed(BigDecimal value) {
    if (isHuge(value)) {
      return Times.NONE;
    }
    for (int unit : new int[] {0, MS, US, NS}) {
      BigDecimal seconds = value.scaleByPowerOfTen(-unit);
      if (seconds.compareTo(FIRST_SECOND) >= 0 && seconds.compareTo(LAST_SECOND) < 0) {
        return scaled(value, unit);
      }
    }
    return Times.NONE;
  }

  private static long scaled(BigDecimal value, int unit) {
    return isHuge(value) ? Times.NONE : exact(value.scaleByPowerOfTen(NS - unit));
  }

  /// Numbers like 1e999999999 are cheap to hold and costly to write out.
  private static boolean isHuge(BigDecimal value) {
    return Math.abs((long) value.scale()) > 100 || value.precision() > 100;
  }

  private static long exact(BigDecimal ns) {
    return ns.abs().compareTo(MAX_NS) >= 0
        ? Times.NONE
        : ns.setScale(0, RoundingMode.HALF_EVEN).longValueExact();
  }
}
