package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Labels beside a recording belong to it, for every command.
class LabelsBesideTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private Path drive;
  private Path log;

  @BeforeEach
  void putALogBesideADrive() throws IOException {
    drive = folder.resolve("drive.mcap");
    log = folder.resolve("drive.mcap.labels.jsonl");
    Files.copy(CommandRun.FIXTURES.resolve("mcap/clean-drive/drive.mcap"), drive);
    CommandRun made = CommandRun.of("labels", drive, "-o", log);
    assertThat(made.exit()).as(made.err()).isZero();
  }

  /// Puts a category that is none of the track's into the line that holds `word`.
  private long misnameOne() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(log));
    for (int i = lines.size() / 2; i < lines.size(); i++) {
      if (lines.get(i).contains("\"category\":\"car\"")) {
        lines.set(i, lines.get(i).replace("\"category\":\"car\"", "\"category\":\"cyclist\""));
        Files.write(log, lines);
        return i + 1L;
      }
    }
    throw new AssertionError("no car in " + log);
  }

  @Test
  void checkReadsThemInPlaceOfThoseTheyWereMadeFrom() throws IOException {
    CommandRun clean = CommandRun.of("check", folder);
    assertThat(clean.exit()).as(clean.out()).isEqualTo(ExitCode.CLEAN);
    assertThat(clean.out())
        .contains("labels /labels/lidar of the recording give way to those in " + log.getFileName())
        .contains("1 recording");
    long line = misnameOne();
    JsonNode run = JSON.readTree(CommandRun.of("check", "--output", "json", folder).out());
    assertThat(run.path("recordings")).hasSize(1);
    JsonNode findings = run.path("recordings").get(0).path("findings");
    assertThat(findings).isNotEmpty();
    for (JsonNode finding : findings) {
      assertThat(finding.path("check").asText()).startsWith("LAB");
    }
    assertThat(findings.get(0).path("location").path("file").asText())
        .isEqualTo(log.getFileName().toString());
    CommandRun trace =
        CommandRun.of("trace", drive, "--label", log.getFileName() + ":" + line, "--check");
    assertThat(trace.out()).contains(", category cyclist,", "rests on (the ", "LAB");
  }

  @Test
  void traceFindsTheirSensorMessagesAndTheWayBack() throws IOException {
    CommandRun.of("seal", drive);
    JsonNode label =
        JSON.readTree(
                CommandRun.of("trace", drive, "--label", log.getFileName() + ":20", "-o", "json")
                    .out())
            .path("traces")
            .get(0);
    JsonNode basis = label.path("basis");
    assertThat(basis.path("file").asText()).isEqualTo("drive.mcap");
    assertThat(basis.path("crc32c_stored").asText())
        .isEqualTo(basis.path("crc32c_computed").asText());
    String bytes = "drive.mcap:" + basis.path("offset_bytes").asLong() + "+1";
    JsonNode back =
        JSON.readTree(CommandRun.of("trace", drive, "--bytes", bytes, "-o", "json").out());
    assertThat(back.path("labels").findValuesAsText("row")).contains("20");
    String line =
        log.getFileName() + ":" + label.path("label").path("offset_bytes").asLong() + "+1";
    JsonNode own =
        JSON.readTree(CommandRun.of("trace", drive, "--bytes", line, "-o", "json").out());
    assertThat(own.path("labels").findValuesAsText("by")).containsExactly("stored in");
  }

  @Test
  void shadowMatchesThemWithTheRecording() {
    CommandRun shadow = CommandRun.of("shadow", drive);
    assertThat(shadow.exit()).as(shadow.out() + shadow.err()).isEqualTo(ExitCode.CLEAN);
    assertThat(shadow.out()).contains(log.getFileName().toString());
  }

  @Test
  void reproKeepsThemBesideTheCut() throws IOException {
    misnameOne();
    JsonNode run = JSON.readTree(CommandRun.of("check", "--output", "json", drive).out());
    String id = run.path("recordings").get(0).path("findings").get(0).path("id").asText();
    Path incident = folder.resolve("incident");
    CommandRun repro = CommandRun.of("repro", id, "--in", drive, "--out", incident);
    assertThat(repro.exit()).as(repro.out() + repro.err()).isEqualTo(ExitCode.CLEAN);
  }

  @Test
  void auditDrawsFromThem() {
    CommandRun run = CommandRun.of("audit", drive, "--sample", "4", "--seed", "2");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .hasSize(4)
        .allMatch(line -> line.contains("\"file\":\"drive.mcap.labels.jsonl\""));
  }

  @Test
  void reproLeavesOutLinesOfThem() throws IOException {
    misnameOne();
    for (Path labels : List.of(drive, log)) {
      Path out = folder.resolve("cut-of-" + labels.getFileName());
      CommandRun run = CommandRun.of("repro", "LAB001", "--in", labels, "-o", out);
      assertThat(run.exit()).as(run.err() + run.out()).isZero();
      try (Stream<Path> files = Files.walk(out.resolve("cut"))) {
        Path cut =
            files.filter(file -> file.toString().endsWith(".jsonl")).findFirst().orElseThrow();
        assertThat(Files.readAllLines(cut)).as(cut.toString()).hasSizeLessThan(16);
      }
    }
  }

  @Test
  void aFolderHoldsThemToo() throws IOException {
    Path bag = folder.resolve("bag");
    Files.createDirectories(bag);
    try (Stream<Path> files =
        Files.list(CommandRun.FIXTURES.resolve("rosbag2/clean-drive/drive"))) {
      for (Path file : files.toList()) {
        Files.copy(file, bag.resolve(file.getFileName()));
      }
    }
    // The bag is the first two seconds of the drive.
    List<String> lines =
        Files.readAllLines(log).stream()
            .filter(line -> !line.matches(".*\"stamp_ns\":177244200(?![01]).*"))
            .toList();
    Files.write(bag.resolve("labels.jsonl"), lines);
    CommandRun check = CommandRun.of("check", bag);
    assertThat(check.exit()).as(check.out()).isEqualTo(ExitCode.CLEAN);
    CommandRun trace = CommandRun.of("trace", bag, "--label", "labels.jsonl:20");
    assertThat(trace.exit()).as(trace.err()).isEqualTo(ExitCode.CLEAN);
    assertThat(trace.out()).startsWith("label labels.jsonl:20 of /labels/");
  }
}
