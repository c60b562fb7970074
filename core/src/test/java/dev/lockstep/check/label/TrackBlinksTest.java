package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class TrackBlinksTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new TrackBlinks();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(2).build();
  }

  @Override
  public LabelSet violating() {
    return without(2).build();
  }

  private static LabelTable without(int boxes) {
    return Scenes.lanes(2)
        .where(b -> !(b.track.equals("2") && b.frame > 7 && b.frame <= 7 + boxes));
  }

  @Override
  public String expected() {
    return """
    warning LAB005 track-blinks: track vanishes in plain view: 2 boxes missing (the track has boxes 0.3 s apart on both sides)
      at labels, track 2, messages 16..20, frames 7..10, stamps 1700000000700000000..1700000001000000000 ns, labels.txt\
    """;
  }

  @Test
  void leavesLongGapsAlone() {
    assertThat(LabelCheckContract.run(check(), without(4).build()).count()).isZero();
  }

  @Test
  void staysSilentWhereTheObjectWasHardlySeen() {
    LabelTable table = without(1);
    Scenes.box(table, "2", 7).points = 3;
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
    table = without(1);
    Scenes.box(table, "2", 9).occluded = 0.9;
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
    table = without(1);
    Scenes.box(table, "2", 9).truncated = 0.9;
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  @Test
  void staysSilentWhereAnotherObjectStandsInFront() {
    LabelTable table = new LabelTable(LabelSet.Frame.EGO, StampSource.COLUMN);
    for (int f = 0; f < 20; f++) {
      long stamp = f * Scenes.STEP_NS;
      if (f != 10) {
        table.add(new LabelTable.Box().at(stamp, f, "far", "car").solid(30, 0, 1, 4, 2, 1.5));
      }
      table.add(
          new LabelTable.Box().at(stamp, f, "near", "car").solid(10, 20 - 2 * f, 1, 4, 2, 1.5));
    }
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
    LabelTable free = table.where(b -> b.track.equals("far") || b.frame != 10);
    free.add(new LabelTable.Box().at(10 * Scenes.STEP_NS, 10, "near", "car"))
        .solid(10, 20, 1, 4, 2, 1.5);
    assertThat(LabelCheckContract.run(check(), free.build()).count()).isPositive();
  }

  @Test
  void staysSilentAtTheBorderOfTheImageAndBehindOtherBoxes() {
    assertThat(LabelCheckContract.run(check(), images(200, 900).build()).count()).isOne();
    assertThat(LabelCheckContract.run(check(), images(1, 900).build()).count()).isZero();
    assertThat(LabelCheckContract.run(check(), images(200, 205).build()).count()).isZero();
  }

  /// A person at `left` who misses frame 6, and another one at `other`; images 1000 wide.
  private static LabelTable images(int left, int other) {
    LabelTable table = new LabelTable(LabelSet.Frame.IMAGE, StampSource.FRAME_NUMBER);
    for (int f = 0; f < 12; f++) {
      long stamp = f * Scenes.STEP_NS;
      if (f != 6) {
        table.add(new LabelTable.Box().at(stamp, f, "1", "ped").flat(left, 200, left + 40, 300));
      }
      table.add(new LabelTable.Box().at(stamp, f, "2", "ped").flat(other, 200, other + 40, 300));
      table.add(new LabelTable.Box().at(stamp, f, "3", "ped").flat(0, 0, 30, 80));
      table.add(new LabelTable.Box().at(stamp, f, "4", "ped").flat(960, 600, 1000, 700));
    }
    return table;
  }
}
