package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Pose;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BoxTeleportsTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new BoxTeleports();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(2).build();
  }

  @Override
  public LabelSet violating() {
    return moved(1.5).build();
  }

  private static LabelTable moved(double meters) {
    LabelTable table = Scenes.lanes(2);
    Scenes.box(table, "1", 9).y += meters;
    return table;
  }

  @Override
  public String expected() {
    return """
    error LAB009 box-teleports: box lies off the way of its track: distance 1.5 m (expected at most 0.43 m)
      at labels, track 1, message 19, frame 9, stamp 1700000000900000000 ns, labels.txt\
    """;
  }

  @Test
  void boundsTheDistanceByMotionAndNoise() {
    assertThat(LabelCheckContract.run(check(), moved(0.2).build()).count()).isZero();
    assertThat(LabelCheckContract.run(check(), moved(0.25).build()).count()).isOne();
    assertThat(LabelCheckContract.run(check(), moved(0.5).build()).count()).isOne();
  }

  @Test
  void wantsAnEvenWayAroundASmallJump() {
    LabelTable table = moved(0.4);
    Scenes.box(table, "1", 7).y += 0.2;
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
    table = moved(0.4);
    Scenes.box(table, "1", 11).y -= 0.2;
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  @Test
  void allowsMoreInMoreTime() {
    LabelTable table = moved(0.6);
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isOne();
    table.boxes.forEach(b -> b.stampNs += 4 * b.frame * Scenes.STEP_NS);
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  @Test
  void allowsHardBraking() {
    LabelTable table = Scenes.lanes(1);
    // 10 m/s up to frame 10, then 12 m/s2 of braking.
    table.boxes.forEach(b -> {
      double seconds = Math.max(0, (b.frame - 10) / 10.0);
      b.x = b.frame - 6 * Math.min(seconds, 0.83) * Math.min(seconds, 0.83);
    });
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isZero();
  }

  @Test
  void joinsTheBoxesOfOneInstant() {
    LabelTable table = Scenes.lanes(6);
    for (int car = 1; car <= 5; car++) {
      Scenes.box(table, "" + car, 9).y += 2;
    }
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .isEqualTo(
            """
            error LAB009 box-teleports: boxes of a whole instant lie off their ways: 5 of 6 boxes together 2 m (expected at most 0.08 m)
              at labels, message 55, frame 9, stamp 1700000000900000000 ns, labels.txt
              likely cause: all are moved by 2 m: the pose, the calibration or the stamp of this instant is wrong\
            """);
    // Each its own way: no pose does that.
    table = Scenes.lanes(6);
    for (int car = 1; car <= 5; car++) {
      Scenes.box(table, "" + car, 9).y += car % 2 == 0 ? 2 : -2;
    }
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .contains("boxes of a whole instant lie off their ways: 5 of 6 boxes, the furthest 2 m");
  }

  @Test
  void tellsAnInstantThatIsTurnedMovedOrScaledByLittle() {
    LabelTable turned = Scenes.lanes(6);
    LabelTable scaled = Scenes.lanes(6);
    LabelTable moved = Scenes.lanes(6);
    for (int car = 1; car <= 6; car++) {
      LabelTable.Box box = Scenes.box(turned, "" + car, 9);
      double x = box.x - 16;
      double y = box.y - 14;
      box.x -= Math.toRadians(1) * y;
      box.y += Math.toRadians(1) * x;
      box = Scenes.box(scaled, "" + car, 9);
      box.x += 0.02 * x;
      box.y += 0.02 * y;
      Scenes.box(moved, "" + car, 9).y -= 0.1;
    }
    assertThat(LabelCheckContract.run(check(), turned.build()).text())
        .contains("all are turned by 1 deg: the pose");
    assertThat(LabelCheckContract.run(check(), scaled.build()).text())
        .contains("all are scaled by 1.02: the pose");
    assertThat(LabelCheckContract.run(check(), moved.build()).text())
        .contains("6 of 6 boxes together 0.1 m (expected at most 0.08 m)");
  }

  @Test
  void tellsEachOfSeveralTurnedInstants() {
    for (int[] wrong : new int[][] {{9, 10}, {8, 10}, {8, 9, 11}, {8, 9, 10}, {7, 10}}) {
      LabelTable table = Scenes.lanes(6);
      for (int f : wrong) {
        turn(table, f);
      }
      LabelCheckContract.Run found = LabelCheckContract.run(check(), table.build());
      assertThat(found.count()).as(Arrays.toString(wrong)).isEqualTo(wrong.length);
      for (int f : wrong) {
        assertThat(found.text()).contains("frame " + f + ",").contains("turned by 1 deg: the pose");
      }
    }
  }

  @Test
  void letsAWayThatLeapsAndGoesOnBe() {
    LabelTable table = Scenes.lanes(6);
    table.boxes.stream().filter(b -> b.frame >= 9).forEach(b -> b.x += 1);
    assertThat(LabelCheckContract.run(check(), table.build()).text())
        .doesNotContain("whole instant");
  }

  private static void turn(LabelTable table, int frame) {
    for (int car = 1; car <= 6; car++) {
      LabelTable.Box box = Scenes.box(table, "" + car, frame);
      double x = box.x - 16;
      double y = box.y - 14;
      box.x -= Math.toRadians(1) * y;
      box.y += Math.toRadians(1) * x;
    }
  }

  @Test
  void takesTheMotionOfTheVehicleOutOfTheWay() {
    LabelTable table = new LabelTable(LabelSet.Frame.EGO, StampSource.COLUMN);
    PoseSeries poses = new PoseSeries();
    for (int f = 0; f < 20; f++) {
      // The vehicle jolts by 20 degrees at frame 9; the parked car stays where it is.
      double yaw = f == 9 ? Math.toRadians(20) : 0;
      poses.add(f * Scenes.STEP_NS, new Pose(Math.cos(yaw / 2), 0, 0, Math.sin(yaw / 2), f, 0, 0));
      double dx = 40 - f;
      double dy = 5;
      table.add(
          new LabelTable.Box()
              .at(f * Scenes.STEP_NS, f, "1", "car")
              .solid(
                  Math.cos(yaw) * dx + Math.sin(yaw) * dy,
                  Math.cos(yaw) * dy - Math.sin(yaw) * dx,
                  1,
                  4,
                  2,
                  1.5)
              .yaw(-yaw));
    }
    assertThat(
            LabelCheckContract.run(check(), table.build(), LabelCheckContract.context(poses))
                .count())
        .isZero();
    assertThat(LabelCheckContract.run(check(), table.build()).count()).isOne();
  }

  @Test
  void isUndecidedWhereTheFrameMovesInLongSteps() {
    LabelTable still = moved(5);
    LabelTable table = new LabelTable(LabelSet.Frame.SENSOR, StampSource.COLUMN);
    still.boxes.forEach(b -> table.add(b).stampNs += 4 * b.frame * Scenes.STEP_NS);
    assertThat(LabelCheckContract.run(check(), table.build()).conclusion())
        .isEqualTo(
            Conclusion.undecided(
                "boxes stand 0.5 s apart in a frame that moves with the sensor, and no poses are"
                    + " known"));
  }
}
