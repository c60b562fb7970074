package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class BoxesDuplicatedTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new BoxesDuplicated();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(3).build();
  }

  @Override
  public LabelSet violating() {
    return twice(0.3).build();
  }

  @Override
  public String expected() {
    return """
    warning LAB019 boxes-duplicated: two tracks label one object: overlap with track 2 at 3 instants 0.71 (expected at most 0.35)
      at labels, track 77, messages 61..63, frames 8..10, stamps 1700000000800000000..1700000001000000000 ns, labels.txt
      likely cause: one object was labelled twice: keep one of the two tracks\
    """;
  }

  private static LabelTable twice(double aside) {
    LabelTable table = Scenes.lanes(3);
    for (long frame = 8; frame <= 10; frame++) {
      LabelTable.Box copy = table.add(Scenes.box(table, "2", frame).copy());
      copy.track = "77";
      copy.y += aside;
    }
    return table;
  }

  @Test
  void letsCarsStandSideBySideAndOnCarriers() {
    assertThat(LabelCheckContract.run(check(), twice(1.9).build()).count()).isZero();
    LabelTable table = twice(0);
    table.boxes.stream().filter(b -> "77".equals(b.track)).forEach(b -> b.z += 1.7);
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  @Test
  void letsAnnotatorsDrawTheSameObjectsToSeeHowFarTheyAgree() {
    LabelSet apart = Crew.together(1, 3, 20).build();
    assertThat(LabelCheckContract.run(check(), apart).count()).isZero();
    Crew alone = Crew.together(1, 3, 20);
    alone.table.boxes.forEach(box -> box.annotator = "ann-0");
    assertThat(LabelCheckContract.run(check(), alone.build()).count()).isGreaterThan(10);
  }

  @Test
  void tellsOneObjectThatTwoAnnotatorsDrewByMistake() {
    LabelTable table = twice(0);
    table.boxes.forEach(box -> box.annotator = "77".equals(box.track) ? "late" : "early");
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isOne();
  }

  @Test
  void letsARiderSitOnAHorse() {
    LabelTable table = twice(0);
    table.boxes.stream().filter(b -> "77".equals(b.track)).forEach(b -> b.category = "animal");
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  private static LabelTable video(int copies) {
    LabelTable table = new LabelTable(LabelSet.Frame.IMAGE, StampSource.COLUMN);
    for (int f = 0; f < 6; f++) {
      long stampNs = Scenes.START_NS + f * Scenes.STEP_NS;
      table.add(new LabelTable.Box().at(stampNs, f, "1", "car").flat(10 + f, 20, 60 + f, 70));
      double off = f < copies ? 0 : 0.5;
      table.add(new LabelTable.Box().at(stampNs, f, "2", "car").flat(10 + f, 20, 60 + f + off, 70));
    }
    return table;
  }

  /// One object behind the other covers it in an image, but has no box of its very edges for long.
  @Test
  void knowsCopiesInImages() {
    assertThat(LabelCheckContract.run(check(), video(6).build()).text())
        .containsOnlyOnce("LAB019")
        .contains("overlap with track 2 at 6 instants 1");
    assertThat(LabelCheckContract.run(check(), video(3).build()).count()).isOne();
    assertThat(LabelCheckContract.run(check(), video(2).build()).count()).isZero();
    LabelTable other = video(6);
    other.boxes.stream().filter(b -> b.track.equals("2")).forEach(b -> b.category = "van");
    assertThat(LabelCheckContract.run(check(), other.build()).count()).isZero();
  }
}
