package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class StampsScheduledTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new StampsScheduled();
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(100).map("/lidar", stamp -> stamp + (stamp / 7) % 30_000).build();
  }

  @Override
  public Alignment violating() {
    return RigScene.fourCameras(100).build();
  }

  @Override
  public String expected() {
    return """
    info SYN009 stamps-scheduled: stamps are those of a schedule: jitter of /lidar at most 0 ns (expected above 1 us; nothing can be late by its stamp)
      at /lidar\
    """;
  }

  @Test
  void isUndecidedOnFewMessages() {
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), RigScene.of(40).build());
    assertThat(run.text()).isEmpty();
    assertThat(run.reason("/lidar")).contains("100 messages");
  }
}
