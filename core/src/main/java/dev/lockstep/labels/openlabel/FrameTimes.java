package dev.lockstep.labels.openlabel;

import dev.lockstep.model.Times;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Times of frames. The standard gives `timestamp` no unit: dates are taken as they are, UTC where
/// they name no zone; numbers by their size, as seconds, milli-, micro- or nanoseconds of our age.
final class FrameTimes {
  /// Seconds up to the year 5138, milliseconds from 1973 on, and so on.
  private static final BigDecimal STEP = BigDecimal.valueOf(100_000_000_000L);

  private final Map<Long, Long> stampsNs = new HashMap<>();
  private boolean complete = true;

  /// Notes a frame and its time, null if it has none.
  void put(long frame, @Nullable String timestamp) {
    Long ns = timestamp == null ? null : parse(timestamp.strip());
    if (ns == null) {
      complete = false;
    } else {
      stampsNs.put(frame, ns);
    }
  }

  /// Whether every frame has a time.
  boolean known() {
    return complete && !stampsNs.isEmpty();
  }

  /// Time of a frame, ns.
  long stampNs(long frame) {
    return stampsNs.getOrDefault(frame, Times.NONE);
  }

  static @Nullable Long parse(String text) {
    try {
      BigDecimal number = new BigDecimal(text);
      if (number.signum() < 0 || number.precision() - number.scale() > 19) {
        return null;
      }
      BigDecimal unit = BigDecimal.valueOf(Times.SECOND);
      BigDecimal limit = STEP;
      while (number.compareTo(limit) >= 0 && unit.compareTo(BigDecimal.ONE) > 0) {
        unit = unit.movePointLeft(3);
        limit = limit.movePointRight(3);
      }
      return number.multiply(unit).longValueExact();
    } catch (NumberFormatException noNumber) {
      return date(text);
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static @Nullable Long date(String text) {
    String iso = text.replace(' ', 'T');
    try {
      OffsetDateTime time =
          iso.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$")
              ? OffsetDateTime.parse(iso)
              : LocalDateTime.parse(iso).atOffset(ZoneOffset.UTC);
      return Math.addExact(
          Math.multiplyExact(time.toEpochSecond(), Times.SECOND),
          time.getLong(ChronoField.NANO_OF_SECOND));
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
