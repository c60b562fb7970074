package dev.lockstep.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.agreement.GoldOnly.Part;
import dev.lockstep.agreement.GoldOnly.Work;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GoldOnlyTest {
  private static final int PEOPLE = 8;

  /// Right and wrong objects of a crew: hard and easy objects, people of different skill, and in
  /// the gold set more of the easy ones. Person 0 errs `elsewhere` of the objects besides that are
  /// not of it.
  private static List<Work> crew(
      SplittableRandom random, int goldObjects, int others, double elsewhere) {
    double[] skill = random.doubles(PEOPLE, 0.3, 2).toArray();
    long[][] wrong = new long[PEOPLE][2];
    for (int part = 0; part < 2; part++) {
      for (int o = 0; o < (part == 0 ? goldObjects : others); o++) {
        double hard = random.nextDouble() < (part == 0 ? 0.1 : 0.3) ? 0.25 : 0.02;
        for (int p = 0; p < PEOPLE; p++) {
          boolean errs = random.nextDouble() < hard * skill[p];
          boolean lazy = p == 0 && part == 1 && random.nextDouble() < elsewhere;
          wrong[p][part] += errs || lazy ? 1 : 0;
        }
      }
    }
    List<Work> all = new ArrayList<>();
    for (long[] of : wrong) {
      all.add(new Work(new Part(goldObjects - of[0], of[0]), new Part(others - of[1], of[1])));
    }
    return all;
  }

  private static GoldOnly.Chance test(List<Work> all, int person) {
    Part none = new Part(0, 0);
    Work others = new Work(none, none);
    for (int p = 0; p < all.size(); p++) {
      if (p != person) {
        others =
            new Work(
                others.gold().plus(all.get(p).gold()),
                others.elsewhere().plus(all.get(p).elsewhere()));
      }
    }
    return GoldOnly.test(all.get(person), others);
  }

  @Test
  void agreesWithCountingByHand() {
    // Of two errors none in the gold set: C(5,0)C(3,2), C(5,1)C(3,1) and C(5,2)C(3,0) ways.
    Work own = new Work(new Part(5, 0), new Part(1, 2));
    Work others = new Work(new Part(5, 5), new Part(5, 2));
    double[] gold = {choose(5, 0) * choose(10, 5), choose(5, 1) * choose(10, 4), 0};
    gold[2] = choose(5, 2) * choose(10, 3);
    double[] rest = {choose(4, 2) * choose(6, 1), choose(4, 1) * choose(6, 2), choose(6, 3)};
    double sum = gold[0] * rest[0] + gold[1] * rest[1] + gold[2] * rest[2];
    assertThat(GoldOnly.test(own, others).chance())
        .isEqualTo(gold[0] * rest[0] / sum, within(1e-12));
    assertThat(GoldOnly.test(own, others).least())
        .isEqualTo(gold[0] * rest[0] / sum, within(1e-12));
  }

  private static double choose(int n, int k) {
    double ways = 1;
    for (int i = 1; i <= k; i++) {
      ways = ways * (n - i + 1) / i;
    }
    return ways;
  }

  @Test
  void accusesFewHonestPeopleWhoFindTheGoldSetEasy() {
    int accused = 0;
    int crews = 500;
    for (int seed = 0; seed < crews; seed++) {
      List<Work> all = crew(new SplittableRandom(88_000 + seed), 40, 120, 0);
      for (int p = 0; p < PEOPLE; p++) {
        accused += PEOPLE * test(all, p).chance() < AgreementStudy.GOLD_ONLY ? 1 : 0;
      }
    }
    // 0.125 % of people, 1 % of crews, is what the limit stands for.
    assertThat(accused).as("of %d people", crews * PEOPLE).isLessThanOrEqualTo(20);
  }

  /// How many of 200 crews show who errs in a share of the other objects, for a number of objects
  /// in the gold set beside 200 others.
  private static int found(int goldObjects, double share) {
    int found = 0;
    for (int seed = 0; seed < 200; seed++) {
      List<Work> all = crew(new SplittableRandom(99_000 + seed), goldObjects, 200, share);
      found += PEOPLE * test(all, 0).chance() < AgreementStudy.GOLD_ONLY ? 1 : 0;
    }
    return found;
  }

  @Test
  void findsWhoErrsElsewhereWhereTheGoldSetIsLarge() {
    assertThat(found(200, 0.5)).isGreaterThan(190);
    assertThat(found(200, 0.3)).isGreaterThan(140);
  }

  @Test
  void saysWhereTooFewObjectsDecide() {
    int undecided = 0;
    for (int seed = 0; seed < 200; seed++) {
      List<Work> few = crew(new SplittableRandom(77_000 + seed), 4, 200, 0.5);
      undecided += PEOPLE * test(few, 0).least() >= AgreementStudy.GOLD_ONLY ? 1 : 0;
    }
    assertThat(undecided).isGreaterThan(190);
  }

  /// Instants, each with an object of its own, called otherwise from some instant on.
  private static LabelSet set(int instants, int wrongFrom) {
    LabelSet labels = new LabelSet("drive", LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int f = 0; f < instants; f++) {
      String category = f >= wrongFrom ? "truck" : "car";
      int row = labels.add(1000L + f, f, "t" + f, category, "labels", f);
      labels.setBox3d(row, 10 * f, 0, 1, 4, 2, 2, 0);
    }
    labels.seal();
    return labels;
  }

  @Test
  void aStudyTellsWhoWorksWellInTheGoldSetOnly() {
    Map<String, LabelSet> named = new LinkedHashMap<>();
    for (String name : List.of("a", "b", "c", "d")) {
      named.put(name, set(60, 60));
    }
    // One honest error in the gold set, else nothing shows how hard it is.
    for (int honest = 0; honest < 3; honest++) {
      LabelSet labels = new LabelSet("drive", LabelSet.Frame.WORLD, StampSource.COLUMN);
      for (int f = 0; f < 60; f++) {
        boolean errs = f % 6 == honest;
        int row = labels.add(1000L + f, f, "t" + f, errs ? "truck" : "car", "labels", f);
        labels.setBox3d(row, 10 * f, 0, 1, 4, 2, 2, 0);
      }
      labels.seal();
      named.put(List.of("a", "b", "c").get(honest), labels);
    }
    named.put("d", set(60, 30));
    List<Rater> raters = Rater.of(named, Rater.Key.STAMP);
    Rater gold = Rater.of(Map.of("gold", set(30, 30)), Rater.Key.STAMP).getFirst();

    List<AgreementRow> rows = AgreementStudy.of(raters, gold, 0.5, 1);

    assertThat(value(rows, "d", "wrong-objects")).isZero();
    assertThat(value(rows, "d", "wrong-elsewhere")).isEqualTo(1);
    assertThat(value(rows, "d", "better-in-gold-only-chance")).isLessThan(0.001);
    assertThat(value(rows, "a", "better-in-gold-only-chance")).isGreaterThan(0.01);
  }

  private static double value(List<AgreementRow> rows, String name, String measure) {
    return rows.stream()
        .filter(row -> row.scope().equals("gold"))
        .filter(row -> row.subject().equals(name) && row.measure().equals(measure))
        .mapToDouble(AgreementRow::value)
        .findFirst()
        .orElseThrow();
  }
}
