package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class KeyframesComputedTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new KeyframesComputed();
  }

  @Override
  public LabelSet clean() {
    return Crew.of(1, 4, 40).build();
  }

  @Override
  public LabelSet violating() {
    return Crew.of(1, 4, 40).thin(2, 0, 40, 5).build();
  }

  @Override
  public String expected() {
    return """
    warning ANN006 keyframes-computed: keyframes of ann-2 are computed: share on the line of their neighbours, 370 keyframes of 37 objects (every 5. was drawn) 0.8 (expected at most 0.6)
      at labels, message 961, frame 2, stamp 1700000000200000000 ns, labels.txt
      likely cause: few were drawn, and a tool computed those between\
    """;
  }

  private LabelCheckContract.Run run(Crew crew) {
    return LabelCheckContract.run(check(), crew.build());
  }

  @Test
  void isUndecidedWhereLabelsDoNotSayWhoMadeThem() {
    Crew crew = Crew.of(1, 2, 30);
    crew.table.boxes.forEach(box -> box.annotator = null);
    assertThat(run(crew).conclusion())
        .isEqualTo(new Conclusion.Undecided("labels do not say who made them"));
  }

  @Test
  void acceptsInterpolationThatIsDeclared() {
    Crew crew = Crew.of(1, 4, 40).thin(2, 0, 40, 5);
    crew.each(2, 0, 40, box -> box.flags = LabelDetails.INTERPOLATED);
    assertThat(run(crew).text()).isEmpty();
  }

  @Test
  void saysWhichWereDrawn() {
    assertThat(run(Crew.of(1, 4, 40).thin(1, 0, 40, 4)).text())
        .contains("keyframes of ann-1 are computed")
        .contains("(every 4. was drawn)");
  }
}
