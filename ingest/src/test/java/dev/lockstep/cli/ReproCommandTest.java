package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReproCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private Path faulty(String fault, String seconds) {
    Path clean = folder.resolve("clean.mcap");
    CommandRun.of("synth", "--seconds", seconds, "--out", clean);
    Path out = folder.resolve("faulty");
    CommandRun run = CommandRun.of("inject", clean, "--fault", fault, "--out", out);
    assertThat(run.err()).isEmpty();
    return out.resolve("clean.mcap");
  }

  private static JsonNode incident(Path out) throws IOException {
    return JSON.readTree(Files.readString(out.resolve("incident.json")));
  }

  @ParameterizedTest
  @CsvSource({
    "'flip-chunk-bit', INT007, 0.01",
    "'frozen-image:stream=/camera/front/image', INT030, 0.05",
    "'decreasing-stamp:stream=/lidar/points', TIM001, 0.02",
    "'truncated-cdr:stream=/lidar/points', INT021, 0.02",
  })
  void cutsASingleFaultOutOfADrive(String fault, String check, double share) throws IOException {
    Path drive = faulty(fault, "10");
    Path out = folder.resolve("incident");
    CommandRun run = CommandRun.of("repro", check, "--in", drive, "--out", out);
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    JsonNode incident = incident(out);
    assertThat(incident.path("reproduced").asBoolean()).isTrue();
    assertThat(incident.path("cut").path("whole").asBoolean()).isFalse();
    assertThat(incident.path("cut").path("bytes").asDouble() / Files.size(drive)).isLessThan(share);
    CommandRun again =
        CommandRun.of(
            "check", "--fail-on", "info", out.resolve(incident.path("cut").path("path").asText()));
    assertThat(again.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(again.out()).contains(check);
    assertThat(out.resolve("actual.txt")).content().contains(check);
    assertThat(out.resolve("expected.txt"))
        .content()
        .startsWith(incident.path("finding").path("severity").asText() + " " + check + " ");
    try (var left = Files.list(out)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "cut", "command.txt", "expected.txt", "actual.txt", "incident.json");
    }
  }

  @Test
  void cutsAChangedMessageOutOfASealedDrive() throws IOException {
    Path drive = folder.resolve("drive.mcap");
    CommandRun.of("synth", "--seconds", "3", "--out", drive);
    assertThat(CommandRun.of("seal", drive).exit()).isZero();
    byte[] bytes = Files.readAllBytes(drive);
    bytes[bytes.length / 2] ^= 4;
    Files.write(drive, bytes);
    Path out = folder.resolve("incident");
    CommandRun run = CommandRun.of("repro", "INT040", "--in", drive, "--out", out);
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    JsonNode cut = incident(out).path("cut");
    assertThat(cut.path("whole").asBoolean()).isFalse();
    assertThat(cut.path("bytes").asDouble() / bytes.length).isLessThan(0.05);
    assertThat(out.resolve("actual.txt")).content().contains("INT040", "1 message");
    Path manifest = folder.resolve("drive.mcap.blocks.arrow");
    byte[] rows = Files.readAllBytes(manifest);
    rows[rows.length / 2] ^= 4;
    Files.write(manifest, rows);
    Path second = folder.resolve("second");
    assertThat(CommandRun.of("repro", "INT041", "--in", drive, "--out", second).exit()).isZero();
    assertThat(incident(second).path("cut").path("whole").asBoolean()).isFalse();
  }

  @Test
  void theFolderSaysWhoHasToLookAndByWhen() throws IOException {
    Path drive = CommandRun.FIXTURES.resolve("mcap/demo-drive/drive.mcap");
    Path findings = folder.resolve("findings.jsonl");
    CommandRun.of("check", "--output", "jsonl:" + findings, drive);
    Path routing =
        Files.writeString(
            folder.resolve("routing.yaml"),
            "owners:\n  TIM: capture\n  default: data\nhours:\n  error: 24\n  warning: 48\n");
    Path out = folder.resolve("incident");
    Path body = folder.resolve("body.json");
    CommandRun run =
        CommandRun.of(
            "repro",
            "TIM008",
            "--in",
            findings,
            "-o",
            out,
            "--routing",
            routing,
            "--webhook-body",
            body,
            "--at",
            "2026-03-01T12:00:00Z");
    assertThat(run.err()).isEmpty();
    JsonNode incident = incident(out);
    assertThat(incident.path("owner").asText()).isEqualTo("capture");
    String severity = incident.path("finding").path("severity").asText();
    assertThat(incident.path("due").asText())
        .isEqualTo(severity.equals("error") ? "2026-03-02T12:00:00Z" : "2026-03-03T12:00:00Z");
    assertThat(out.resolve("command.txt")).hasContent("./lockstep check cut/drive.mcap");
    JsonNode webhook = JSON.readTree(Files.readString(body));
    assertThat(webhook.path("text").asText()).contains("TIM008", "owner capture", "due 2026-03-0");
    assertThat(webhook.path("incident")).isEqualTo(incident);
  }

  @Test
  void cutsLabelsOfARealSequence() throws IOException {
    Path file;
    try (var files = Files.walk(SharedData.path("kitti/OpenTraj"))) {
      file = files.filter(each -> each.endsWith("label/0009.txt")).findFirst().orElseThrow();
    }
    CommandRun check = CommandRun.of("check", "--fail-on", "info", "-o", "jsonl", file);
    assertThat(check.out()).isNotEmpty();
    JsonNode first = JSON.readTree(check.out().lines().findFirst().orElse(""));
    Path out = folder.resolve("incident");
    CommandRun run = CommandRun.of("repro", first.path("id").asText(), "--in", file, "--out", out);
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(incident(out).path("reproduced").asBoolean()).isTrue();
  }

  @Test
  void wrongUsageWritesNothing() throws IOException {
    Path drive = CommandRun.FIXTURES.resolve("mcap/demo-drive/drive.mcap");
    Path out = folder.resolve("incident");
    assertUsage("TIM099: no such finding among the ", "repro", "TIM099", "--in", drive, "-o", out);
    assertUsage("--at: noon", "repro", "TIM008", "--in", drive, "-o", out, "--at", "noon");
    Path routing = folder.resolve("routing.yaml");
    String[][] wrong = {
      {"owner: x\n", "key: owner (expected owners, hours)"},
      {"owners:\n  Tim: x\n", "owners: Tim (expected an id of a check"},
      {"owners:\n  TIM: 5\n", "owners: TIM: 5 (expected a name)"},
      {"hours:\n  error: soon\n", "hours: error: soon (expected a whole number"},
      {"hours:\n  fatal: 5\n", "hours: fatal (expected error, warning, info)"},
      {"hours: [\n", "line 2: no YAML"},
      {"- a\n", "routing: [a] (expected keys and values)"},
      {"hours:\n  error: 1\n  error: 2\n", "no YAML"},
    };
    for (String[] each : wrong) {
      Files.writeString(routing, each[0]);
      assertUsage(each[1], "repro", "TIM008", "--in", drive, "-o", out, "--routing", routing);
    }
    assertThat(out).doesNotExist();
    assertUsage("is not empty", "repro", "TIM008", "--in", drive, "-o", folder);
    Path gone = folder.resolve("gone.jsonl");
    assertUsage("gone.jsonl", "repro", "TIM008", "--in", gone, "-o", out);
  }

  private static void assertUsage(String message, Object... args) {
    CommandRun run = CommandRun.of(args);
    assertThat(run.err()).contains(message);
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
  }
}
