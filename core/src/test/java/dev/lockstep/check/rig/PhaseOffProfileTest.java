package dev.lockstep.check.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.model.StampSource;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class PhaseOffProfileTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new PhaseOffProfile().with(RigSurvey.learn(clean()));
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(100).build();
  }

  @Override
  public Alignment violating() {
    return RigScene.fourCameras(100).shift("/left", 9_000_000).build();
  }

  @Override
  public String expected() {
    return """
    error SYN015 phase-off-profile: the stream lies at another phase than on the good drives: phase to /lidar -10.444 ms (expected -19.444 ms within 1 ms)
      at /left\
    """;
  }

  @Test
  void blamesTheReferenceWhereAllAgree() {
    assertThat(
            AlignmentCheckContract.run(
                    check(), RigScene.fourCameras(100).shift("/lidar", 7_000_000).build())
                .text())
        .isEqualTo(
            """
            error SYN015 phase-off-profile: all other streams lie off by the same against this one: phases of 4 streams moved by -7 ms (expected within 1 ms)
              at /lidar
              likely cause: stamps of /lidar moved by 7 ms\
            """);
  }

  @Test
  void warnsOfLittleAndPermitsLess() {
    Alignment little = RigScene.fourCameras(100).shift("/left", 2_000_000).build();
    assertThat(AlignmentCheckContract.run(check(), little).text()).startsWith("warning SYN015 ");
    Alignment less = RigScene.fourCameras(100).shift("/left", 900_000).build();
    assertThat(AlignmentCheckContract.run(check(), less).text()).isEmpty();
  }

  @Test
  void tellsALateStampFromALateSensor() {
    AlignmentCheck check =
        new PhaseOffProfile()
            .with(
                RigSurvey.learn(
                    RigScene.fourCameras(100).samples("/left", 30_000_000, i -> 1).build()));
    Alignment stamped =
        RigScene.fourCameras(100)
            .shift("/left", 22_000_000)
            .samples("/left", 8_000_000, i -> 1)
            .build();
    assertThat(AlignmentCheckContract.run(check, stamped).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.cause().id()).isEqualTo("constant-latency"));
    Alignment triggered =
        RigScene.fourCameras(100)
            .shift("/left", 22_000_000)
            .samples("/left", 30_000_000, i -> 1)
            .build();
    assertThat(AlignmentCheckContract.run(check, triggered).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.cause().id()).isEqualTo("trigger-moved"));
  }

  @Test
  void tellsWhichNeighbourIsMeantHalfAPeriodAway() {
    Alignment usual = listed(0);
    AlignmentCheck check = new PhaseOffProfile().with(RigSurvey.learn(usual));
    assertThat(AlignmentCheckContract.run(check, usual).text()).isEmpty();
    assertThat(AlignmentCheckContract.run(check, listed(1)).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.cause().id()).isEqualTo("off-by-one"));
  }

  /// A camera half a turn behind the LiDAR, its list some lines late.
  private static Alignment listed(int late) {
    return RigScene.of(100)
        .camera("/half", 0, 1)
        .map("/half", stamp -> stamp + late * RigScene.TURN_NS)
        .source(StampSource.LIST)
        .build();
  }

  @Test
  void saysNothingOfStreamsWhosePhaseChanges() {
    long at = RigScene.EPOCH_NS + 20_000_000_000L;
    Alignment stepped =
        RigScene.fourCameras(400)
            .map("/left", stamp -> stamp < at ? stamp : stamp + 9_000_000)
            .build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), stepped);
    assertThat(run.text()).isEmpty();
    assertThat(run.reason("/lidar ~ /left")).contains("SYN002");
  }
}
