package dev.lockstep.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContenderTest {
  @TempDir private Path folder;

  @Test
  void readsTimesAsTheShellWritesThem() {
    assertThat(Contender.nanos("1m2.345s")).isEqualTo(62_345_000_000L);
    assertThat(Contender.nanos("0m0.010s")).isEqualTo(10_000_000L);
  }

  @Test
  void countsTheProcessorTimeOfTheCommand() throws Exception {
    Contender loop =
        new Contender(
            "loop",
            folder,
            List.of("sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"));
    loop.run(false);
    assertThat(loop.medianCpuSeconds()).isZero();
    loop.run(true);
    assertThat(loop.medianCpuSeconds()).isPositive();
    assertThat(loop.leastWallSeconds()).isPositive();
  }

  @Test
  void aCommandThatFailsIsNoContender() {
    Contender broken = new Contender("broken", folder, List.of("sh", "-c", "exit 3"));
    assertThatThrownBy(() -> broken.run(true))
        .isInstanceOf(IOException.class)
        .hasMessage("broken: exit code 3 of sh -c exit 3");
  }
}
