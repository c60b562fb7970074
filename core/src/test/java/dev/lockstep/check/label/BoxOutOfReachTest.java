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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxOutOfReachTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new BoxOutOfReach();
  }

  /// A car in front of the vehicle, and in the image; from frame 5 on, three boxes `away`.
  private static LabelSet labels(LabelSet.Frame frame, double away, double left) {
    LabelTable table = new LabelTable(frame, StampSource.COLUMN);
    for (int f = 0; f < 20; f++) {
      boolean off = f >= 5 && f < 8;
      LabelTable.Box box =
          table.add(
              new LabelTable.Box()
                  .at(Scenes.START_NS + f * Scenes.STEP_NS, f, "a", "car")
                  .solid(off ? away : 20 + f, 3, 0.8, 4, 1.8, 1.6));
      box.left = off ? left : 100;
      box.top = 100;
      box.right = box.left + 50;
      box.bottom = 140;
    }
    LabelSet set = table.build();
    set.details().setImageSize(640, 480);
    return set;
  }

  @Override
  public LabelSet clean() {
    return labels(LabelSet.Frame.EGO, 300, 630);
  }

  @Override
  public LabelSet violating() {
    return labels(LabelSet.Frame.EGO, 20, 700);
  }

  @Override
  public String expected() {
    return """
    error LAB029 box-out-of-reach: box lies outside of the image: share of 3 boxes within 640 x 480 px 0 (expected at least 0.01)
      at labels, track a, messages 6..8, frames 5..7, stamps 1700000000500000000..1700000000700000000 ns, labels.txt\
    """;
  }

  @ParameterizedTest
  @CsvSource({"499, 0", "501, 1", "1e7, 1"})
  void reportsBoxesThatNoSensorSees(double away, int findings) {
    LabelSet labels = labels(LabelSet.Frame.EGO, away, 100);
    assertThat(LabelCheckContract.run(check(), labels).count()).isEqualTo(findings);
  }

  @Test
  void measuresFromTheVehicleWhereBoxesStandInTheWorld() {
    PoseSeries poses = new PoseSeries(2);
    for (int i = 0; i < 3; i++) {
      assertThat(
              poses.add(
                  Scenes.START_NS + i * 10 * Scenes.STEP_NS, new Pose(1, 0, 0, 0, 1000, 0, 0)))
          .isTrue();
    }
    LabelSet labels = labels(LabelSet.Frame.WORLD, 1020, 100);
    LabelCheckContract.Run run =
        LabelCheckContract.run(check(), labels, LabelCheckContract.context(poses));
    assertThat(run.text()).contains("box lies out of reach", "980 m");
  }

  @Test
  void isUndecidedWhereNobodyKnowsWhereTheVehicleIs() {
    LabelSet labels = labels(LabelSet.Frame.WORLD, 1e6, 100);
    labels.details().setImageSize(0, 0);
    assertThat(LabelCheckContract.run(check(), labels).conclusion())
        .isInstanceOf(Conclusion.Undecided.class);
  }
}
