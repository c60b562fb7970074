package dev.lockstep.check.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class StreamsExchangedTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new StreamsExchanged().with(RigSurvey.learn(clean()));
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(100).build();
  }

  @Override
  public Alignment violating() {
    return RigScene.fourCameras(100).swap("/left", "/right").build();
  }

  @Override
  public String expected() {
    return """
    error SYN016 streams-exchanged: two streams are exchanged: phases in the order /left -> /right -> /left (expected each stream at its own)
      at /left
      likely cause: cables, drivers or names of these are exchanged\
    """;
  }

  @Test
  void tellsARingAndLeavesNothingToTheRuleAboutPhases() {
    Alignment ring =
        RigScene.fourCameras(100).swap("/left", "/right").swap("/right", "/front").build();
    assertThat(AlignmentCheckContract.run(check(), ring).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.title()).isEqualTo("streams are exchanged in a ring"));
    AlignmentCheck phases = new PhaseOffProfile().with(RigSurvey.learn(clean()));
    assertThat(AlignmentCheckContract.run(phases, ring).text()).isEmpty();
  }

  @Test
  void saysThatEqualPhasesTellNothing() {
    Alignment same = RigScene.of(100).camera("/a", 0, 2).camera("/b", 0, 2).build();
    AlignmentCheck check = new StreamsExchanged().with(RigSurvey.learn(same));
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check, same);
    assertThat(run.reason("/lidar")).contains("same phase");
  }
}
