package dev.lockstep.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Published worked examples, and the same by hand.
class ConcordanceTest {
  private static final int NONE = Ratings.MISSING;

  /// Ten subjects, fourteen raters, five answers: the usual worked example of Fleiss' kappa.
  private static final int[][] FLEISS = {
    {0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0}, {2, 2, 8, 1, 1},
    {7, 7, 0, 0, 0}, {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2}, {6, 5, 2, 1, 0}, {0, 2, 2, 3, 7}
  };

  /// Four observers, twelve units, missing values: Krippendorff (2011), section C.
  private static final int[][] KRIPPENDORFF = {
    {1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE},
    {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3},
    {NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE},
    {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE}
  };

  private static Ratings ofCounts(int[][] counts) {
    int raters = Arrays.stream(counts[0]).sum();
    int[][] rows = new int[counts.length][raters];
    for (int i = 0; i < counts.length; i++) {
      int at = 0;
      for (int c = 0; c < counts[i].length; c++) {
        for (int n = 0; n < counts[i][c]; n++) {
          rows[i][at++] = c;
        }
      }
    }
    return Ratings.of(counts[0].length, rows);
  }

  private static Ratings ofObservers(int categories, int[][] observers) {
    int[][] rows = new int[observers[0].length][observers.length];
    for (int o = 0; o < observers.length; o++) {
      for (int u = 0; u < rows.length; u++) {
        rows[u][o] = observers[o][u];
      }
    }
    return Ratings.of(categories, rows);
  }

  @Test
  void fleissKappaIsThatOfTheWorkedExample() {
    Concordance all = Concordance.of(ofCounts(FLEISS));
    assertThat(all.observed()).isCloseTo(0.378, within(5e-4));
    assertThat(all.fleissKappa()).isCloseTo(0.210, within(5e-4));
    assertThat(all.items()).isEqualTo(10);
  }

  @Test
  void alphaIsThatOfKrippendorffWithMissingValues() {
    Concordance all = Concordance.of(ofObservers(6, KRIPPENDORFF));
    assertThat(all.alpha()).isCloseTo(0.743, within(5e-4));
    assertThat(all.items()).as("the unit seen by one observer does not count").isEqualTo(11);
  }

  @Test
  void alphaIsThatOfTheExampleOfThreeCoders() {
    int[][] coders = {
      {NONE, NONE, NONE, NONE, NONE, 3, 4, 1, 2, 1, 1, 3, 3, NONE, 3},
      {1, NONE, 2, 1, 3, 3, 4, 3, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
      {NONE, NONE, 2, 1, 3, 4, 4, NONE, 2, 1, 1, 3, 3, NONE, 4}
    };
    assertThat(Concordance.of(ofObservers(5, coders)).alpha()).isCloseTo(0.691, within(5e-4));
  }

  @Test
  void cohenKappaIsThatOfTheWorkedExample() {
    assertThat(Concordance.cohenKappa(new long[][] {{20, 5}, {10, 15}}))
        .isCloseTo(0.4, within(1e-12));
    assertThat(Concordance.cohenKappa(new long[][] {{45, 15}, {25, 15}}))
        .isCloseTo(0.1304, within(5e-5));
    assertThat(Concordance.cohenKappa(new long[][] {{25, 35}, {5, 35}}))
        .isCloseTo(0.2593, within(5e-5));
  }

  @Test
  void oneAnswerOnlyDecidesNothing() {
    Concordance all = Concordance.of(Ratings.of(2, new int[][] {{1, 1}, {1, 1}}));
    assertThat(all.fleissKappa()).isNaN();
    assertThat(all.alpha()).isNaN();
    assertThat(Concordance.cohenKappa(new long[][] {{0, 0}, {0, 9}})).isNaN();
  }

  @Test
  void intervalsHoldTheValueFollowFromTheSeedAndNeedGroups() {
    Ratings ratings = ofCounts(FLEISS);
    double[] limits = Concordance.interval(ratings, Concordance::alpha, 500, 7);
    assertThat(Concordance.of(ratings).alpha()).isBetween(limits[0], limits[1]);
    assertThat(limits[1] - limits[0]).isBetween(0.05, 0.6);
    assertThat(Concordance.interval(ratings, Concordance::alpha, 500, 7)).isEqualTo(limits);
    assertThat(Concordance.interval(ratings, Concordance::alpha, 500, 8)).isNotEqualTo(limits);
    Ratings one = new Ratings(2, 2);
    one.add(0, 0, 1);
    assertThat(Concordance.interval(one, Concordance::alpha, 10, 1)).containsOnly(Double.NaN);
  }

  @Test
  void exactIntervalsAreThoseOfClopperAndPearson() {
    assertThat(ExactBounds.interval(0, 10)[1]).isCloseTo(0.3085, within(5e-5));
    assertThat(ExactBounds.interval(0, 10)[0]).isCloseTo(0, within(1e-12));
    assertThat(ExactBounds.interval(4, 20)[0]).isCloseTo(0.0573, within(5e-5));
    assertThat(ExactBounds.interval(4, 20)[1]).isCloseTo(0.4366, within(5e-5));
    assertThat(ExactBounds.interval(10, 10)[0]).isCloseTo(0.6915, within(5e-5));
  }
}
