package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class SizesRepeatedTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new SizesRepeated();
  }

  @Override
  public LabelSet clean() {
    return Crew.of(1, 4, 40).build();
  }

  @Override
  public LabelSet violating() {
    return Crew.of(1, 4, 40).template(2, 0, 40).build();
  }

  @Override
  public String expected() {
    return """
    warning ANN003 sizes-repeated: sizes of ann-2 repeat: share of 40 objects with the size of another one 1 (expected at most 0.07)
      at labels, message 961, frame 2, stamp 1700000000200000000 ns, labels.txt
      likely cause: boxes keep the size of a template\
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
  void acceptsTemplatesThatEverybodyUses() {
    Crew crew = Crew.of(1, 3, 40).template(0, 0, 40).template(1, 0, 40).template(2, 0, 40);
    assertThat(run(crew).text()).isEmpty();
  }

  @Test
  void findsTemplatesOnMostObjects() {
    assertThat(run(Crew.of(5, 3, 40).template(0, 0, 30)).text()).contains("sizes of ann-0 repeat");
    assertThat(run(Crew.of(5, 3, 40).template(0, 0, 12)).text()).isEmpty();
  }
}
