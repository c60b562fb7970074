package dev.lockstep.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Finding;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.Severity;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// All rules together over recordings of others: no error where a recorder did its ordinary work,
/// and one finding where there is one fault.
class WholeRecordingsTest {
  private static final Set<String> SOUND = Set.of("baseline.mcap", "L38_opcode_private.mcap");

  private static List<Path> mcaps(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(SharedData.path(folder))) {
      return files.filter(f -> f.toString().endsWith(".mcap")).sorted().toList();
    }
  }

  private static List<String> findings(Engine engine, Path file, Severity least)
      throws IOException {
    return engine.check(file, file.getFileName().toString(), new McapFormat()).findings().stream()
        .filter(f -> f.severity().compareTo(least) >= 0)
        .map(WholeRecordingsTest::brief)
        .toList();
  }

  private static String brief(Finding finding) {
    return finding.check().id() + " " + finding.title() + " " + finding.location();
  }

  @Test
  void showsNoErrorInOrdinaryRecorderOutput() throws IOException {
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      for (String folder : List.of("mcap-samples", "ros")) {
        assertThat(mcaps(folder)).isNotEmpty();
        for (Path file : mcaps(folder)) {
          assertThat(findings(engine, file, Severity.ERROR)).as(file.toString()).isEmpty();
        }
      }
    }
  }

  @Test
  void showsEachOfManyFaultsOnce() throws IOException {
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      for (Path file : mcaps("mcap-faults")) {
        int expected = SOUND.contains(file.getFileName().toString()) ? 0 : 1;
        assertThat(findings(engine, file, Severity.WARNING)).as(file.toString()).hasSize(expected);
      }
    }
  }
}
