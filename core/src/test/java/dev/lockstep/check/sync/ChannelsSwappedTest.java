package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class ChannelsSwappedTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new ChannelsSwapped();
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(40).build();
  }

  @Override
  public Alignment violating() {
    return RigScene.fourCameras(40).swap("/left", "/back").build();
  }

  @Override
  public String expected() {
    return """
    error SYN004 channels-swapped: two cameras are exchanged: stamps fit the axes in the order /left -> /back -> /left (expected each the axis of its own camera, from which those of /left lie -22.22 ms)
      at /left
      likely cause: cables, drivers or names of these cameras are exchanged\
    """;
  }

  @Test
  void isTheOnlyRuleThatReportsAnExchange() {
    assertThat(AlignmentCheckContract.run(new ImagesOffBeam(), violating()).text()).isEmpty();
  }

  @Test
  void findsExchangesOfAllCameras() {
    Alignment two =
        RigScene.of(40)
            .camera("/front", 0, 2)
            .camera("/left", 80, 2)
            .swap("/front", "/left")
            .build();
    assertThat(AlignmentCheckContract.run(check(), two).text())
        .contains("/front -> /left -> /front");
    Alignment ring =
        RigScene.fourCameras(40).swap("/left", "/back").swap("/left", "/right").build();
    assertThat(AlignmentCheckContract.run(check(), ring).text())
        .contains("cameras are exchanged in a ring")
        .containsOnlyOnce("SYN004");
  }

  @Test
  void doesNotTakeAShiftedCameraForAnExchangedOne() {
    Alignment shifted = RigScene.fourCameras(40).shift("/left", 13_000_000).build();
    assertThat(AlignmentCheckContract.run(check(), shifted).text()).isEmpty();
  }
}
