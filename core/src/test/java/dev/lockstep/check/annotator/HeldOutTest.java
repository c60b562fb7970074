package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.agreement.ExactBounds;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.synth.labels.Spoof;
import dev.lockstep.testing.LabelCheckContract;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The rules about annotators before crews that none of their limits was set with sight of: made by
/// another generator, from other seeds. Prints what was found with exact bounds of 95 %.
class HeldOutTest {
  private static final int ANNOTATORS = 400;
  private static final int CREWS = 4;

  @Test
  void honestAnnotatorsAreRarelyAccused() {
    int accused = 0;
    StringBuilder texts = new StringBuilder();
    for (int seed = 0; seed < ANNOTATORS / 10; seed++) {
      for (var rule : FalseAccusationsTest.RULES) {
        LabelCheckContract.Run run =
            LabelCheckContract.run(rule, Crew.held(91_000 + seed, 10, 50).build());
        accused += run.count();
        texts.append(run.text());
      }
    }
    System.out.printf(
        "held out: %d accusations of %d honest annotators, at most %.2f %% (95 %%)%n",
        accused, ANNOTATORS, 100 * ExactBounds.upper(accused, ANNOTATORS, 0.95));
    assertThat(accused).as("%s", texts).isLessThanOrEqualTo(ANNOTATORS / 100);
  }

  @Test
  void spoofingIsFound() {
    Map<String, Integer> missed = new TreeMap<>();
    int trials = 0;
    int found = 0;
    int others = 0;
    for (Spoof spoof : Spoof.all()) {
      for (int seed = 0; seed < CREWS; seed++) {
        Crew crew = Crew.held(71_000 + seed, 4, 50);
        spoof.change().accept(crew);
        String told = SpoofingTest.told(crew);
        trials++;
        if (told.contains("of ann-1 ")) {
          found++;
        } else {
          missed.merge(spoof.name(), 1, Integer::sum);
        }
        others +=
            (int)
                told.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("  "))
                    .filter(line -> !line.contains("of ann-1 "))
                    .count();
      }
    }
    System.out.printf(
        "held out: %d of %d spoofers found, at least %.1f %% (95 %%); %d others accused; missed"
            + " %s%n",
        found, trials, 100 * ExactBounds.lower(found, trials, 0.95), others, missed);
    assertThat(found).as("of %d; missed %s", trials, missed).isGreaterThan(trials * 97 / 100);
    assertThat(others).isLessThanOrEqualTo(3);
  }
}
