package dev.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Holds what is written without the JDK's formatter to that formatter.
class NumbersTest {

  @Test
  void writesSixDigitsAsTheFormatterDoes() {
    long seed = 5;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 100_000; i++) {
      double value = any(random);
      assertThat(Numbers.text(value)).as("%s of seed %d", value, seed).isEqualTo(formatted(value));
    }
  }

  @Test
  void writesDigitsBehindThePointAsTheFormatterDoes() {
    long seed = 6;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 100_000; i++) {
      double value = any(random);
      if (Math.abs(value) < 1e25) {
        int decimals = random.nextInt(4);
        assertThat(Numbers.fixed(value, decimals))
            .as("%s, %d decimals, of seed %d", value, decimals, seed)
            .isEqualTo(String.format(Locale.ROOT, "%." + decimals + "f", value));
      }
    }
  }

  @Test
  void roundsUpToOneDigitMore() {
    assertThat(Numbers.text(999999.5)).isEqualTo("1e+06");
    assertThat(Numbers.text(-0.00099999951)).isEqualTo("-0.001");
    assertThat(Numbers.text(1.25e-7)).isEqualTo("1.25e-07");
    assertThat(Numbers.fixed(9.996, 2)).isEqualTo("10.00");
    assertThat(Numbers.fixed(0.5, 0)).isEqualTo("1");
    assertThat(Numbers.fixed(0.04, 1)).isEqualTo("0.0");
    assertThat(Numbers.fixed(-0.0, 1)).isEqualTo("-0.0");
    assertThat(Numbers.fixed(100, 1)).isEqualTo("100.0");
  }

  private static double any(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 -> Double.longBitsToDouble(random.nextLong());
      case 1 -> (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-12, 18));
      case 2 -> random.nextInt(100_000_000) / 1e9 * Math.pow(10, random.nextInt(-2, 6));
      case 3 -> random.nextLong() / 1e9;
      // Halves, which must not go to the even digit.
      default -> (random.nextInt(2_000_000) + 0.5) * Math.pow(10, -random.nextInt(10));
    };
  }

  /// Six significant digits of the formatter without the zeros at their end.
  private static String formatted(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    String text = String.format(Locale.ROOT, "%.6g", value);
    int e = text.indexOf('e') < 0 ? text.length() : text.indexOf('e');
    String mantissa = text.substring(0, e);
    return (mantissa.contains(".") ? mantissa.replaceAll("\\.?0+$", "") : mantissa)
        + text.substring(e);
  }
}
