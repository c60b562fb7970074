package dev.lockstep.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerCutsTest {
  @TempDir private Path folder;

  private static SourceFormat mcap() {
    return Formats.ALL.stream().filter(each -> each.name().equals("mcap")).findFirst().orElseThrow();
  }

  /// A line for each finding of a recording: which, how small its cut is.
  private List<String> table(Path recording, Set<String> usual) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      RecordingResult whole =
          engine.check(recording, String.valueOf(recording.getFileName()), mcap());
      for (Finding finding : whole.findings()) {
        ReportedFinding target = ReportedFinding.of("x", finding);
        if (!usual.add(target.check() + target.message())) {
          continue;
        }
        Reproduction.Cut cut =
            Reproduction.of(
                recording,
                mcap(),
                engine,
                target,
                folder.resolve("cut"),
                folder.resolve("work"));
        Finding found = cut.finding();
        long others =
            cut.result().findings().stream()
                .filter(each -> !each.check().id().equals(target.check()))
                .count();
        lines.add(
            String.format(
                Locale.ROOT,
                "%-40s %s %8d %6.2f %% %4d tries %2d others %s %s",
                recording.getFileName(),
                target.check(),
                cut.bytes(),
                100.0 * cut.bytes() / Files.size(recording),
                cut.tries(),
                others,
                cut.whole() ? "WHOLE" : "",
                found == null
                    ? "LOST: " + target.message()
                    : ReportedFinding.of("x", found).message()));
      }
    }
    return lines;
  }

  @Test
  void everyFindingOfAFaultyFileIsCutOut() throws IOException {
    Path faults = SharedData.path("mcap-faults");
    Set<String> usual = new HashSet<>();
    table(faults.resolve("baseline.mcap"), usual).forEach(System.out::println);
    try (var files = Files.list(faults)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".mcap")).sorted().toList()) {
        table(file, usual).forEach(System.out::println);
      }
    }
    assertThat(faults).exists();
  }
}
