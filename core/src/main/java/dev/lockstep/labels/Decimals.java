package dev.lockstep.labels;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Numbers in label files: plain decimals, never with an exponent.
public final class Decimals {
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
    // Not Double.parseDouble("-0.00"), which is another number than 0.
    return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN).doubleValue() + 0.0;
  }
}
