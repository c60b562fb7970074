package dev.lockstep.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DawidSkeneTest {
  private static final int ITEMS = 3000;

  /// Three raters of known confusion, one who always says 1, and one who guesses.
  private static Ratings simulated(long seed) {
    Random random = new Random(seed);
    Ratings ratings = new Ratings(5, 2);
    for (int i = 0; i < ITEMS; i++) {
      int truth = random.nextDouble() < 0.7 ? 1 : 0;
      int[] row = new int[5];
      for (int r = 0; r < 3; r++) {
        double wrong = truth == 1 ? 0.1 : 0.05 * (r + 1);
        row[r] = random.nextDouble() < wrong ? 1 - truth : truth;
      }
      row[3] = 1;
      row[4] = random.nextInt(2);
      if (i % 7 == 0) {
        row[i % 3] = Ratings.MISSING;
      }
      ratings.add(i, row);
    }
    return ratings;
  }

  @Test
  void recoversPriorsAndConfusions() {
    DawidSkene model = DawidSkene.of(simulated(11));
    assertThat(model.prior(1)).isCloseTo(0.7, within(0.03));
    for (int r = 0; r < 3; r++) {
      assertThat(model.confusion(r, 1, 0)).isCloseTo(0.1, within(0.03));
      assertThat(model.confusion(r, 0, 1)).isCloseTo(0.05 * (r + 1), within(0.05));
    }
  }

  @Test
  void scoresSpammersNearZeroAndGoodRatersByTheirSensitivityAndSpecificity() {
    DawidSkene model = DawidSkene.of(simulated(12));
    assertThat(model.score(0)).isCloseTo(0.85 * 0.85, within(0.08));
    assertThat(model.score(3)).isLessThan(1e-5);
    assertThat(model.score(4)).isLessThan(0.02);
    assertThat(model.accuracy(3)).as("always 1, and 70 % are 1").isCloseTo(0.7, within(0.03));
  }

  @Test
  void raterWithoutErrorScoresOne() {
    DawidSkene model = DawidSkene.of(Ratings.of(3, new int[][] {{0, 0}, {1, 1}, {2, 2}, {1, 1}}));
    assertThat(model.score(0)).isCloseTo(1, within(1e-9));
    assertThat(model.posterior(2, 2)).isCloseTo(1, within(1e-9));
  }
}
