package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class CategoriesConfusedTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new CategoriesConfused();
  }

  @Override
  public LabelSet clean() {
    return Crew.together(1, 3, 60).build();
  }

  @Override
  public LabelSet violating() {
    return Crew.together(1, 3, 60).rename(1, 0, 60, "cyclist", "pedestrian", 1).build();
  }

  @Override
  public String expected() {
    return """
    warning ANN009 categories-confused: categories of ann-1 differ from those of the others: category cyclist -> pedestrian (19 of 19 objects, at least 85 %)
      at labels, track t-1-1, message 72, frame 6, stamp 1700000000600000000 ns, labels.txt
      likely cause: the annotator understands the category otherwise, or cannot tell it: show examples, then have these objects named anew\
    """;
  }

  private LabelCheckContract.Run run(Crew crew) {
    return LabelCheckContract.run(check(), crew.build());
  }

  @Test
  void isUndecidedWhereNobodyDrewTheSameObjects() {
    assertThat(run(Crew.of(1, 3, 30)).conclusion())
        .isEqualTo(new Conclusion.Undecided("no two annotators drew the same objects"));
  }

  @Test
  void saysSinceWhen() {
    Crew crew = Crew.together(2, 3, 120).rename(1, 60, 120, "cyclist", "pedestrian", 1);
    assertThat(run(crew).text())
        .contains(
            "categories of ann-1 differ", "cyclist -> pedestrian", "right before", "since 2023-")
        .containsOnlyOnce("ANN009");
  }

  @Test
  void saysThatTwoCannotTellWhoIsRight() {
    assertThat(run(Crew.together(3, 2, 60).rename(1, 0, 60, "cyclist", "pedestrian", 2)).text())
        .contains("only a third can tell")
        .containsOnlyOnce("ANN009");
  }

  @Test
  void acceptsASlipNowAndThen() {
    assertThat(run(Crew.together(4, 3, 120).rename(1, 0, 120, "cyclist", "pedestrian", 20)).text())
        .isEmpty();
  }

  @Test
  void comparesCategoriesInImages() {
    Crew crew = Crew.together(5, 3, 60).rename(1, 0, 60, "cyclist", "pedestrian", 1);
    assertThat(run(AnnotatorHandDiffersTest.inImages(crew)).text())
        .contains("categories of ann-1 differ", "cyclist -> pedestrian")
        .containsOnlyOnce("ANN009");
  }

  @Test
  void takesThingsThatHideEachOtherInImagesForNoCommonObjects() {
    Crew crew = Crew.together(6, 2, 3);
    crew.table.boxes.stream()
        .filter(box -> "ann-1".equals(box.annotator))
        .forEach(box -> box.category = "tree");
    assertThat(run(crew).text()).contains("ANN009");
    assertThat(run(AnnotatorHandDiffersTest.inImages(crew)).text()).isEmpty();
  }
}
