package dev.lockstep.agreement;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All measures of agreement among annotators, in a fixed order.
///
/// Intervals of kappas and alphas come from frames drawn anew (seeded), those of shares are exact
/// (Clopper and Pearson), each with 95 %.
public final class AgreementStudy {
  private static final int DRAWS = 1000;

  /// Thresholds at which alpha shows how much it hangs on where boxes lie.
  private static final double[] THRESHOLDS = {0.3, 0.5, 0.7, 0.9};

  /// Rarest confusions are left out; judged.
  private static final double MIN_CONFUSION = 0.005;

  /// Chance, over all annotators, below which somebody works better in the gold set only; judged,
  /// as the share of honest people who may be accused.
  static final double GOLD_ONLY = 0.01;

  /// Fewest annotators of whom two can say what is right outside of the gold set.
  private static final int MIN_RATERS = 3;

  private final List<Rater> raters;
  private final double threshold;
  private final long seed;
  private final List<AgreementRow> rows = new ArrayList<>();

  private AgreementStudy(List<Rater> raters, double threshold, long seed) {
    this.raters = raters;
    this.threshold = threshold;
    this.seed = seed;
  }

  /// The measures.
  ///
  /// @param raters at least two annotators, or one with a gold set
  /// @param gold labels known to be right, or null
  /// @param threshold least overlap (intersection over union) of boxes that mean the same object
  /// @param seed seed of the intervals
  /// @throws IllegalArgumentException if there is nothing to compare
  public static List<AgreementRow> of(
      List<Rater> raters, @Nullable Rater gold, double threshold, long seed) {
    if (raters.size() < 2 && gold == null) {
      throw new IllegalArgumentException(
          raters.size()
              + (raters.size() == 1 ? " annotator" : " annotators")
              + " (expected at least two, or a gold set)");
    }
    AgreementStudy study = new AgreementStudy(raters, threshold, seed);
    if (raters.size() > 1) {
      study.among();
    }
    if (gold != null) {
      study.against(gold);
    }
    return study.rows;
  }

  private void among() {
    MatchedLabels matched = new MatchedLabels(raters, threshold);
    if (matched.frames() == 0) {
      throw new IllegalArgumentException("no frame was labelled by two annotators");
    }
    Ratings ratings = matched.ratings();
    Concordance all = Concordance.of(ratings);
    add("all", "", "frames", matched.frames(), matched.frames());
    add("all", "", "items", ratings.size(), ratings.size());
    add("all", "", "observed-agreement", all.observed(), all.items());
    concordance("all", "", ratings);
    for (double least : THRESHOLDS) {
      Concordance at = Concordance.of(new MatchedLabels(raters, least).ratings());
      add("iou", Double.toString(least), "krippendorff-alpha", at.alpha(), at.items());
    }
    for (int c = 0; c < ratings.categories(); c++) {
      concordance("category", matched.categories().get(c), ratings.against(c));
    }
    for (int a = 0; a < raters.size(); a++) {
      for (int b = a + 1; b < raters.size(); b++) {
        pair(ratings, a, b);
      }
    }
    annotators(matched);
  }

  private void concordance(String scope, String subject, Ratings ratings) {
    Concordance all = Concordance.of(ratings);
    double[] kappa = Concordance.interval(ratings, Concordance::fleissKappa, DRAWS, seed);
    double[] alpha = Concordance.interval(ratings, Concordance::alpha, DRAWS, seed);
    add(scope, subject, "fleiss-kappa", all.fleissKappa(), kappa, all.items());
    add(scope, subject, "krippendorff-alpha", all.alpha(), alpha, all.items());
  }

  private void pair(Ratings ratings, int a, int b) {
    long[][] table = ratings.table(a, b);
    long items = 0;
    long equal = 0;
    for (int c = 0; c < table.length; c++) {
      equal += table[c][c];
      for (long count : table[c]) {
        items += count;
      }
    }
    if (items > 0) {
      String subject = raters.get(a).name() + " | " + raters.get(b).name();
      add("pair", subject, "cohen-kappa", Concordance.cohenKappa(table), items);
      share("pair", subject, "observed-agreement", equal, items);
    }
  }

  private void annotators(MatchedLabels matched) {
    Ratings ratings = matched.ratings();
    int[] counts = new int[ratings.categories()];
    DawidSkene model = DawidSkene.of(ratings);
    for (int r = 0; r < raters.size(); r++) {
      String name = raters.get(r).name();
      long rated = 0;
      long withOthers = 0;
      long missed = 0;
      long presentToOthers = 0;
      long alone = 0;
      long drawn = 0;
      for (int i = 0; i < ratings.size(); i++) {
        int own = ratings.answer(i, r);
        if (own == Ratings.MISSING || ratings.count(i, counts) < 2) {
          continue;
        }
        counts[own]--;
        int most = most(counts);
        boolean absent = own == matched.absent();
        drawn += absent ? 0 : 1;
        if (most >= 0) {
          rated++;
          withOthers += most == own ? 1 : 0;
          presentToOthers += most == matched.absent() ? 0 : 1;
          missed += absent && most != matched.absent() ? 1 : 0;
          alone += !absent && most == matched.absent() ? 1 : 0;
        }
      }
      add("annotator", name, "boxes", raters.get(r).size(), raters.get(r).size());
      share("annotator", name, "agrees-with-majority-of-others", withOthers, rated);
      share("annotator", name, "misses-what-most-others-drew", missed, presentToOthers);
      share("annotator", name, "draws-what-most-others-did-not", alone, drawn);
      add("annotator", name, "mean-iou", matched.overlap(r), matched.overlapping(r));
      add("annotator", name, "dawid-skene-accuracy", model.accuracy(r), rated);
      add("annotator", name, "spammer-score", model.score(r), rated);
    }
    for (int r = 0; r < raters.size(); r++) {
      for (int truth = 0; truth < ratings.categories(); truth++) {
        for (int answer = 0; answer < ratings.categories(); answer++) {
          double share = model.confusion(r, truth, answer);
          if (truth != answer && share >= MIN_CONFUSION) {
            String subject =
                raters.get(r).name()
                    + ": "
                    + matched.categories().get(truth)
                    + " -> "
                    + matched.categories().get(answer);
            add("confusion", subject, "probability", share, ratings.size());
          }
        }
      }
    }
  }

  /// The answer given most often, or -1 where two are.
  static int most(int[] counts) {
    int most = 0;
    boolean tie = false;
    for (int c = 1; c < counts.length; c++) {
      tie = counts[c] == counts[most] || (tie && counts[c] < counts[most]);
      most = counts[c] > counts[most] ? c : most;
    }
    return tie ? -1 : most;
  }

  private void against(Rater gold) {
    for (Rater rater : raters) {
      MatchedLabels matched = new MatchedLabels(List.of(gold, rater), threshold);
      Ratings ratings = matched.ratings();
      long truths = 0;
      long right = 0;
      long found = 0;
      long drawn = 0;
      for (int i = 0; i < ratings.size(); i++) {
        int truth = ratings.answer(i, 0);
        int answer = ratings.answer(i, 1);
        if (truth != Ratings.MISSING && answer != Ratings.MISSING) {
          boolean present = truth != matched.absent();
          truths += present ? 1 : 0;
          right += present && answer == truth ? 1 : 0;
          found += present && answer != matched.absent() ? 1 : 0;
          drawn += answer == matched.absent() ? 0 : 1;
        }
      }
      if (truths + drawn == 0) {
        add("gold", rater.name(), "accuracy", Double.NaN, 0);
        continue;
      }
      share("gold", rater.name(), "accuracy", right, truths);
      share("gold", rater.name(), "recall", found, truths);
      share("gold", rater.name(), "precision", found, drawn);
      add("gold", rater.name(), "mean-iou", matched.overlap(1), matched.overlapping(1));
      identities(gold, rater, matched.overlapping(1));
    }
    if (raters.size() >= MIN_RATERS) {
      goldOnly(gold);
    }
  }

  private void identities(Rater gold, Rater rater, long paired) {
    List<IdentityChanges.Change> changes = IdentityChanges.of(gold, rater, threshold);
    add("gold", rater.name(), "identity-changes", changes.size(), paired);
    for (IdentityChanges.Change change : changes) {
      String subject =
          "%s: object %s, %s -> %s at %d"
              .formatted(
                  rater.name(), change.object(), change.before(), change.after(), change.frame());
      add("identity", subject, "iou", change.overlap(), 1);
    }
  }

  /// Who errs where nobody compares their work with the gold set.
  private void goldOnly(Rater gold) {
    List<GoldOnly.Work> all = GoldOnly.of(raters, gold, threshold);
    for (int r = 0; r < raters.size(); r++) {
      GoldOnly.Work own = all.get(r);
      GoldOnly.Part none = new GoldOnly.Part(0, 0);
      GoldOnly.Work others = new GoldOnly.Work(none, none);
      for (int other = 0; other < raters.size(); other++) {
        if (other != r) {
          others =
              new GoldOnly.Work(
                  others.gold().plus(all.get(other).gold()),
                  others.elsewhere().plus(all.get(other).elsewhere()));
        }
      }
      GoldOnly.Chance chance = GoldOnly.test(own, others);
      String name = raters.get(r).name();
      share("gold", name, "wrong-objects", own.gold().wrong(), own.gold().all());
      share("gold", name, "wrong-elsewhere", own.elsewhere().wrong(), own.elsewhere().all());
      // Of all annotators, one may be so lucky.
      boolean decides = raters.size() * chance.least() < GOLD_ONLY;
      add(
          "gold",
          name,
          "better-in-gold-only-chance",
          decides ? Math.min(1, raters.size() * chance.chance()) : Double.NaN,
          own.gold().all() + own.elsewhere().all());
    }
  }

  private void share(String scope, String subject, String measure, long k, long n) {
    double[] none = {Double.NaN, Double.NaN};
    add(
        scope,
        subject,
        measure,
        n == 0 ? Double.NaN : (double) k / n,
        n == 0 ? none : ExactBounds.interval(k, n),
        n);
  }

  private void add(String scope, String subject, String measure, double value, long count) {
    add(scope, subject, measure, value, new double[] {Double.NaN, Double.NaN}, count);
  }

  private void add(
      String scope, String subject, String measure, double value, double[] limits, long count) {
    rows.add(new AgreementRow(scope, subject, measure, value, limits[0], limits[1], count));
  }
}
