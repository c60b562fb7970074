package dev.lockstep.agreement;

import java.util.Arrays;

/// What each rater answers where something is true, and what is true, estimated together after
/// Dawid and Skene (1979) by expectation and maximisation, from the majority's answers on.
///
/// Each rater is taken to have been right once more about each category than was seen: without
/// that, few items are explained as well by a category of their own that everybody calls otherwise.
public final class DawidSkene {
  private static final int MAX_ROUNDS = 200;
  private static final double SETTLED = 1e-7;

  /// Items that are expected to be of a category before its row of a confusion is used; judged.
  private static final double MIN_ITEMS = 1;

  private final int raters;
  private final int categories;
  private final double[] priors;
  private final double[][][] confusions;
  private final double[][] support;
  private final double[][] posteriors;

  private DawidSkene(Ratings ratings) {
    raters = ratings.raters();
    categories = ratings.categories();
    priors = new double[categories];
    confusions = new double[raters][categories][categories];
    support = new double[raters][categories];
    posteriors = new double[ratings.size()][categories];
    int[] counts = new int[categories];
    for (int i = 0; i < ratings.size(); i++) {
      int given = ratings.count(i, counts);
      for (int c = 0; c < categories; c++) {
        posteriors[i][c] = given == 0 ? 1.0 / categories : (double) counts[c] / given;
      }
    }
    double change = Double.MAX_VALUE;
    for (int round = 0; round < MAX_ROUNDS && change > SETTLED; round++) {
      maximise(ratings);
      change = expect(ratings);
    }
  }

  /// The estimate from these answers.
  public static DawidSkene of(Ratings ratings) {
    return new DawidSkene(ratings);
  }

  private void maximise(Ratings ratings) {
    Arrays.fill(priors, 0);
    for (int r = 0; r < raters; r++) {
      Arrays.fill(support[r], 0);
      for (double[] row : confusions[r]) {
        Arrays.fill(row, 0);
      }
    }
    for (int i = 0; i < ratings.size(); i++) {
      for (int c = 0; c < categories; c++) {
        double weight = posteriors[i][c];
        priors[c] += weight / ratings.size();
        for (int r = 0; r < raters; r++) {
          int answer = ratings.answer(i, r);
          if (answer != Ratings.MISSING) {
            confusions[r][c][answer] += weight;
            support[r][c] += weight;
          }
        }
      }
    }
    for (int r = 0; r < raters; r++) {
      for (int c = 0; c < categories; c++) {
        confusions[r][c][c] += 1;
        for (int k = 0; k < categories; k++) {
          confusions[r][c][k] /= support[r][c] + 1;
        }
      }
    }
  }

  private double expect(Ratings ratings) {
    double change = 0;
    double[] logs = new double[categories];
    for (int i = 0; i < ratings.size(); i++) {
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < categories; c++) {
        logs[c] = Math.log(priors[c]);
        for (int r = 0; r < raters; r++) {
          int answer = ratings.answer(i, r);
          if (answer != Ratings.MISSING) {
            logs[c] += Math.log(confusions[r][c][answer]);
          }
        }
        most = Math.max(most, logs[c]);
      }
      double sum = 0;
      for (int c = 0; c < categories; c++) {
        logs[c] = Math.exp(logs[c] - most);
        sum += logs[c];
      }
      for (int c = 0; c < categories; c++) {
        change = Math.max(change, Math.abs(posteriors[i][c] - logs[c] / sum));
        posteriors[i][c] = logs[c] / sum;
      }
    }
    return change;
  }

  /// Share of the items that are of a category.
  public double prior(int category) {
    return priors[category];
  }

  /// Probability that an item is of a category.
  public double posterior(int item, int category) {
    return posteriors[item][category];
  }

  /// Probability that a rater answers `answer` where `truth` is true; NaN where too few items say.
  public double confusion(int rater, int truth, int answer) {
    return support[rater][truth] < MIN_ITEMS ? Double.NaN : confusions[rater][truth][answer];
  }

  /// Probability that an answer of the rater is right, over the items that the rater saw.
  public double accuracy(int rater) {
    double all = 0;
    double right = 0;
    for (int c = 0; c < categories; c++) {
      all += support[rater][c];
      right += support[rater][c] * confusions[rater][c][c];
    }
    return right / all;
  }

  /// How much the rater's answers depend on the truth, after Raykar and Yu (2012): 0 for one whose
  /// answers say nothing about it, 1 for one who never errs; with two categories the square of
  /// sensitivity + specificity - 1. NaN where the rater saw fewer than two categories.
  public double score(int rater) {
    double sum = 0;
    int pairs = 0;
    for (int a = 0; a < categories; a++) {
      for (int b = 0; b < a; b++) {
        if (support[rater][a] >= MIN_ITEMS && support[rater][b] >= MIN_ITEMS) {
          pairs++;
          for (int k = 0; k < categories; k++) {
            double difference = confusions[rater][a][k] - confusions[rater][b][k];
            sum += difference * difference;
          }
        }
      }
    }
    return pairs == 0 ? Double.NaN : sum / (2.0 * pairs);
  }
}
