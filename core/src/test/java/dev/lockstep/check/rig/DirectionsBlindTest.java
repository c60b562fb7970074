package dev.lockstep.check.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class DirectionsBlindTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new DirectionsBlind().with(RigSurvey.learn(clean()));
  }

  @Override
  public Alignment clean() {
    return RigScene.of(60).blind(100, 130).build();
  }

  @Override
  public Alignment violating() {
    return RigScene.of(60).blind(90, 130).build();
  }

  @Override
  public String expected() {
    return """
    error SYN019 directions-blind: the LiDAR is blind where it saw on the good drives: directions without a point in 60 sweeps 90 to 100 degrees (expected points, as in each sweep of the good drives)
      at /lidar\
    """;
  }

  @Test
  void saysNothingWithFewSweeps() {
    AlignmentCheckContract.Run run =
        AlignmentCheckContract.run(check(), RigScene.of(19).blind(0, 90).build());
    assertThat(run.text()).isEmpty();
    assertThat(run.reason("/lidar")).contains("fewer than 20 sweeps");
  }
}
