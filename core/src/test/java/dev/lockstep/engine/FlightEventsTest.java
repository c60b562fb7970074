package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.source.mcap.McapFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightEventsTest {
  private static final Path DRIVE = Path.of("../fixtures/mcap/demo-drive/drive.mcap");

  @TempDir Path folder;

  @Test
  void tellsTheFlightRecorderOfUnitsAndRules() throws Exception {
    Path file = folder.resolve("run.jfr");
    RecordingResult result;
    try (Recording recording = new Recording();
        Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(2))) {
      recording.enable("lockstep.Scan").withoutThreshold();
      recording.enable("lockstep.Order").withoutThreshold();
      recording.enable("lockstep.Rule").withoutThreshold();
      recording.start();
      result = engine.check(DRIVE, "demo", new McapFormat());
      recording.stop();
      recording.dump(file);
    }
    Map<String, Integer> counts = new HashMap<>();
    Map<String, Long> findings = new HashMap<>();
    for (RecordedEvent event : events(file)) {
      assertThat(event.getString("recording")).isEqualTo("demo");
      String name = event.getEventType().getName();
      counts.merge(name, 1, Integer::sum);
      if (name.equals("lockstep.Rule")) {
        findings.merge(event.getString("check"), event.getLong("findings"), Long::sum);
      }
    }
    assertThat(counts.get("lockstep.Scan")).isPositive().isEqualTo(counts.get("lockstep.Order"));
    Map<String, Long> reported = new HashMap<>();
    for (CheckResult each : result.results()) {
      reported.merge(each.check().id(), each.total(), Long::sum);
    }
    assertThat(findings).isEqualTo(reported);
  }

  private static List<RecordedEvent> events(Path file) throws Exception {
    assertThat(Files.size(file)).isPositive();
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("lockstep."))
        .toList();
  }
}
