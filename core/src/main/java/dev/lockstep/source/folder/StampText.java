package dev.lockstep.source.folder;

import dev.lockstep.model.Times;
import dev.lockstep.source.IsoStamp;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/// Stamps as text, made nanoseconds exactly: decimals are never held in a floating-point number.
final class StampText {
  /// Longest text of a number that is looked at; judged: the longest ones written hold 26.
  private static final int MAX_NUMBER = 64;

  /// Most digits that may fit a `long`.
  private static final int MAX_DIGITS = 19;

  /// Greatest number that any digit may be put behind.
  private static final long LAST_SAFE = (Long.MAX_VALUE - 9) / 10;

  private static final long[] POWERS = new long[10];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = 10 * POWERS[i - 1];
    }
  }

  private StampText() {}

  /// The stamp that is written in `bytes` from `from` to `to`, in nanoseconds, or [Times#NONE].
  /// Spaces and quotes around it do not count. Decimals beyond nanoseconds are rounded, halves away
  /// from zero.
  static long parse(byte[] bytes, int from, int to, StampUnit unit) {
    int a = from;
    int b = to;
    while (a < b && isPadding(bytes[a])) {
      a++;
    }
    while (b > a && isPadding(bytes[b - 1])) {
      b--;
    }
    if (unit == StampUnit.ISO) {
      return b - a > MAX_NUMBER
          ? Times.NONE
          : IsoStamp.parse(new String(bytes, a, b - a, StandardCharsets.ISO_8859_1));
    }
    return number(bytes, a, b, unit.power());
  }

  /// The same for a text of its own.
  static long parse(String text, StampUnit unit) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length, unit);
  }

  private static boolean isPadding(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '"';
  }

  /// A decimal number times ten to the power of `power`, or [Times#NONE].
  private static long number(byte[] bytes, int from, int to, int power) {
    int at = from;
    boolean negative = at < to && bytes[at] == '-';
    if (negative) {
      at++;
    }
    long value = 0;
    int digits = 0;
    while (at < to && isDigit(bytes[at])) {
      if (++digits >= MAX_DIGITS && value > LAST_SAFE) {
        return exactly(bytes, from, to, power);
      }
      value = value * 10 + (bytes[at++] - '0');
    }
    int decimals = 0;
    if (at < to && bytes[at] == '.' && at > from) {
      at++;
      while (at < to && isDigit(bytes[at])) {
        if (decimals == power || (++digits >= MAX_DIGITS && value > LAST_SAFE)) {
          return exactly(bytes, from, to, power);
        }
        value = value * 10 + (bytes[at++] - '0');
        decimals++;
      }
    }
    int missing = power - decimals;
    if (at != to || digits == 0 || value > Long.MAX_VALUE / POWERS[missing]) {
      return exactly(bytes, from, to, power);
    }
    value *= POWERS[missing];
    return negative ? -value : value;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /// What is not plain: exponents, signs, many digits.
  private static long exactly(byte[] bytes, int from, int to, int power) {
    if (to - from > MAX_NUMBER || to == from) {
      return Times.NONE;
    }
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (!isDigit(b) && b != '.' && b != '-' && b != '+' && b != 'e' && b != 'E') {
        return Times.NONE;
      }
    }
    try {
      BigDecimal number =
          new BigDecimal(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
      // Numbers of that size would take as many digits of memory.
      if (Math.abs((long) number.precision() - number.scale()) > MAX_NUMBER) {
        return number.signum() == 0 ? 0 : Times.NONE;
      }
      long ns = number.movePointRight(power).setScale(0, RoundingMode.HALF_UP).longValueExact();
      return ns;
    } catch (NumberFormatException | ArithmeticException e) {
      return Times.NONE;
    }
  }
}
