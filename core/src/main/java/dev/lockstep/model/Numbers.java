package dev.lockstep.model;

/// Numbers as text, the same on every machine.
///
/// The digits are those of `Double.toString`, rounded half up, as those of `String.format` are.
/// That one takes as long to set up as a small recording takes to check.
public final class Numbers {
  /// Digits of numbers in texts.
  static final int SIGNIFICANT = 6;

  private Numbers() {}

  /// Whole numbers in full; others with up to six significant digits and no trailing zeros.
  public static String text(Number value) {
    return text(value, SIGNIFICANT);
  }

  /// Whole numbers in full; others with up to that many significant digits and no trailing zeros.
  static String text(Number value, int significant) {
    if (value instanceof Long || value instanceof Integer) {
      return value.toString();
    }
    return text(value.doubleValue(), significant);
  }

  /// Up to six significant digits, no trailing zeros, `.` as the decimal point.
  public static String text(double value) {
    return text(value, SIGNIFICANT);
  }

  private static String text(double value, int significant) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    Digits digits = Digits.of(Math.abs(value)).rounded(significant);
    String bare = digits.bare();
    int exponent = digits.exponent;
    StringBuilder text = new StringBuilder(value < 0 ? "-" : "");
    if (exponent >= -4 && exponent < significant) {
      return digits.appendPlain(text, Math.max(0, bare.length() - 1 - exponent)).toString();
    }
    text.append(bare.charAt(0));
    if (bare.length() > 1) {
      text.append('.').append(bare, 1, bare.length());
    }
    int size = Math.abs(exponent);
    return text.append(exponent < 0 ? "e-" : "e+")
        .append(size < 10 ? "0" : "")
        .append(size)
        .toString();
  }

  /// That many digits behind the decimal point, which is `.`.
  public static String fixed(double value, int decimals) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    Digits digits = Digits.of(Math.abs(value));
    StringBuilder text = new StringBuilder(Double.doubleToRawLongBits(value) < 0 ? "-" : "");
    return digits.rounded(digits.exponent + 1 + decimals).appendPlain(text, decimals).toString();
  }

  /// The round number nearest to `rough`, above 0, in steps of an axis: 1, 2, 5 or 10 times a power
  /// of ten.
  public static double roundStep(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double times = rough / power;
    return power * (times < 1.5 ? 1 : times < 3.5 ? 2 : times < 7.5 ? 5 : 10);
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

  /// A number that is not negative: its digits, of which the first stands for `10^exponent`.
  private static final class Digits {
    final String digits;
    final int exponent;

    Digits(String digits, int exponent) {
      this.digits = digits;
      this.exponent = exponent;
    }

    static Digits of(double value) {
      String text = Double.toString(value);
      int e = text.indexOf('E');
      String mantissa = e < 0 ? text : text.substring(0, e);
      int point = mantissa.indexOf('.');
      String digits = mantissa.substring(0, point) + mantissa.substring(point + 1);
      int zeros = 0;
      while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
        zeros++;
      }
      int shift = e < 0 ? 0 : Integer.parseInt(text.substring(e + 1));
      return new Digits(digits.substring(zeros), point - 1 - zeros + shift);
    }

    /// The number rounded to its first `count` digits.
    Digits rounded(int count) {
      if (count >= digits.length()) {
        return this;
      }
      if (count < 0) {
        return new Digits("0", exponent);
      }
      boolean up = digits.charAt(count) >= '5';
      // 17 digits at most.
      long kept = (count == 0 ? 0 : Long.parseLong(digits.substring(0, count))) + (up ? 1 : 0);
      String text = Long.toString(kept);
      return text.length() > count
          ? new Digits(text, exponent + text.length() - count)
          : new Digits(text, exponent);
    }

    /// Without the zeros at the end.
    String bare() {
      int end = digits.length();
      while (end > 1 && digits.charAt(end - 1) == '0') {
        end--;
      }
      return digits.substring(0, end);
    }

    StringBuilder appendPlain(StringBuilder text, int decimals) {
      for (int power = Math.max(0, exponent); power >= -decimals; power--) {
        if (power == -1) {
          text.append('.');
        }
        int i = exponent - power;
        text.append(i >= 0 && i < digits.length() ? digits.charAt(i) : '0');
      }
      return text;
    }
  }
}
