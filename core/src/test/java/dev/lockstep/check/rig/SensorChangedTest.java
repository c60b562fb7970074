package dev.lockstep.check.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Calibration.Intrinsics;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import java.util.List;
import org.junit.jupiter.api.Test;

class SensorChangedTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new SensorChanged().with(RigSurvey.learn(clean()));
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(100).build();
  }

  @Override
  public Alignment violating() {
    return turned(73);
  }

  @Override
  public String expected() {
    return """
    warning SYN017 sensor-changed: the calibration is another than on the good drives: mounting moved by 0.0157 m and turned by 3 degrees (expected at most 0.01 m and 0.2 degrees)
      at /left\
    """;
  }

  /// The left camera looks elsewhere.
  private static Alignment turned(double yaw) {
    return RigScene.of(100)
        .camera("/front", 0, 2)
        .camera("/left", yaw, 2)
        .camera("/back", 170, 2)
        .camera("/right", -95, 2)
        .build();
  }

  private static Alignment with(Intrinsics intrinsics) {
    Alignment usual = RigScene.fourCameras(100).build();
    List<Calibration> changed =
        usual.calibrations().stream()
            .map(c ->
                c.sensor().equals("/back")
                    ? new Calibration(c.sensor(), c.parent(), c.mounting(), intrinsics)
                    : c)
            .toList();
    return new Alignment(usual.streams(), changed, null, new SharedAnalyses());
  }

  @Test
  void seesAnotherResolutionAndAnotherLens() {
    assertThat(
            AlignmentCheckContract.run(check(), with(new Intrinsics(500, 500, 480, 270, 960, 540)))
                .text())
        .startsWith("error SYN017 ")
        .contains("resolution 960 x 540 (expected 1920 x 1080)");
    assertThat(
            AlignmentCheckContract.run(
                    check(), with(new Intrinsics(1200, 1200, 960, 540, 1920, 1080)))
                .text())
        .startsWith("warning SYN017 ")
        .contains("focal length 1200 pixels");
  }

  @Test
  void seesTheResolutionOfImagesThemselves() {
    AlignmentCheck check =
        new SensorChanged()
            .with(
                RigSurvey.learn(
                    RigScene.fourCameras(60)
                        .withoutCalibration()
                        .pictures("/left", 1920, 1080)
                        .build()));
    Alignment smaller =
        RigScene.fourCameras(60).withoutCalibration().pictures("/left", 1280, 720).build();
    assertThat(AlignmentCheckContract.run(check, smaller).text())
        .startsWith("error SYN017 ")
        .contains("resolution 1280 x 720 (expected 1920 x 1080)");
  }
}
