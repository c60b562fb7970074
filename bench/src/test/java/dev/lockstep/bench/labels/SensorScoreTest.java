package dev.lockstep.bench.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SensorScoreTest {
  @Test
  void findsPlantedFaultsAndNothingInCleanLabels() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertThat(SensorScore.run(out, "--events", "4", "--data", "none")).isZero();
    List<String> rows = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(rows)
        .anySatisfy(
            row -> assertThat(row).startsWith("| synthetic with sweeps | ").contains("| 0 |"))
        .anySatisfy(row -> assertThat(row).startsWith("| F08 | lag | 2.0 sweeps |"))
        .anySatisfy(row -> assertThat(row).startsWith("| F19 | state-wrong | 40 frames |"));
    // Each in eight labels or more, all of them found.
    for (String sure :
        List.of(
            "| F08 | lag | 1.0 sweeps | synthetic with sweeps | 4 | 100.0 |",
            "| F08 | lag-of-2d | 1 frames | synthetic with images | 4 | 100.0 |",
            "| F17 | image-offset | 5 px | synthetic with images | 4 | 100.0 |",
            "| F20 | size-bias | 5 % | crews of four | 4 | 100.0 |",
            "| F21 | spoofing | nine ways, most | crews of four | 9 | 100.0 |",
            "| F22 | stamp-swap | two instants | stamps, 100 s at 10 Hz | 4 | 100.0 |",
            "| F23 | flipped-bit | one, anywhere | sealed drives with labels | 4 | 100.0 |",
            "| F24 | export-wrong | known errors | exports of drawn scenes | 55 | 100.0 |")) {
      assertThat(rows).anySatisfy(row -> assertThat(row).startsWith(sure));
    }
    assertThat(rows).noneMatch(row -> row.startsWith("```"));
  }

  /// A bias of 2 % of 50 objects among 150 of others lies within what their sizes spread.
  @Test
  void claimsNoBiasThatTheSpreadOfSizesHides() {
    assertThat(CrewRows.power(1.05, 50, 150)).isGreaterThan(CrewRows.MIN_POWER);
    assertThat(CrewRows.power(1.02, 50, 150)).isLessThan(CrewRows.MIN_POWER);
  }
}
