package dev.lockstep.check.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class LatencyOffProfileTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new LatencyOffProfile().with(RigSurvey.learn(clean()));
  }

  @Override
  public Alignment clean() {
    return scene(5, 100);
  }

  @Override
  public Alignment violating() {
    return scene(55, 100);
  }

  @Override
  public String expected() {
    return """
    error TIM020 latency-off-profile: messages are logged at another time after their stamps than on the good drives: log time minus stamp 55 ms (expected 5 ms within 10 ms)
      at /left
      likely cause: the change is 1 period: a message may bear the stamp of a neighbour\
    """;
  }

  private static Alignment scene(long latencyMs, int sweeps) {
    return RigScene.fourCameras(sweeps)
        .samples("/left", latencyMs * 1_000_000, i -> 50_000)
        .samples("/back", 3_000_000, i -> 50_000)
        .build();
  }

  @Test
  void warnsOfWhatIsNoWholePeriod() {
    assertThat(AlignmentCheckContract.run(check(), scene(35, 100)).text())
        .startsWith("warning TIM020 ");
    assertThat(AlignmentCheckContract.run(check(), scene(14, 100)).text()).isEmpty();
  }

  @Test
  void leavesStampsThatMovedToTheRuleAboutPhases() {
    Alignment moved =
        RigScene.fourCameras(100)
            .shift("/left", -20_000_000)
            .samples("/left", 25_000_000, i -> 50_000)
            .build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), moved);
    assertThat(run.text()).isEmpty();
    assertThat(run.reason("/left")).isEqualTo("SYN015 reports that stamps of /left moved");
  }
}
