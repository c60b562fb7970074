package dev.lockstep.bench.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SensorScoreTest {
  @Test
  void findsPlantedFaultsAndNothingInCleanLabels() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertThat(SensorScore.run(out, "--drives", "2", "--sweeps", "60", "--data", "none")).isZero();
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text).containsPattern("synthetic with sweeps .* 0 findings");
    assertThat(text).containsPattern("synthetic with images .* 0 findings");
    assertThat(text).containsPattern("F08 lag against sweeps, 0.5 sweeps .* found 100.0 %");
    assertThat(text).containsPattern("F15 .*, 3 frames .* found of decidable 100.0 %");
    assertThat(text).containsPattern("F17 2D boxes shifted by 5.0 px, .* found 100.0 %");
    assertThat(text).containsPattern("F18 all boxes 0.5 m .* found 100.0 %");
  }
}
