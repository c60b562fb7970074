package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
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
  void letsARiderSitOnAHorse() {
    LabelTable table = twice(0);
    table.boxes.stream().filter(b -> "77".equals(b.track)).forEach(b -> b.category = "animal");
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  @Test
  void cannotDecideImages() {
    LabelTable table = new LabelTable(LabelSet.Frame.IMAGE, StampSource.COLUMN);
    table.add(new LabelTable.Box().at(0, 0, "1", "car").flat(0, 0, 10, 10));
    table.add(new LabelTable.Box().at(0, 0, "2", "car").flat(0, 0, 10, 10));
    assertThat(LabelCheckContract.run(check(), table.build()).conclusion())
        .isInstanceOf(Conclusion.Undecided.class);
  }
}
