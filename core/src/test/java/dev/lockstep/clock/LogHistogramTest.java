package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogHistogramTest {

  @Test
  void answersQuantilesWithinItsStatedError() {
    Random random = new Random(11);
    double[] values = new double[20_001];
    LogHistogram histogram = new LogHistogram();
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian() * Math.pow(10, 1 + random.nextInt(8));
      histogram.add(values[i]);
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] magnitudes = Arrays.stream(values).map(Math::abs).sorted().toArray();
    for (double share : new double[] {0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999}) {
      double exact = sorted[(int) (share * values.length)];
      assertThat(histogram.quantile(share))
          .as("quantile %s", share)
          .isCloseTo(exact, within(0.016 * Math.abs(exact) + 1));
      double magnitude = magnitudes[(int) (share * values.length)];
      assertThat(histogram.magnitudeQuantile(share))
          .as("magnitude %s", share)
          .isCloseTo(magnitude, within(0.016 * magnitude + 1));
    }
    assertThat(histogram.min()).isEqualTo(sorted[0]);
    assertThat(histogram.max()).isEqualTo(sorted[values.length - 1]);
    assertThat(histogram.count()).isEqualTo(values.length);
  }

  @Test
  void takesTheLargestAndTheSmallestMagnitudes() {
    LogHistogram histogram = new LogHistogram();
    for (double value :
        new double[] {0, -0.0, 0.5, Long.MAX_VALUE, -1e300, Double.NEGATIVE_INFINITY}) {
      histogram.add(value);
    }
    histogram.add(Double.NaN);
    assertThat(histogram.count()).isEqualTo(6);
    assertThat(histogram.quantile(0.5)).isZero();
    assertThat(histogram.min()).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void answersZeroWhereItIsEmpty() {
    LogHistogram histogram = new LogHistogram();
    assertThat(histogram.quantile(0.5)).isZero();
    assertThat(histogram.magnitudeQuantile(0.5)).isZero();
    assertThat(histogram.min()).isZero();
    assertThat(histogram.max()).isZero();
  }
}
