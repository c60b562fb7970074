package dev.lockstep.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AssignmentTest {
  @Test
  void takesTheGreatestSumInsteadOfTheGreatestPair() {
    assertThat(Assignment.of(new double[][] {{0.9, 0.8}, {0.85, 0.0}}, 0.5)).containsExactly(1, 0);
    assertThat(Assignment.of(new double[][] {{0.9, 0.8}, {0.85, 0.0}}, 0.82))
        .containsExactly(0, -1);
    assertThat(Assignment.of(new double[2][0], 0.5)).containsExactly(-1, -1);
    assertThat(Assignment.of(new double[0][0], 0.5)).isEmpty();
  }

  @Test
  void isAsGoodAsTryingAll() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      double[][] values = new double[1 + random.nextInt(5)][1 + random.nextInt(5)];
      for (double[] row : values) {
        for (int j = 0; j < values[0].length; j++) {
          row[j] = random.nextInt(3) == 0 ? 0 : random.nextDouble();
        }
      }
      int[] found = Assignment.of(values, 0.4);
      double sum = 0;
      long used = 0;
      for (int i = 0; i < found.length; i++) {
        if (found[i] >= 0) {
          assertThat(values[i][found[i]]).isGreaterThanOrEqualTo(0.4);
          assertThat(used & (1L << found[i])).as("seed %s: one to one", seed).isZero();
          used |= 1L << found[i];
          sum += values[i][found[i]];
        }
      }
      assertThat(sum).as("seed %s", seed).isCloseTo(best(values, 0, 0), within(1e-9));
    }
  }

  private static double best(double[][] values, int row, long used) {
    if (row == values.length) {
      return 0;
    }
    double best = best(values, row + 1, used);
    for (int j = 0; j < values[0].length; j++) {
      if ((used & (1L << j)) == 0 && values[row][j] >= 0.4) {
        best = Math.max(best, values[row][j] + best(values, row + 1, used | (1L << j)));
      }
    }
    return best;
  }
}
