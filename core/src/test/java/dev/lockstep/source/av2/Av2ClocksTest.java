package dev.lockstep.source.av2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import dev.lockstep.testing.Feathers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Labels of another clock than the sweeps and poses of their log are one finding.
class Av2ClocksTest {
  private static final long T = 315_966_265_000_000_000L;
  private static final long STEP = 100_000_000L;
  private static final int INSTANTS = 120;

  @TempDir private Path log;

  private List<String> faults(long labelsOnNs, int sweeps) throws IOException {
    long[] stamps = LongStream.range(0, INSTANTS).map(i -> T + i * STEP).toArray();
    Feathers.poses(stamps).write(log.resolve("city_SE3_egovehicle.feather"));
    for (int i = 0; i < sweeps; i++) {
      Feathers.sweep(100 + i).write(log.resolve("sensors/lidar/" + stamps[50 + i] + ".feather"));
    }
    String[] of = IntStream.range(0, INSTANTS).mapToObj(i -> "a").toArray(String[]::new);
    String[] as = IntStream.range(0, INSTANTS).mapToObj(i -> "BUS").toArray(String[]::new);
    Feathers.annotations(Arrays.stream(stamps).map(s -> s + labelsOnNs).toArray(), of, as)
        .write(log.resolve("annotations.feather"));
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1))) {
      return engine.check(log, "it", new Av2Format()).findings().stream()
          .filter(f -> f.severity() != Severity.INFO)
          .map(f -> f.check().id() + " " + f.location().stream())
          .filter(f -> f.startsWith("TIM") || f.startsWith("SYN") || f.startsWith("LAB010"))
          .toList();
    }
  }

  @Test
  void aFewSweepsSayThatTheLabelsAreShifted() throws IOException {
    assertThat(faults(37 * Times.SECOND, 3)).containsExactly("LAB010 annotations");
    assertThat(faults(-37 * Times.SECOND, 3)).containsExactly("LAB010 annotations");
  }

  @Test
  void withoutSweepsEitherMayBeTheOne() throws IOException {
    assertThat(faults(37 * Times.SECOND, 0)).containsExactly("TIM015 city_SE3_egovehicle");
  }
}
