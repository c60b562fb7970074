package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ClocksDifferTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new ClocksDiffer();
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(100).build();
  }

  @Override
  public Alignment violating() {
    return RigScene.fourCameras(100).shift("/left", 37_000_000_000L).build();
  }

  @Override
  public String expected() {
    return """
    error SYN007 clocks-differ: the stream is shifted against the others as a whole: begin and end of the stream 37.03 s later than those of the others (expected together with them)
      at /left, stamps 1700000037030533990..1700000046980570376 ns
      likely cause: 37 s: one clock keeps TAI, the other UTC\
    """;
  }

  @Test
  void namesAShiftThatIsShorterThanTheRecording() {
    Alignment shifted = RigScene.fourCameras(900).shift("/left", -37_000_000_000L).build();
    assertThat(AlignmentCheckContract.run(check(), shifted).text())
        .contains("at /left", "36.97 s earlier", "37 s: one clock keeps TAI, the other UTC");
  }

  @Test
  void namesACounterThatRolledOver() {
    Alignment shifted = RigScene.fourCameras(100).shift("/lidar", 4_294_967_296_000L).build();
    assertThat(AlignmentCheckContract.run(check(), shifted).text())
        .contains("at /lidar", "a 32-bit microsecond counter rolled over");
  }

  @Test
  void tellsTheSecondOfTwo() {
    Alignment two =
        RigScene.of(100).camera("/front", 0, 1).shift("/front", 18_000_000_000L).build();
    assertThat(AlignmentCheckContract.run(check(), two).text())
        .containsOnlyOnce("SYN007")
        .contains("at /front", "GPS time");
  }

  @Test
  void isSilentOnDriversThatStartLateOrStopEarly() {
    Alignment late = RigScene.fourCameras(900).drop("/left", 0, 739).build();
    assertThat(AlignmentCheckContract.run(check(), late).text()).isEmpty();
    Alignment early = RigScene.fourCameras(900).drop("/left", 1000, 1799).build();
    assertThat(AlignmentCheckContract.run(check(), early).text()).isEmpty();
  }

  @Test
  void leavesAnOffsetToTheRuleThatReportsIt() {
    Alignment told =
        RigScene.fourCameras(100)
            .shift("/left", 37_000_000_000L)
            .reported("/left", new Alignment.Absence("TIM014", -1, Long.MAX_VALUE, 0))
            .build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), told);
    assertThat(run.text()).isEmpty();
    assertThat(run.reason("/left")).startsWith("TIM014 ");
  }

  @Test
  void letsMotionSayWhichOfTwoIsShifted() {
    Alignment two =
        RigScene.of(100).camera("/front", 0, 1).shift("/lidar", 37_000_000_000L).build();
    assertThat(AlignmentCheckContract.run(check(), two).text())
        .contains("than those of /lidar, or it is that one that is shifted")
        .contains("at /front");
    long[] stamps =
        LongStream.range(0, 1000).map(i -> RigScene.EPOCH_NS + i * 10_000_000).toArray();
    StreamInfo imu = StreamInfo.of(9, "/imu", Modality.IMU, StampSource.FILE_NAME, null, null);
    Alignment witnessed =
        new Alignment(
            two.streams(),
            List.of(new Alignment.Stream(imu, stamps, stamps.length, List.of(), List.of())),
            List.of(),
            two.calibrations(),
            null,
            two.shared());
    assertThat(AlignmentCheckContract.run(check(), witnessed).text())
        .contains("later than those of the others")
        .contains("at /lidar")
        .doesNotContain("/front");
  }
}
