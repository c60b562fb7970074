package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class YawFlipsTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new YawFlips();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(2).build();
  }

  @Override
  public LabelSet violating() {
    return turned(180, 10, 12).build();
  }

  private static LabelTable turned(double degrees, long from, long to) {
    LabelTable table = Scenes.lanes(2);
    for (long f = from; f <= to; f++) {
      Scenes.box(table, "2", f).turn(Math.toRadians(degrees));
    }
    return table;
  }

  @Override
  public String expected() {
    return """
    error LAB008 yaw-flips: heading jumps and returns: turn 180 deg in 0.1 s (expected at most 30 deg in 0.1 s)
      at labels, track 2, messages 22..26, frames 10..12, stamps 1700000001000000000..1700000001200000000 ns, labels.txt
      likely cause: front and back of the box are exchanged\
    """;
  }

  @Test
  void findsAJumpThatLasts() {
    assertThat(LabelCheckContract.run(check(), turned(90, 10, 19).build()).text())
        .startsWith("error LAB008 yaw-flips: heading jumps: turn 90 deg")
        .contains("frame 10,")
        .containsOnlyOnce("LAB008");
  }

  @Test
  void findsTracksThatMoveBackwards() {
    assertThat(LabelCheckContract.run(check(), turned(180, 0, 19).build()).text())
        .startsWith("warning LAB008 yaw-flips: track moves backwards all along")
        .containsOnlyOnce("LAB008");
  }

  /// Seen from a car that drives 10 m/s and turns by 0.1 rad/s: two parked each way, one that comes
  /// towards it at 8 m/s, one that draws away.
  private static LabelTable passedBy(String turned) {
    LabelTable table = new LabelTable(LabelSet.Frame.SENSOR, StampSource.COLUMN);
    double[] speeds = {0, 0, 0, 0, -8, 6};
    for (int f = 0; f < 30; f++) {
      double yaw = 0.01 * f;
      for (int car = 0; car < speeds.length; car++) {
        double x = 20 + 6 * car + (speeds[car] - (car == 5 ? 0 : 10)) * f / 10.0;
        double y = 3.5 * (car % 2 == 0 ? -1 : 1) + car;
        boolean forwards = car == 0 || car == 1 || car == 5;
        LabelTable.Box box =
            table.add(
                new LabelTable.Box()
                    .at(Scenes.START_NS + f * Scenes.STEP_NS, f, "" + car, "car")
                    .solid(
                        Math.cos(yaw) * x + Math.sin(yaw) * y,
                        Math.cos(yaw) * y - Math.sin(yaw) * x,
                        0.8,
                        4,
                        1.8,
                        1.6)
                    .yaw((forwards ? 0 : Math.PI) - yaw));
        if (box.track().equals(turned)) {
          box.turn(Math.PI);
        }
      }
    }
    return table;
  }

  @Test
  void findsTurnedTracksInAMovingFrameByTheHeadingsOfOthers() {
    assertThat(LabelCheckContract.run(check(), passedBy("none").build()).text()).isEmpty();
    assertThat(LabelCheckContract.run(check(), passedBy("4").build()).text())
        .startsWith("warning LAB008 yaw-flips: track moves backwards all along")
        .contains("track 4,")
        .containsOnlyOnce("LAB008");
    // Parked, it moves neither way.
    assertThat(LabelCheckContract.run(check(), passedBy("0").build()).text()).isEmpty();
  }

  @Test
  void joinsQuickFlips() {
    LabelTable table = turned(180, 6, 6);
    for (long f : new long[] {8, 10, 13}) {
      Scenes.box(table, "2", f).turn(Math.PI);
    }
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains("first of 8 turns")
        .contains("frames 6..13")
        .containsOnlyOnce("LAB008");
  }

  @Test
  void explainsSidesThatAreExchanged() {
    LabelTable table = turned(90, 10, 19);
    for (long f = 10; f < 20; f++) {
      LabelTable.Box box = Scenes.box(table, "2", f);
      double length = box.length;
      box.length = box.width;
      box.width = length;
    }
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains("length and width are exchanged");
    assertThat(LabelCheckContract.run(new SizeChanges(), table.build()).count()).isZero();
  }

  @Test
  void saysNothingAboutSquareBoxesAndConesAndPeopleWhoStand() {
    LabelTable table = turned(90, 10, 12);
    table.boxes.forEach(b -> b.length = b.width);
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
    table = turned(90, 10, 12);
    table.boxes.forEach(b -> b.category = "CONSTRUCTION_CONE");
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
    table = turned(90, 10, 12);
    table.boxes.forEach(b -> b.category = "pedestrian");
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isOne();
    table.boxes.forEach(b -> b.x = 0);
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  @Test
  void allowsMoreTurnInMoreTime() {
    LabelTable table = turned(45, 10, 19);
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isOne();
    table.boxes.forEach(b -> b.stampNs += 4 * b.frame * Scenes.STEP_NS);
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }
}
