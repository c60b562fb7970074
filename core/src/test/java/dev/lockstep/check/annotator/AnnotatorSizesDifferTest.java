package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class AnnotatorSizesDifferTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new AnnotatorSizesDiffer();
  }

  @Override
  public LabelSet clean() {
    return Crew.of(1, 4, 40).build();
  }

  @Override
  public LabelSet violating() {
    return Crew.of(1, 4, 40).resize(2, 0, 40, 1.06).build();
  }

  @Override
  public String expected() {
    return """
    warning ANN002 annotator-sizes-differ: boxes of ann-2 differ from those of the others: volume over the others', 40 objects 1.177 (expected 0.943 to 1.06)
      at labels, message 961, frame 2, stamp 1700000000200000000 ns, labels.txt
      likely cause: the annotator leaves more or less room around objects than others\
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
  void namesTheOneOfThreeWhoDiffersAndNotTheOthers() {
    assertThat(run(Crew.of(2, 3, 40).resize(1, 0, 40, 0.85)).text())
        .contains("boxes of ann-1 differ")
        .containsOnlyOnce("ANN002");
  }

  @Test
  void namesTwoWhoDifferInOppositeWays() {
    assertThat(run(Crew.of(3, 6, 40).resize(1, 0, 40, 0.85).resize(4, 0, 40, 1.15)).text())
        .contains("boxes of ann-1 differ")
        .contains("boxes of ann-4 differ")
        .doesNotContain("ann-0", "ann-2", "ann-3", "ann-5");
  }

  @Test
  void isUndecidedAboutOneAnnotatorAlone() {
    assertThat(run(Crew.of(1, 1, 60)).conclusion())
        .isEqualTo(
            new Conclusion.Undecided("no two annotators have 10 objects of one category each"));
  }
}
