package dev.lockstep.source.mcap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.checksum.Crc32;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.testing.ReaderDriver;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class McapConformanceTest {
  private final ObjectMapper json = new ObjectMapper();

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(SharedData.path("mcap-conformance"))) {
      return all.filter(p -> p.toString().endsWith(".mcap")).sorted().toList();
    }
  }

  /// By their names, files with statistics or a chunk index but without what these refer to.
  private static boolean breaksTheSpecification(Path file) {
    String name = file.getFileName().toString().replace(".mcap", "");
    List<String> parts = List.of(name.split("-"));
    boolean schemaless = name.startsWith("OneSchemaless");
    boolean empty = !name.contains("Message");
    return !empty
        && (parts.contains("st") && !parts.contains("rch")
            || parts.contains("chx")
                && (!parts.contains("rch") || !schemaless && !parts.contains("rsh")));
  }

  @Test
  void readsEveryFileAndFindsExactlyTheBrokenDemands() throws IOException {
    List<Path> files = files();
    int breaking = 0;
    for (Path file : files) {
      ReaderDriver.Read read = new ReaderDriver(new McapFormat()).read(file);
      assertThat(messages(read)).as(file.toString()).isEqualTo(expected(file));
      List<DefectKind> kinds = read.defects(Severity.WARNING).stream().map(d -> d.kind()).toList();
      if (breaksTheSpecification(file)) {
        breaking++;
        assertThat(kinds).as(read.text()).containsExactly(DefectKind.SPEC_MUST);
      } else {
        assertThat(kinds).as(file + read.text()).isEmpty();
      }
      assertThat(read.coverage().lostBytes()).isZero();
      assertThat(read.coverage().protectedBytes())
          .as("all but DataEnd, the summary checksum and the magic")
          .isEqualTo(read.coverage().totalBytes() - 13 - 4 - 8);
    }
    assertThat(files).hasSize(416);
    assertThat(breaking).isEqualTo(172);
  }

  private static List<String> messages(ReaderDriver.Read read) {
    List<String> all = new ArrayList<>();
    for (int s = 0; s < read.streams().size(); s++) {
      MessageBatch rows = read.messages(s);
      for (int r = 0; r < rows.size(); r++) {
        all.add(
            read.streams().get(s).name()
                + " "
                + rows.sequences()[r]
                + " "
                + rows.logTimesNs()[r]
                + " "
                + rows.publishTimesNs()[r]
                + " "
                + rows.lengthsBytes()[r]
                + " "
                + rows.digests()[r]);
      }
    }
    return all;
  }

  private List<String> expected(Path file) throws IOException {
    JsonNode records =
        json.readTree(Files.readString(Path.of(file.toString().replace(".mcap", ".json"))))
            .get("records");
    List<String> all = new ArrayList<>();
    String topic = "";
    for (JsonNode record : records) {
      if (record.get("type").asText().equals("Channel")) {
        topic = field(record, "topic").asText();
      } else if (record.get("type").asText().equals("Message")) {
        JsonNode data = field(record, "data");
        byte[] payload = new byte[data.size()];
        for (int i = 0; i < payload.length; i++) {
          payload[i] = (byte) data.get(i).asInt();
        }
        all.add(
            topic
                + " "
                + field(record, "sequence").asText()
                + " "
                + field(record, "log_time").asText()
                + " "
                + field(record, "publish_time").asText()
                + " "
                + payload.length
                + " "
                + Crc32.of(MemorySegment.ofArray(payload)));
      }
    }
    return all;
  }

  private static JsonNode field(JsonNode record, String name) {
    for (JsonNode field : record.get("fields")) {
      if (field.get(0).asText().equals(name)) {
        return field.get(1);
      }
    }
    throw new AssertionError("no field " + name + " in " + record);
  }
}
