package dev.lockstep.model;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Numbers as text, the same on every machine.
public final class Numbers {
  private static final MathContext SIX_DIGITS = new MathContext(6, RoundingMode.HALF_UP);

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
    // What "%.6g" gives, which takes as long to set up as a small recording takes to check.
    BigDecimal rounded = new BigDecimal(Double.toString(value)).round(SIX_DIGITS);
    BigDecimal bare = rounded.stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < SIX_DIGITS.getPrecision()) {
      return bare.toPlainString();
    }
    String mantissa = bare.movePointLeft(exponent).toPlainString();
    int size = Math.abs(exponent);
    return mantissa + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
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
