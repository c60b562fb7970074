package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class CategoryChangesTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new CategoryChanges();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(2).build();
  }

  @Override
  public LabelSet violating() {
    return changed(12).build();
  }

  private static LabelTable changed(long from) {
    LabelTable table = Scenes.lanes(2);
    for (long f = from; f < 20; f++) {
      Scenes.box(table, "1", f).category = "van";
    }
    return table;
  }

  @Override
  public String expected() {
    return """
    error LAB002 category-changes: category changes: category car -> van (12 boxes before, 8 from here on, size 4.1 x 1.8 x 1.6 m before, 4.1 x 1.8 x 1.6 m after)
      at labels, track 1, message 25, frame 12, stamp 1700000001200000000 ns, labels.txt
      likely cause: the box keeps its size: one object, and one category is wrong\
    """;
  }

  @Test
  void suspectsTwoObjectsWhereTheSizeChanges() {
    LabelTable table = changed(12);
    for (long f = 12; f < 20; f++) {
      Scenes.box(table, "1", f).length = 7;
    }
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains("likely cause: the box changes its size: two objects share the id");
  }

  @Test
  void findsAWrongCategoryAtEitherEnd() {
    assertThat(LabelCheckContract.run(check(), changed(19).build()).count()).isOne();
    assertThat(LabelCheckContract.run(check(), changed(1).build()).count()).isOne();
  }

  @Test
  void tellsOfATrackOnceHoweverOftenItChanges() {
    LabelTable table = changed(6);
    for (long f = 13; f < 20; f++) {
      Scenes.box(table, "1", f).category = "bus";
    }
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains("2 changes in all")
        .containsOnlyOnce("LAB002");
  }

  @Test
  void takesADismountForAFact() {
    LabelTable table = changed(12);
    table.boxes.forEach(b -> b.category = b.category.equals("van") ? "Pedestrian" : "Cyclist");
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .startsWith("info LAB002")
        .contains("the category names a state: a rider mounts or dismounts");
  }

  @Test
  void saysNothingAboutFlips() {
    LabelTable table = Scenes.lanes(1);
    Scenes.box(table, "1", 8).category = "truck";
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }
}
