package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class StampsCopiedTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new StampsCopied();
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(40).build();
  }

  @Override
  public Alignment violating() {
    return RigScene.fourCameras(40)
        .stamps("/left", RigScene.fourCameras(40).stamps("/front"))
        .stamps("/back", RigScene.fourCameras(40).stamps("/front"))
        .build();
  }

  @Override
  public String expected() {
    return """
    info SYN005 stamps-copied: sensors share their stamps: stamps the same as those of /left, /back (expected measured by each sensor; copied ones hide how far apart they were)
      at /front\
    """;
  }

  @Test
  void isSilentOnSensorsThatAreMerelyTriggeredTogether() {
    RigScene scene = RigScene.fourCameras(40);
    long[] near = scene.stamps("/front");
    for (int i = 0; i < near.length; i++) {
      near[i] += i % 7 - 3;
    }
    assertThat(AlignmentCheckContract.run(check(), scene.stamps("/left", near).build()).text())
        .isEmpty();
  }
}
