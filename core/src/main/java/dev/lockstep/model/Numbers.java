package dev.lockstep.model;

import java.util.Locale;

/// Numbers as text, the same on every machine.
public final class Numbers {
  private Numbers() {}

  /// Whole numbers in full; others with up to six significant digits and no trailing zeros.
  public static String text(Number value) {
    if (value instanceof Long || value instanceof Integer) {
      return value.toString();
    }
    return text(value.doubleValue());
  }

  /// Up to six significant digits, no trailing zeros, `.` as the decimal point.
  public static String text(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    String s = String.format(Locale.ROOT, "%.6g", value);
    int exponent = s.indexOf('e');
    String mantissa = exponent < 0 ? s : s.substring(0, exponent);
    if (mantissa.indexOf('.') >= 0) {
      int end = mantissa.length();
      while (mantissa.charAt(end - 1) == '0') {
        end--;
      }
      if (mantissa.charAt(end - 1) == '.') {
        end--;
      }
      mantissa = mantissa.substring(0, end);
    }
    return exponent < 0 ? mantissa : mantissa + s.substring(exponent);
  }

  /// A duration with a fitting unit: `1.5 s`, `20.2 us`, `-37 s`.
  public static String duration(long ns) {
    long abs = Math.abs(ns);
    if (abs >= Times.SECOND) {
      return text(ns / 1e9) + " s";
    }
    if (abs >= Times.MILLISECOND) {
      return text(ns / 1e6) + " ms";
    }
    if (abs >= Times.MICROSECOND) {
      return text(ns / 1e3) + " us";
    }
    return ns + " ns";
  }
}
