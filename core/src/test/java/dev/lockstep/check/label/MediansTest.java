package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MediansTest {
  @Test
  void givesWhatSortingWouldGive() {
    for (long seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      int n = 1 + random.nextInt(40);
      double[] values = new double[n + 3];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (random.nextInt(12)) {
              case 0 -> Double.NaN;
              case 1 -> Double.POSITIVE_INFINITY;
              case 2, 3 -> 1;
              default -> random.nextGaussian();
            };
      }
      double[] rest = Arrays.copyOfRange(values, n, n + 3);
      double[] sorted = Arrays.copyOf(values, n);
      Arrays.sort(sorted);
      assertThat(Double.valueOf(Medians.upper(values, n)))
          .as("seed %d", seed)
          .isEqualTo(Double.valueOf(sorted[n / 2]));
      assertThat(Arrays.copyOfRange(values, n, n + 3)).as("seed %d", seed).isEqualTo(rest);
      double[] after = Arrays.copyOf(values, n);
      Arrays.sort(after);
      assertThat(after).as("seed %d", seed).isEqualTo(sorted);
    }
  }
}
