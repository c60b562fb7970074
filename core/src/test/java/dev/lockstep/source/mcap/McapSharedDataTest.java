package dev.lockstep.source.mcap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Severity;
import dev.lockstep.testing.ReaderDriver;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Files that others made: single faults, and what recorders write.
class McapSharedDataTest {
  /// Semantic cases whose fault shows in the container or its definitions.
  private static final List<String> CONTAINER_CASES = List.of("L50", "S26");

  @Test
  void tellsEachSingleFaultOfTheContainerAndNothingElse() throws IOException {
    Path folder = SharedData.path("mcap-faults");
    JsonNode manifest = new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
    int faults = 0;
    for (JsonNode entry : manifest) {
      String name = entry.get("file").asText();
      ReaderDriver.Read read = new ReaderDriver(new McapFormat()).read(folder.resolve(name));
      String kind = entry.get("cls").asText();
      List<DefectKind> kinds = Mcaps.kinds(read);
      String how = name + ": " + entry.get("what").asText() + "\n" + read.findings();
      if (kind.equals("valid") || kind.equals("legal")) {
        assertThat(kinds).as(how).isEmpty();
      } else if (!kind.equals("semantic") || CONTAINER_CASES.contains(name.substring(0, 3))) {
        faults++;
        assertThat(kinds).as(how).isNotEmpty();
        assertThat(kinds.stream().distinct()).as(how).hasSize(1);
        assertThat(read.defects(Severity.WARNING))
            .as(how)
            .allSatisfy(defect -> assertThat(defect.location().bytes()).isNotNull());
      }
    }
    assertThat(faults).isPositive();
  }

  @Test
  void reachesEveryMessageBehindADestroyedChunkLength() throws IOException {
    Path file = SharedData.path("mcap-faults", "P15_chunk_length_huge.mcap");
    ReaderDriver.Read read = new ReaderDriver(new McapFormat()).read(file);
    assertThat(read.messageCount()).isEqualTo(320);
    assertThat(read.coverage().lostBytes()).isZero();
  }

  @Test
  void findsNoErrorInWhatRecordersWrite() throws IOException {
    int files = 0;
    for (String folder : List.of("mcap-samples", "ros")) {
      for (Path file : mcaps(SharedData.path(folder))) {
        ReaderDriver.Read read = new ReaderDriver(new McapFormat()).read(file);
        assertThat(read.defects(Severity.ERROR)).as(file.toString()).isEmpty();
        assertThat(read.coverage().lostBytes()).as(file.toString()).isZero();
        files++;
      }
    }
    assertThat(files).isPositive();
  }

  private static List<Path> mcaps(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.toString().endsWith(".mcap")).sorted().toList();
    }
  }
}
