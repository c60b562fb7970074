package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.LabelCheckContract;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Nine ways to work badly at three intensities, each in ten crews of four annotators with 50
/// objects: who does it is found by one of the rules, and the others of the crew are not accused.
class SpoofingTest {
  private static final int CREWS = 10;

  static Map<String, Consumer<Crew>> strategies() {
    Map<String, Consumer<Crew>> all = new TreeMap<>();
    for (int objects : new int[] {50, 40, 30}) {
      all.put("sizes of a template, objects " + objects, c -> c.template(1, 0, objects));
      all.put("every fifth drawn, objects " + objects, c -> c.thin(1, 0, objects, 5));
    }
    for (int objects : new int[] {50, 10, 1}) {
      all.put("work of others copied, objects " + objects, c -> copies(c, 0, objects));
      all.put("own work copied, objects " + objects, c -> copies(c, 1, Math.min(objects, 20)));
    }
    for (double seconds : new double[] {0.02, 0.1, 0.2}) {
      all.put("a box every " + seconds + " s", c -> c.hurry(1, 20, 40, seconds));
    }
    for (int n : new int[] {4, 6, 10}) {
      all.put("every " + n + "th drawn", c -> c.thin(1, 0, 50, n));
    }
    for (double factor : new double[] {1.2, 1.1, 0.94}) {
      all.put("edges times " + factor, c -> c.resize(1, 0, 50, factor));
      all.put("edges times " + factor + " from half on", c -> c.resize(1, 25, 50, factor));
    }
    for (double factor : new double[] {4, 3, 2}) {
      all.put(
          "hand " + factor + " times as unsteady from half on", c -> c.shake(1, 25, 50, factor));
    }
    return all;
  }

  /// Copies objects onto the later ones of annotator 1, or onto all where another drew them.
  private static void copies(Crew crew, int from, int objects) {
    for (int object = 0; object < objects; object++) {
      crew.copy(from, object, 1, from == 1 ? 49 - object : object);
    }
  }

  @Test
  void isFound() {
    StringBuilder missed = new StringBuilder();
    StringBuilder others = new StringBuilder();
    int trials = 0;
    int found = 0;
    for (Map.Entry<String, Consumer<Crew>> strategy : strategies().entrySet()) {
      for (int seed = 0; seed < CREWS; seed++) {
        Crew crew = Crew.of(5000 + seed, 4, 50);
        strategy.getValue().accept(crew);
        String told = told(crew);
        trials++;
        if (told.contains("of ann-1 ")) {
          found++;
        } else {
          missed.append(strategy.getKey()).append(", seed ").append(seed).append('\n');
        }
        told.lines()
            .filter(
                line -> !line.isBlank() && !line.startsWith("  ") && !line.contains("of ann-1 "))
            .forEach(line -> others.append(line).append('\n'));
      }
    }
    assertThat(found).as("of %s; missed:\n%s", trials, missed).isGreaterThan(trials * 97 / 100);
    assertThat(others.toString()).isEmpty();
  }

  static String told(Crew crew) {
    StringBuilder told = new StringBuilder();
    FalseAccusationsTest.RULES.forEach(
        rule -> told.append(LabelCheckContract.run(rule, crew.build()).text()).append('\n'));
    return told.toString();
  }
}
