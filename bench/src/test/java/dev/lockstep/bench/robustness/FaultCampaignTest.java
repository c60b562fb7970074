package dev.lockstep.bench.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FaultCampaignTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private int run(String... args) {
    return FaultCampaign.run(new PrintStream(written, true, StandardCharsets.UTF_8), args);
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void findsEveryFaultOfTheKitAndAccusesNoCleanDrive() {
    assertThat(run("--drives", "1", "--seed", "5", "--clean", "3")).as(text()).isZero();
    assertThat(text()).contains("at warning or above: 0 of 4 (seeds 5 to 8)");
    assertThat(text()).contains("| drop-messages | 1 | 1 | 1 | 1 | 0 |");
  }

  @Test
  void saysWhereAFaultCannotBePlanted() {
    assertThat(run("--drives", "1", "--seconds", "1", "--fault", "lost-sector")).isZero();
    assertThat(text()).contains("lost-sector, seed 1: cannot be planted: ");
    assertThat(text()).contains("| all 1 | 0 | 0 | 0 | 0 | 0 |");
  }
}
