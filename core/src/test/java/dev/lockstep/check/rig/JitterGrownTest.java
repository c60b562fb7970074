package dev.lockstep.check.rig;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import java.util.Random;

class JitterGrownTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new JitterGrown().with(RigSurvey.learn(clean()));
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(200).build();
  }

  @Override
  public Alignment violating() {
    return jittered();
  }

  @Override
  public String expected() {
    return """
    warning TIM019 jitter-grown: stamps scatter more than on the good drives: standard deviation of stamps 1.91385 ms (expected at most 500.003 us, usual 18.775 us)
      at /left\
    """;
  }

  private static Alignment jittered() {
    Random random = new Random(5);
    return RigScene.fourCameras(200)
        .map("/left", stamp -> stamp + Math.round(random.nextGaussian() * 2e6))
        .build();
  }
}
