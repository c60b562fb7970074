package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class ClockStepSharedTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new ClockStepShared();
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(100).build();
  }

  @Override
  public Alignment violating() {
    return stepped(RigScene.EPOCH_NS + 5_000_000_000L).build();
  }

  @Override
  public String expected() {
    return """
    info SYN008 clock-step-shared: several clocks jump at once: step of 19.9677 ms also in /back (expected in no other stream, if each had its own clock)
      at /left, message 100, stamp 1700000005050540579 ns
      likely cause: the clock that stamps these streams was set\
    """;
  }

  private static RigScene stepped(long secondNs) {
    long at = RigScene.EPOCH_NS + 5_000_000_000L;
    RigScene scene =
        RigScene.fourCameras(100)
            .map("/left", stamp -> stamp < at ? stamp : stamp + 20_000_000)
            .map("/back", stamp -> stamp < secondNs ? stamp : stamp + 20_000_000);
    return reported(reported(scene, "/left"), "/back");
  }

  /// Tells the step as the rule about single streams does.
  private static RigScene reported(RigScene scene, String stream) {
    long[] stamps = scene.stamps(stream);
    for (int i = 1; i < stamps.length; i++) {
      if (stamps[i] - stamps[i - 1] > 60_000_000) {
        return scene.reported(stream, new Alignment.Absence("TIM007", i - 1L, Long.MAX_VALUE, 0));
      }
    }
    throw new IllegalStateException("no step");
  }

  @Test
  void isSilentOnStepsOfDifferentClocks() {
    assertThat(
            AlignmentCheckContract.run(check(), stepped(RigScene.EPOCH_NS + 8_000_000_000L).build())
                .text())
        .isEmpty();
  }
}
