package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class ImagesOffBeamTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new ImagesOffBeam();
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(40).build();
  }

  @Override
  public Alignment violating() {
    return RigScene.fourCameras(40).shift("/left", 8_000_000).build();
  }

  @Override
  public String expected() {
    return """
    error SYN001 images-off-beam: images are not taken when the beam crosses the axis: crossing of the camera's axis minus image stamp -8 ms (expected -1 to 1 ms)
      at /left\
    """;
  }

  @Test
  void measuresPhaseAndResidualOfEachCamera() {
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), clean());
    // 70 degrees: the beam gets there after 110 of 360 degrees.
    assertThat(run.measured("/lidar ~ /left", "phase")).isCloseTo(30.56 - 50, within(0.05));
    assertThat(run.measured("/lidar ~ /left", "beam-residual")).isCloseTo(0, within(0.05));
    assertThat(run.measured("/lidar ~ /front", "phase")).isCloseTo(0, within(0.05));
  }

  @Test
  void tellsAShiftOfTheSweepsFromOneOfACamera() {
    String text =
        AlignmentCheckContract.run(
                check(), RigScene.fourCameras(40).shift("/lidar", -3_000_000).build())
            .text();
    assertThat(text)
        .isEqualTo(
            """
            warning SYN001 images-off-beam: sweeps and all images lie apart by one time: crossing of the axes minus image stamps, the same for 4 directions -3 ms (expected -1 to 1 ms)
              at /lidar\
            """);
  }

  @Test
  void isSilentOnCamerasThatAreTriggeredTogether() {
    RigScene scene = RigScene.fourCameras(40);
    for (String camera : new String[] {"/left", "/back", "/right"}) {
      scene.stamps(camera, scene.stamps("/front"));
    }
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), scene.build());
    assertThat(run.text()).isEmpty();
    assertThat(run.reason("/lidar ~ /left"))
        .isEqualTo("cameras do not agree with the beam, so that it does not seem to trigger them");
  }

  @Test
  void judgesNothingWithoutCalibrationOrPointTimes() {
    Alignment bare =
        RigScene.fourCameras(40).shift("/left", 8_000_000).withoutCalibration().build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), bare);
    assertThat(run.text()).isEmpty();
    assertThat(run.measured("/lidar ~ /left", "phase")).isCloseTo(-11.44, within(0.05));
    assertThat(run.reason("/lidar ~ /left")).contains("no calibration");
    run =
        AlignmentCheckContract.run(
            check(),
            RigScene.fourCameras(40).shift("/left", 8_000_000).withoutPointTimes().build());
    assertThat(run.text()).isEmpty();
    assertThat(run.reason("/lidar ~ /left")).contains("no usable times");
  }

  @Test
  void leavesStampsToTheRuleThatReportsThem() {
    Alignment reported =
        RigScene.fourCameras(40)
            .shift("/left", 8_000_000)
            .reported("/left", new Alignment.Absence("TIM014", -1, Long.MAX_VALUE, 0))
            .build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), reported);
    assertThat(run.text()).isEmpty();
    assertThat(run.reason("/lidar ~ /left")).isEqualTo("TIM014 reports the stamps of /left");
  }
}
