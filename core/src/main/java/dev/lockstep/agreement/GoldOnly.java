package dev.lockstep.agreement;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Whether an annotator works well where work is compared with a gold set, and worse elsewhere.
///
/// An object counts once, whatever the number of its frames: wrong where most of its frames are, by
/// the gold set or, elsewhere, by the majority of at least two others. How much harder one part is
/// than the other shows in the work of the others, and how able the annotator is in both parts, so
/// that neither is taken for a fault: what remains is the ratio of odds, which Zelen's exact test
/// of homogeneity of two 2 x 2 tables compares.
///
/// What it can decide: of one in a crew of eight who errs in 30 % of 200 other objects, 12 % are
/// told with 40 objects in the gold set, 68 % with 100 and 95 % with 200; of one who errs in half
/// of them 61, 99 and 100 % (`GoldOnlyTest`, 200 crews each).
final class GoldOnly {
  /// Right and wrong objects in one part.
  record Part(long right, long wrong) {
    Part plus(Part other) {
      return new Part(right + other.right, wrong + other.wrong);
    }

    long all() {
      return right + wrong;
    }
  }

  /// Objects of one annotator.
  record Work(Part gold, Part elsewhere) {}

  /// What a test says.
  ///
  /// @param chance how likely so few errors in the gold part, or fewer, are of somebody who works
  ///   alike everywhere
  /// @param least the least that it could be with as many objects and errors: what is above a limit
  ///   cannot be decided by it
  record Chance(double chance, double least) {}

  private GoldOnly() {}

  /// Right and wrong objects of each rater.
  static List<Work> of(List<Rater> raters, Rater gold, double threshold) {
    MatchedLabels among = new MatchedLabels(raters, threshold);
    List<Work> all = new ArrayList<>();
    for (int r = 0; r < raters.size(); r++) {
      MatchedLabels truth = new MatchedLabels(List.of(gold, raters.get(r)), threshold);
      all.add(new Work(inGold(truth), elsewhere(among, r, gold)));
    }
    return all;
  }

  private static Part inGold(MatchedLabels matched) {
    Ratings ratings = matched.ratings();
    Map<List<Integer>, int[]> objects = new LinkedHashMap<>();
    for (int i = 0; i < ratings.size(); i++) {
      int truth = ratings.answer(i, 0);
      int own = ratings.answer(i, 1);
      if (truth != Ratings.MISSING && own != Ratings.MISSING) {
        int by = truth == matched.absent() ? 1 : 0;
        count(objects, i, by, matched.trackOf(i, by), own != truth);
      }
    }
    return part(objects);
  }

  private static Part elsewhere(MatchedLabels matched, int rater, Rater gold) {
    Ratings ratings = matched.ratings();
    int[] counts = new int[ratings.categories()];
    Map<List<Integer>, int[]> objects = new LinkedHashMap<>();
    for (int i = 0; i < ratings.size(); i++) {
      int own = ratings.answer(i, rater);
      if (own == Ratings.MISSING
          || gold.covers(matched.frameOf(i))
          || ratings.count(i, counts) < 3) {
        continue;
      }
      counts[own]--;
      int most = AgreementStudy.most(counts);
      if (most < 0) {
        continue;
      }
      int by = rater;
      for (int r = 0; most != matched.absent() && r < ratings.raters(); r++) {
        if (r != rater && ratings.answer(i, r) == most) {
          by = r;
          break;
        }
      }
      count(objects, i, by, matched.trackOf(i, by), own != most);
    }
    return part(objects);
  }

  /// A box without a track is an object of its own.
  private static void count(
      Map<List<Integer>, int[]> objects, int item, int by, int track, boolean wrong) {
    int[] votes =
        objects.computeIfAbsent(
            track < 0 ? List.of(by, -1, item) : List.of(by, track), key -> new int[2]);
    votes[wrong ? 1 : 0]++;
  }

  private static Part part(Map<List<Integer>, int[]> objects) {
    long wrong = objects.values().stream().filter(votes -> votes[1] > votes[0]).count();
    return new Part(objects.size() - wrong, wrong);
  }

  /// Zelen's exact test, one-sided: errors of the annotator in both parts together are given, and
  /// how many of them fall into the gold part follows the product of two hypergeometric
  /// distributions where the ratio of odds to the others is one and the same.
  static Chance test(Work own, Work others) {
    double[] gold = distribution(own.gold, others.gold);
    double[] elsewhere = distribution(own.elsewhere, others.elsewhere);
    long wrong = own.gold.wrong + own.elsewhere.wrong;
    double sum = 0;
    double sofar = 0;
    double least = Double.NaN;
    for (int k = 0; k < gold.length; k++) {
      long rest = wrong - k;
      double p = rest < 0 || rest >= elsewhere.length ? 0 : gold[k] * elsewhere[(int) rest];
      sum += p;
      sofar += k <= own.gold.wrong ? p : 0;
      least = p > 0 && Double.isNaN(least) ? p : least;
    }
    return sum > 0 ? new Chance(sofar / sum, least / sum) : new Chance(1, 1);
  }

  /// Weights of the errors of one annotator among those of all, by their number, the greatest 1.
  private static double[] distribution(Part own, Part others) {
    long wrong = own.wrong + others.wrong;
    long right = own.right + others.right;
    int most = (int) Math.min(own.all(), wrong);
    double[] logs = new double[most + 1];
    double greatest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k <= most; k++) {
      logs[k] =
          own.all() - k > right
              ? Double.NEGATIVE_INFINITY
              : logChoose(wrong, k) + logChoose(right, own.all() - k);
      greatest = Math.max(greatest, logs[k]);
    }
    for (int k = 0; k <= most; k++) {
      logs[k] = Math.exp(logs[k] - greatest);
    }
    return logs;
  }

  private static double logChoose(long n, long k) {
    double log = 0;
    for (long i = 1; i <= Math.min(k, n - k); i++) {
      log += Math.log((double) (n - i + 1) / i);
    }
    return log;
  }
}
