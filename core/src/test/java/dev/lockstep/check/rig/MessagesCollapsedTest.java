package dev.lockstep.check.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class MessagesCollapsedTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new MessagesCollapsed().with(RigSurvey.learn(clean()));
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(100)
        .samples("/left", 1, i -> 50_000 + i % 7 * 100)
        .points(60_000)
        .build();
  }

  @Override
  public Alignment violating() {
    return RigScene.fourCameras(100)
        .samples("/left", 1, i -> i >= 40 && i < 60 ? 900 : 50_000)
        .points(60_000)
        .build();
  }

  @Override
  public String expected() {
    return """
    error SYN018 messages-collapsed: messages are far smaller than on the good drives: size where 50300 bytes are usual 900 bytes (expected at least 12575 bytes)
      at /left, messages 40..59, stamps 1700000002030552434..1700000002980550918 ns\
    """;
  }

  @Test
  void comparesPointsOfTheMedianSweep() {
    Alignment half = RigScene.fourCameras(100).points(25_000).build();
    assertThat(AlignmentCheckContract.run(check(), half).text()).startsWith("warning SYN018 ");
    Alignment fifth = RigScene.fourCameras(100).points(10_000).build();
    assertThat(AlignmentCheckContract.run(check(), fifth).text()).startsWith("error SYN018 ");
  }

  @Test
  void takesTwoShortMessagesForAnAccident() {
    Alignment two =
        RigScene.fourCameras(100).samples("/left", 1, i -> i / 2 == 20 ? 900 : 50_000).build();
    assertThat(AlignmentCheckContract.run(check(), two).text()).isEmpty();
  }
}
