package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class BoxFrozenTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new BoxFrozen();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(3).build();
  }

  @Override
  public LabelSet violating() {
    return frozen("2").build();
  }

  @Override
  public String expected() {
    return """
    error LAB018 box-frozen: box stands still while its object moves: largest distance of 2 boxes 2 m (expected at most 0.05 m)
      at labels, track 2, messages 29..32, frames 9..10, stamps 1700000000900000000..1700000001000000000 ns, labels.txt
      likely cause: the box was copied from the instant before\
    """;
  }

  private static LabelTable frozen(String... tracks) {
    LabelTable table = Scenes.lanes(3);
    for (String track : tracks) {
      for (long frame = 9; frame <= 10; frame++) {
        Scenes.box(table, track, frame).x = Scenes.box(table, track, 8).x;
      }
    }
    return table;
  }

  @Test
  void leavesWholeInstantsToTheRuleAboutThem() {
    LabelTable table = frozen("1", "2", "3");
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
    assertThat(LabelCheckContract.run(new FrameLabelsMisplaced(), table.build()).text())
        .contains("labels of the instant before once more");
  }

  @Test
  void letsObjectsStopAndStart() {
    LabelTable table = Scenes.lanes(2);
    table.boxes.forEach(b -> b.x = Math.max(0, b.frame - 9));
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  /// A way that bends tells nothing, but the step out of the run does.
  @Test
  void seesACopyWhereTheWayBends() {
    LabelTable table = Scenes.lanes(3);
    for (LabelTable.Box box : table.boxes) {
      box.y += 3 * Math.sin(1.1 * box.frame);
    }
    LabelTable.Box copied = Scenes.box(table, "2", 11);
    LabelTable.Box before = Scenes.box(table, "2", 10);
    copied.x = before.x;
    copied.y = before.y;
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains("box stands still while its object moves: step behind it")
        .contains("track 2")
        .contains("frame 11");
  }
}
