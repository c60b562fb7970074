package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class PhaseNotKeptTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new PhaseNotKept();
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(600).build();
  }

  @Override
  public Alignment violating() {
    return RigScene.fourCameras(600)
        .drift("/left", 200, RigScene.EPOCH_NS + 20_000_000_000L)
        .build();
  }

  @Override
  public String expected() {
    return """
    warning SYN002 phase-not-kept: the camera keeps its phase to the LiDAR, then loses it: phase drifts by 12 ms a minute (200 ppm) (expected at most 2.5 ms over the recording)
      at /left, message 393, stamp 1700000019680580510 ns\
    """;
  }

  @Test
  void tellsThatACameraRunsFreeWhileOthersDoNot() {
    Alignment drifting = RigScene.fourCameras(600).drift("/left", 100, RigScene.EPOCH_NS).build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), drifting);
    assertThat(run.text())
        .startsWith("warning SYN002 ")
        .contains("while others keep their phase", "(100 ppm)");
    assertThat(run.measured("/lidar ~ /left", "drift")).isCloseTo(100, within(1.0));
  }

  @Test
  void tellsAStepFromADrift() {
    long at = RigScene.EPOCH_NS + 20_000_000_000L;
    Alignment stepped =
        RigScene.fourCameras(600)
            .map("/left", stamp -> stamp < at ? stamp : stamp + 9_000_000)
            .build();
    assertThat(AlignmentCheckContract.run(check(), stepped).text())
        .startsWith("warning SYN002 ")
        .contains("goes on at another phase", "phase steps by 9 ms", "at /left, message 400,");
  }

  @Test
  void onlyMentionsTheStepOfAStreamThatIsReportedToHaveRestarted() {
    long at = RigScene.EPOCH_NS + 20_000_000_000L;
    Alignment stepped =
        RigScene.fourCameras(600)
            .map("/left", stamp -> stamp < at ? stamp : stamp + 1_009_000_000)
            .reported("/left", new Alignment.Absence("TIM008", 399, 400, 0))
            .build();
    assertThat(AlignmentCheckContract.run(check(), stepped).text())
        .startsWith("info SYN002 ")
        .contains("TIM008 reports that one of them went on at another phase");
  }

  @Test
  void onlyMentionsThatNoCameraIsTriggered() {
    Alignment alone =
        RigScene.of(600).camera("/front", 0, 3).drift("/front", 60, RigScene.EPOCH_NS).build();
    assertThat(AlignmentCheckContract.run(check(), alone).text())
        .startsWith("info SYN002 ")
        .contains("the camera runs free of the LiDAR: phase drifts by 3.6 ms a minute (60 ppm)");
  }

  @Test
  void isSilentWhereStampsScatter() {
    java.util.Random random = new java.util.Random(3);
    Alignment scattered =
        RigScene.fourCameras(600)
            .map("/left", stamp -> stamp + Math.round(random.nextDouble() * 40e6))
            .build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), scattered);
    assertThat(run.text()).isEmpty();
    assertThat(run.reason("/lidar ~ /left")).isNotEmpty();
  }
}
