package dev.lockstep.bench.labels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LabelSpeedTest {
  @Test
  void printsFloorsAndEachRule() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertThat(LabelSpeed.run(out, "--frames", "60", "--rounds", "2")).isZero();
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("floor: each number of each box once")
        .contains("| 11 rules that look at each track by itself |")
        .contains("| 16 these and those that weigh tracks against each other |")
        .contains("- LAB017 frame-labels-misplaced")
        .contains("floor: one pass over the points");
  }

  @Test
  void everyRuleOfTheGroupsExists() {
    assertThat(Rules.ALL.stream().map(LabelCheck::card).map(card -> card.id()))
        .containsAll(LabelSpeed.EACH_TRACK)
        .containsAll(LabelSpeed.TRACKS_TOGETHER);
  }
}
