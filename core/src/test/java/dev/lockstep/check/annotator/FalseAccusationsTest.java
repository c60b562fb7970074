package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How often annotators who did nothing wrong are accused: 1000 simulated ones, of 50 objects each,
/// in 100 label sets, by all rules.
class FalseAccusationsTest {
  static final List<LabelCheck> RULES =
      List.of(
          new AnnotatorDrifts(),
          new AnnotatorSizesDiffer(),
          new SizesRepeated(),
          new TrackCopied(),
          new LabelsTooFast(),
          new KeyframesComputed(),
          new AnnotatorHandDiffers(),
          new ObjectsMissed(),
          new CategoriesConfused(),
          new BoxesPasted(),
          new EditClockOff(),
          new AccountShared());

  @Test
  void areRare() {
    StringBuilder accusations = new StringBuilder();
    int count = 0;
    for (int seed = 0; seed < 100; seed++) {
      LabelSet labels = Crew.of(1000 + seed, 10, 50).build();
      for (LabelCheck rule : RULES) {
        LabelCheckContract.Run run = LabelCheckContract.run(rule, labels);
        count += run.count();
        accusations.append(run.text());
      }
    }
    // One in a hundred is what the rules may do at most; three of 1000 would show 0.8 % with 95 %.
    assertThat(count).as("accusations of 1000: %s", accusations).isLessThanOrEqualTo(3);
  }
}
