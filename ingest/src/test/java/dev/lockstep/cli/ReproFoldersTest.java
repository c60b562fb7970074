package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Cuts of recordings that are folders: every finding must still be given by its cut.
class ReproFoldersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private List<JsonNode> cutAll(Path recording) throws IOException {
    Path found = folder.resolve("found.jsonl");
    CommandRun.of("check", "--output", "jsonl:" + found, recording);
    List<JsonNode> incidents = new ArrayList<>();
    for (String line : Files.readAllLines(found)) {
      String id = JSON.readTree(line).path("id").asText();
      Path out = folder.resolve(id);
      CommandRun run = CommandRun.of("repro", id, "--in", found, "--out", out);
      assertThat(run.err()).isEmpty();
      assertThat(run.exit()).as(line + "\n" + run.out()).isEqualTo(ExitCode.CLEAN);
      incidents.add(JSON.readTree(Files.readString(out.resolve("incident.json"))));
      assertThat(out.resolve(".tried")).doesNotExist();
    }
    assertThat(incidents).isNotEmpty();
    return incidents;
  }

  @Test
  void faultyTrackingLabels() throws IOException {
    Path labels = CommandRun.FIXTURES.resolve("kitti/faulty-tracking/label_02/0000.txt");
    for (JsonNode incident : cutAll(labels)) {
      assertThat(incident.path("cut").path("whole").asBoolean()).isFalse();
      assertThat(incident.path("cut").path("bytes").asLong())
          .isLessThan(incident.path("recording").path("bytes").asLong() / 5);
    }
  }

  @Test
  void realAnnotations() throws IOException {
    Path annotations;
    try (Stream<Path> files = Files.walk(SharedData.path("av2"))) {
      annotations =
          files
              .filter(file -> file.endsWith("annotations.feather"))
              .sorted()
              .findFirst()
              .orElseThrow();
    }
    Path log = annotations.getParent();
    assertThat(log).isNotNull();
    for (JsonNode incident : cutAll(log)) {
      assertThat(incident.path("cut").path("whole").asBoolean()).isFalse();
    }
  }

  @Test
  void realDrive() throws IOException {
    Path drive =
        SharedData.path(
            "kitti/python_camera_library/test_data/kitti/2011_09_26_drive_0001_sync/2011_09_26");
    List<JsonNode> incidents = cutAll(drive);
    assertThat(incidents).allSatisfy(i -> assertThat(i.path("reproduced").asBoolean()).isTrue());
  }
}
