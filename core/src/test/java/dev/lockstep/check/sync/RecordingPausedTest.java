package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecordingPausedTest implements AlignmentCheckContract {
  private static final long FROM_NS = RigScene.EPOCH_NS + 4_950_000_000L;

  @Override
  public AlignmentCheck check() {
    return new RecordingPaused();
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(100).build();
  }

  @Override
  public Alignment violating() {
    return paused("/lidar", "/front", "/left", "/back", "/right").build();
  }

  @Override
  public String expected() {
    return """
    error SYN020 recording-paused: no stream has messages: the recording paused: all 5 streams, 5 of them with holes nothing for 1.01943 s (90 messages) (expected holes of single streams)
      at /lidar, messages 49..50, stamps 1700000004930577037..1700000005950003845 ns
      likely cause: the recorder or its disk stood still, a chunk was lost, or the clock of all streams jumped\
    """;
  }

  /// A drive of which those streams lack a second, as TIM008 tells of each.
  private static RigScene paused(String... streams) {
    RigScene scene = RigScene.fourCameras(100);
    for (String stream : streams) {
      long[] stamps = scene.stamps(stream);
      int after = (int) LongStream.of(stamps).filter(stamp -> stamp < FROM_NS).count() - 1;
      int lost =
          (int)
              LongStream.of(stamps)
                  .filter(stamp -> stamp >= FROM_NS && stamp < FROM_NS + 1_000_000_000L)
                  .count();
      scene
          .drop(stream, after + 1, after + lost)
          .reported(stream, new Alignment.Absence("TIM008", after, after + 1L, lost));
    }
    return scene;
  }

  @Test
  void isSilentWhereAStreamGoesOn() {
    assertThat(
            AlignmentCheckContract.run(
                    check(), paused("/lidar", "/front", "/left", "/back").build())
                .text())
        .isEmpty();
  }

  @Test
  void isSilentOnHolesThatFollowFromDamage() {
    RigScene scene = RigScene.fourCameras(100);
    for (String stream : new String[] {"/lidar", "/front", "/left", "/back", "/right"}) {
      int perSecond = stream.equals("/lidar") ? 10 : 20;
      scene
          .drop(stream, 5 * perSecond, 6 * perSecond - 1)
          .reported(
              stream,
              new Alignment.Absence("TIM008", 5L * perSecond - 1, 5L * perSecond, perSecond, true));
    }
    assertThat(AlignmentCheckContract.run(check(), scene.build()).text()).isEmpty();
  }
}
