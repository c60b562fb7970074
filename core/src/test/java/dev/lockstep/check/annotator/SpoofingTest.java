package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.synth.labels.Crew;
import dev.lockstep.synth.labels.Spoof;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

/// Nine ways to work badly at three intensities, each in ten crews of four annotators with 50
/// objects: who does it is found by one of the rules, and the others of the crew are not accused.
class SpoofingTest {
  private static final int CREWS = 10;

  @Test
  void isFound() {
    StringBuilder missed = new StringBuilder();
    StringBuilder others = new StringBuilder();
    int trials = 0;
    int found = 0;
    for (Spoof spoof : Spoof.all()) {
      for (int seed = 0; seed < CREWS; seed++) {
        Crew crew = Crew.of(5000 + seed, 4, 50);
        spoof.change().accept(crew);
        String told = told(crew);
        trials++;
        if (told.contains("of ann-1 ")) {
          found++;
        } else {
          missed.append(spoof.name()).append(", seed ").append(seed).append('\n');
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
