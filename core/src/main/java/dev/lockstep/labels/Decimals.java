package dev.lockstep.labels;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Numbers in label files: plain decimals, never with an exponent.
public final class Decimals {
  /// Powers of ten that a double holds exactly and that scale any coordinate to less than
  /// [#MOST_SCALED].
  private static final double[] TENS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

  /// Scaled numbers below this one know a hundredth.
  private static final double MOST_SCALED = 1L << 45;

  private Decimals() {}

  /// A number with exactly so many decimals, halves rounded to even; not finite ones as they are.
  public static String fixed(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    String text = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    return text.startsWith("-") && text.chars().allMatch(c -> c == '-' || c == '0' || c == '.')
        ? text.substring(1)
        : text;
  }

  /// A number with at most so many decimals and no zeros at their end.
  public static String shortest(double value, int decimals) {
    String text = fixed(value, decimals);
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }

  /// A number rounded to so many decimals, as a number.
  public static double rounded(double value, int decimals) {
    if (!Double.isFinite(value) || decimals >= LabelCapabilities.FULL) {
      return value;
    }
    if (decimals >= 0 && decimals < TENS.length) {
      double scaled = value * TENS[decimals];
      double whole = Math.rint(scaled);
      // Clear of halves by more than the product is off, so that the decimal is that one; the
      // quotient of two exact numbers is the double nearest to it.
      if (Math.abs(scaled) < MOST_SCALED
          && 0.5 - Math.abs(scaled - whole) > 4 * Math.ulp(scaled) + Double.MIN_NORMAL) {
        return whole / TENS[decimals] + 0.0;
      }
    }
    // Not Double.parseDouble("-0.00"), which is another number than 0.
    return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN).doubleValue() + 0.0;
  }
}
