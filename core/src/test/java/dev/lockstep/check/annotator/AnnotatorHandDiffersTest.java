package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class AnnotatorHandDiffersTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new AnnotatorHandDiffers();
  }

  @Override
  public LabelSet clean() {
    return Crew.together(1, 4, 60).build();
  }

  @Override
  public LabelSet violating() {
    return Crew.together(1, 4, 60).shift(2, 0, 60, 0.2, 0).build();
  }

  @Override
  public String expected() {
    return """
    warning ANN007 annotator-hand-differs: boxes of ann-2 lie off those of the others: place along x beside those of 3 others on the same objects theirs -> 0.199 m in 60 objects (125.2 sigmas)
      at labels, message 33, frame 4, stamp 1700000000400000000 ns, labels.txt
      likely cause: the annotator sets boxes beside the objects, or has another view or calibration: compare screens, then redo\
    """;
  }

  private LabelCheckContract.Run run(Crew crew) {
    return LabelCheckContract.run(check(), crew.build());
  }

  @Test
  void isUndecidedWhereNobodyDrewTheSameObjects() {
    assertThat(run(Crew.of(1, 3, 30)).conclusion())
        .isEqualTo(new Conclusion.Undecided("no annotator drew 10 objects that another drew, too"));
  }

  @Test
  void findsBoxesOfTheFrameBefore() {
    assertThat(run(Crew.together(2, 4, 80).delay(1, 0, 80, 1)).text())
        .contains("boxes of ann-1 lie off those of the others: place on the object's way")
        .contains("s late")
        .containsOnlyOnce("ANN007");
  }

  @Test
  void findsAHandThatIsUnsteadyFromTheFirstObjectOn() {
    assertThat(run(Crew.together(3, 4, 60).shake(1, 0, 60, 6)).text())
        .contains("boxes of ann-1 lie off those of the others: unsteadiness")
        .containsOnlyOnce("ANN007");
  }

  @Test
  void saysThatTwoCannotTellWhoIsRight() {
    assertThat(run(Crew.together(4, 2, 60).shift(1, 0, 60, 0.2, 0)).text())
        .contains("only a third can tell")
        .containsOnlyOnce("ANN007");
  }

  @Test
  void leavesChangesToTheRuleAboutThem() {
    Crew crew = Crew.together(5, 4, 80).shift(1, 40, 80, 0.2, 0);
    assertThat(run(crew).text()).isEmpty();
    assertThat(LabelCheckContract.run(new AnnotatorDrifts(), crew.build()).text())
        .contains("work of ann-1 changes: place along x")
        .contains("in 40 objects -> ")
        .contains("since 2023-")
        .containsOnlyOnce("ANN001");
  }

  @Test
  void findsGrowthThatIsTooSlowForAChart() {
    Crew crew = Crew.together(6, 4, 100);
    for (int object = 0; object < 100; object++) {
      crew.resize(1, object, object + 1, 1 + 0.0006 * object);
    }
    assertThat(LabelCheckContract.run(new AnnotatorDrifts(), crew.build()).text())
        .contains("work of ann-1 changes: volume of boxes beside those of 3 others")
        .contains("slowly")
        .containsOnlyOnce("ANN001");
  }

  @Test
  void nobodyIsAccusedOfStandingBesideWhoDiffers() {
    for (int seed = 0; seed < 10; seed++) {
      Crew crew = Crew.together(100 + seed, 3, 60).resize(1, 0, 60, 1.08);
      String text =
          run(crew).text()
              + LabelCheckContract.run(new AnnotatorSizesDiffer(), crew.build()).text()
              + LabelCheckContract.run(new AnnotatorDrifts(), crew.build()).text();
      assertThat(text).contains("ann-1").doesNotContain("of ann-0 ", "of ann-2 ");
    }
  }

  @Test
  void accusesNobodyOfFortyHonestAnnotators() {
    StringBuilder text = new StringBuilder();
    for (int seed = 0; seed < 10; seed++) {
      LabelSet labels = Crew.together(200 + seed, 4, 60).build();
      for (LabelCheck rule : FalseAccusationsTest.RULES) {
        text.append(LabelCheckContract.run(rule, labels).text());
      }
    }
    assertThat(text.toString()).isEmpty();
  }

  @Test
  void doesNotAccuseWhoStoodBesideTheOneWhoDiffers() {
    // Annotator 1 is off; half of the work of annotator 0 was drawn by these two alone.
    Crew crew = Crew.together(11, 4, 80).shift(1, 0, 80, 0.3, 0);
    for (int a : new int[] {2, 3}) {
      crew.objects(a, 0, 40).forEach(crew.table.boxes::removeAll);
    }
    assertThat(LabelCheckContract.run(check(), crew.build()).text())
        .contains("boxes of ann-1 lie off those of the others")
        .containsOnlyOnce("ANN007");
  }

  @Test
  void namesBothWhereOnlyTwoDrewTheObjects() {
    Crew crew = Crew.together(12, 2, 40).shift(1, 0, 40, 0.3, 0);
    assertThat(LabelCheckContract.run(check(), crew.build()).text())
        .contains("boxes of ann-0 and ann-1 disagree", "only a third can tell");
  }

  @Test
  void comparesBoxesOfImagesInPixels() {
    Crew crew = inImages(Crew.together(13, 3, 40));
    for (LabelTable.Box box : crew.table.boxes) {
      if ("ann-1".equals(box.annotator)) {
        box.flat(box.left + 9, box.top, box.right + 9, box.bottom);
      }
    }
    assertThat(LabelCheckContract.run(check(), crew.build()).text())
        .contains("boxes of ann-1 lie off those of the others", " px in ")
        .containsOnlyOnce("ANN007");
  }

  /// The same work as seen by a camera.
  static Crew inImages(Crew crew) {
    for (LabelTable.Box box : crew.table.boxes) {
      double range = Math.hypot(box.x, box.y);
      double middle = 1000 * Math.atan2(box.y, box.x);
      double half = 500 * box.length / range;
      double low = 540 - 1000 * (box.z - box.height / 2) / range;
      box.flat(middle - half, low - 1000 * box.height / range, middle + half, low);
      box.x = Double.NaN;
    }
    return crew;
  }
}
