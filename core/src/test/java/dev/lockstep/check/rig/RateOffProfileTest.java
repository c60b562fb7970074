package dev.lockstep.check.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.model.RigProfile;
import dev.lockstep.rig.Requirement;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateOffProfileTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new RateOffProfile().with(RigSurvey.learn(clean()));
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(100).build();
  }

  @Override
  public Alignment violating() {
    return stretched(1.06);
  }

  @Override
  public String expected() {
    return """
    error TIM018 rate-off-profile: the stream runs at another rate than expected: rate 18.8679 Hz (expected 19.0476 to 21.0526 Hz)
      at /left\
    """;
  }

  private static Alignment stretched(double factor) {
    return RigScene.fourCameras(100)
        .map("/left", stamp -> RigScene.EPOCH_NS + Math.round((stamp - RigScene.EPOCH_NS) * factor))
        .build();
  }

  @Test
  void warnsOfLittle() {
    assertThat(AlignmentCheckContract.run(check(), stretched(1.02)).text())
        .startsWith("warning TIM018 ");
    assertThat(AlignmentCheckContract.run(check(), stretched(1.009)).text()).isEmpty();
  }

  @Test
  void judgesByARequirement() {
    RigProfile wanted =
        RigProfile.NOTHING.withRequired(
            List.of(Requirement.parse("/*t:20hz,+-0.5%"), Requirement.parse("/back:10hz")));
    AlignmentCheckContract.Run run =
        AlignmentCheckContract.run(new RateOffProfile().with(wanted), stretched(1.02));
    assertThat(run.findings())
        .extracting(f -> f.location().stream() + " " + f.severity().label())
        .containsExactly("/left error", "/back error");
    assertThat(run.conclusions().keySet()).containsExactly("/front", "/left", "/back", "/right");
  }
}
