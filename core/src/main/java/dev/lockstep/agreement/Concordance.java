package dev.lockstep.agreement;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// Agreement beyond chance among any number of raters.
///
/// Only items with at least two answers count. What the statistics need adds up over groups, so
/// that drawing groups anew costs little.
public final class Concordance {
  private static final double TAIL = 0.025;

  /// Sums: answers of each category, then disagreement, then agreeing share, then items.
  private final double[] sums;

  private final int categories;

  private Concordance(double[] sums) {
    this.sums = sums;
    this.categories = sums.length - 3;
  }

  /// Of all items.
  public static Concordance of(Ratings ratings) {
    double[] sums = new double[ratings.categories() + 3];
    for (double[] group : groups(ratings)) {
      add(sums, group);
    }
    return new Concordance(sums);
  }

  private static double[][] groups(Ratings ratings) {
    int k = ratings.categories();
    int groups = 0;
    for (int i = 0; i < ratings.size(); i++) {
      groups = Math.max(groups, ratings.group(i) + 1);
    }
    double[][] sums = new double[groups][k + 3];
    int[] counts = new int[k];
    for (int i = 0; i < ratings.size(); i++) {
      int given = ratings.count(i, counts);
      if (given >= 2) {
        double[] group = sums[ratings.group(i)];
        double squares = 0;
        for (int c = 0; c < k; c++) {
          group[c] += counts[c];
          squares += (double) counts[c] * counts[c];
        }
        group[k] += ((double) given * given - squares) / (given - 1);
        group[k + 1] += (squares - given) / ((double) given * (given - 1));
        group[k + 2]++;
      }
    }
    return sums;
  }

  private static void add(double[] sums, double[] more) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += more[i];
    }
  }

  /// Items with at least two answers.
  public long items() {
    return Math.round(sums[categories + 2]);
  }

  /// Share of pairs of answers to the same item that are equal, averaged over items.
  public double observed() {
    return sums[categories + 1] / sums[categories + 2];
  }

  /// Kappa after Fleiss (1971), with a number of answers that may differ from item to item; NaN
  /// where there is one answer only.
  public double fleissKappa() {
    double all = 0;
    double squares = 0;
    for (int c = 0; c < categories; c++) {
      all += sums[c];
      squares += sums[c] * sums[c];
    }
    double chance = squares / (all * all);
    return chance == 1 ? Double.NaN : (observed() - chance) / (1 - chance);
  }

  /// Krippendorff's alpha of nominal answers; NaN where there is one answer only.
  public double alpha() {
    double all = 0;
    double squares = 0;
    for (int c = 0; c < categories; c++) {
      all += sums[c];
      squares += sums[c] * sums[c];
    }
    double chance = all * all - squares;
    return chance == 0 ? Double.NaN : 1 - (all - 1) * sums[categories] / chance;
  }

  /// Limits of a statistic, low and high, between which 95 % of its values lie when groups are
  /// drawn anew; NaN where fewer than two groups hold items.
  public static double[] interval(
      Ratings ratings, ToDoubleFunction<Concordance> statistic, int draws, long seed) {
    double[][] groups =
        Arrays.stream(groups(ratings))
            .filter(sums -> sums[sums.length - 1] > 0)
            .toArray(double[][]::new);
    if (groups.length < 2) {
      return new double[] {Double.NaN, Double.NaN};
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[draws];
    int valid = 0;
    for (int d = 0; d < draws; d++) {
      double[] sums = new double[groups[0].length];
      for (int g = 0; g < groups.length; g++) {
        add(sums, groups[random.nextInt(groups.length)]);
      }
      double value = statistic.applyAsDouble(new Concordance(sums));
      if (!Double.isNaN(value)) {
        values[valid++] = value;
      }
    }
    if (valid == 0) {
      return new double[] {Double.NaN, Double.NaN};
    }
    Arrays.sort(values, 0, valid);
    return new double[] {
      values[(int) (TAIL * (valid - 1))], values[(int) Math.ceil((1 - TAIL) * (valid - 1))]
    };
  }

  /// Cohen's kappa of two raters from [Ratings#table]; NaN where both gave one answer only, or
  /// nothing.
  public static double cohenKappa(long[][] table) {
    double all = 0;
    double equal = 0;
    double chance = 0;
    double[] columns = new double[table.length];
    double[] rows = new double[table.length];
    for (int a = 0; a < table.length; a++) {
      for (int b = 0; b < table.length; b++) {
        all += table[a][b];
        rows[a] += table[a][b];
        columns[b] += table[a][b];
      }
      equal += table[a][a];
    }
    for (int c = 0; c < table.length; c++) {
      chance += rows[c] * columns[c] / (all * all);
    }
    return all == 0 || chance == 1 ? Double.NaN : (equal / all - chance) / (1 - chance);
  }
}
