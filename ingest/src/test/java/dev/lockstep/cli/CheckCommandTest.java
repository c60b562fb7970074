package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.catalog.Checks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckCommandTest {
  private static final Path CLEAN = CommandRun.FIXTURES.resolve("mcap/clean-lz4/drive.mcap");
  private static final Path DEMO = CommandRun.FIXTURES.resolve("mcap/demo-drive/drive.mcap");

  /// A check of the demo that finds something at level error whatever other rules there are.
  private static final String JPEG = "INT023";

  @TempDir private Path folder;

  @Test
  void aCleanRecordingExitsWithZero() {
    CommandRun run = CommandRun.of("check", CLEAN);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith(CLEAN + ": CLEAN").contains("1 recording: 1 clean");
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
  }

  @Test
  void findingsExitWithOneAndAreResults() {
    CommandRun run = CommandRun.of("check", DEMO);
    assertThat(run.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(run.out()).contains("error INT023 image-damaged: ");
    assertThat(run.err()).isEmpty();
  }

  /// To open a pipe waits for ever; an empty path would be the current folder.
  @Test
  void whatIsNoFileAndNoFolderIsWrongUsage() {
    Path pipe = Path.of("/dev/null");
    assumeTrue(Files.exists(pipe));
    CommandRun none = CommandRun.of("check", pipe.toString());
    assertThat(none.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(none.err()).contains("/dev/null: neither a file nor a folder");
    CommandRun empty = CommandRun.of("check", "");
    assertThat(empty.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(empty.err()).contains("'': an empty path");
  }

  @Test
  void failOnDecidesWhichSeverityCounts() {
    // One repeated image in the demo: an error, and nothing at a lower level.
    CommandRun error = CommandRun.of("check", "--select", "INT030", DEMO);
    assertThat(error.out()).contains("error INT030");
    assertThat(error.exit()).isEqualTo(ExitCode.FINDINGS);
    for (String level : new String[] {"warning", "info", "WARNING"}) {
      assertThat(CommandRun.of("check", "--select", "INT030", "--fail-on", level, DEMO).exit())
          .as(level)
          .isEqualTo(ExitCode.FINDINGS);
    }
    CommandRun unknown = CommandRun.of("check", "--fail-on", "fatal", DEMO);
    assertThat(unknown.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(unknown.err()).contains("fatal (expected error, warning or info)");
  }

  @Test
  void selectAndIgnoreTakeIdsFamiliesAndNames() {
    assertThat(CommandRun.of("check", "--select", JPEG, DEMO).exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(CommandRun.of("check", "--select", "image-damaged", DEMO).exit())
        .isEqualTo(ExitCode.FINDINGS);
    CommandRun ignored = CommandRun.of("check", "--select", "INT023,VID", "--ignore", "INT", DEMO);
    assertThat(ignored.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(CommandRun.of("check", "--select", "VID", "--ignore", JPEG, DEMO).out())
        .doesNotContain(JPEG);
  }

  /// A loss of sweeps explains labels without one, but only where somebody reports the loss.
  @Test
  void aFindingThatNoOtherExplainsStaysAnError() {
    assertThat(CommandRun.of("check", "--select", "LAB010", DEMO).out()).contains("error LAB010");
    assertThat(CommandRun.of("check", "--select", "LAB010,TIM008", DEMO).out())
        .contains("error TIM008")
        .doesNotContain("error LAB010");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--select", "--ignore"})
  void unknownChecksListTheKnownOnes(String option) {
    CommandRun run = CommandRun.of("check", option, "XYZ123", DEMO);
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .endsWith(
            "unknown check: XYZ123 (families: ANN, INT, LAB, LID, SHA, SYN, TIM, VID; 'lockstep"
                + " checks' lists all)\nTry 'lockstep check --help'.\n");
    assertThat(CommandRun.of("check", option, "LID099", DEMO).err())
        .contains("unknown check: LID099 (families: ", "; checks of LID: LID001, ", "LID016;");
  }

  private static void refuses(String words, Object... args) {
    CommandRun run = CommandRun.of(args);
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo("lockstep check: " + words + "\nTry 'lockstep check --help'.\n");
  }

  @Test
  void saysInOneSentenceWhatIsWrongWithACommandLine() throws IOException {
    Path binary = Files.write(folder.resolve("b.yaml"), new byte[] {-1, -2, 0});
    refuses("Missing required parameter: 'PATH'", "check");
    refuses(
        "--select and --ignore leave no check", "check", "--select", JPEG, "--ignore", JPEG, DEMO);
    refuses(
        "--output: json and sarif go to standard output (expected one)",
        "check",
        "-o",
        "json",
        "-o",
        "sarif",
        DEMO);
    refuses(
        "--output: json:x and sarif:./x go to one file",
        "check",
        "-o",
        "json:x",
        "-o",
        "sarif:./x",
        DEMO);
    refuses(
        "Invalid value for option '--threads': two (expected a whole number)",
        "check",
        "--threads",
        "two",
        DEMO);
    refuses(
        "Invalid value for option '--threads': 99999999999 is too large (expected a whole number)",
        "check",
        "--threads",
        "99999999999",
        DEMO);
    refuses(folder + ": a folder (expected a rig profile in YAML)", "check", "--rig", folder, DEMO);
    refuses(
        binary + ": bytes that are no UTF-8 (expected a layout in YAML)",
        "check",
        "--layout",
        binary,
        DEMO);
    refuses(
        "--baseline: " + folder + ": a folder (expected a json or jsonl output)",
        "check",
        "--baseline",
        folder,
        DEMO);
    refuses(binary + ": exists already", "check", "--plot", binary, DEMO);
  }

  @Test
  void aFileOfResultsReplacesFilesOnly() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "before");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    CommandRun.of("check", "--select", JPEG, "-o", "json:" + link, DEMO);
    assertThat(link).isSymbolicLink();
    assertThat(file).content().startsWith("{");
    CommandRun none = CommandRun.of("check", "-o", "json:" + folder.resolve("no/x"), DEMO);
    assertThat(none.exit()).isEqualTo(ExitCode.INPUT_OUTPUT);
    assertThat(none.err()).endsWith(": " + folder.resolve("no") + ": no such file or folder\n");
    assertThat(CommandRun.of("check", "-o", "json:" + folder, DEMO).err())
        .endsWith(": " + folder + ": a folder (expected a file)\n");
  }

  /// A device or a pipe is written to; it must not be replaced by a file.
  @Test
  @EnabledOnOs(OS.LINUX)
  void aPipeOfResultsStaysAPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo");
    Process reader = new ProcessBuilder("cat", pipe.toString()).start();
    CommandRun run = CommandRun.of("check", "--select", JPEG, "-o", "json:" + pipe, DEMO);
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.FINDINGS);
    assertThat(new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .startsWith("{")
        .endsWith("}\n");
    assertThat(Files.readAttributes(pipe, BasicFileAttributes.class).isOther()).isTrue();
  }

  /// Names that Java cannot express would be left out in silence.
  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileThatCannotBeOpenedIsToldAndNoSuccess() throws Exception {
    Files.copy(CLEAN, folder.resolve("drive.mcap"));
    Process made =
        new ProcessBuilder("/bin/sh", "-c", "cp drive.mcap \"$(printf 'b\\377.mcap')\"")
            .directory(folder.toFile())
            .start();
    assumeTrue(made.waitFor() == 0, "names are UTF-8 in this file system");
    CommandRun run = CommandRun.of("check", folder);
    assertThat(run.exit()).isEqualTo(ExitCode.INPUT_OUTPUT);
    assertThat(run.out()).contains("drive.mcap: CLEAN");
    assertThat(run.err())
        .startsWith("lockstep: " + folder)
        .endsWith(": cannot be opened (its name is not in the encoding of this locale)\n");
  }

  @Test
  void aBaselineLeavesOutWhatItKnows() {
    Path json = folder.resolve("before.json");
    CommandRun.of("check", "--select", JPEG, "--output", "json:" + json, DEMO);
    CommandRun run = CommandRun.of("check", "--select", JPEG, "--baseline", json, DEMO);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out()).contains("1 known from the baseline left out");
    assertThat(CommandRun.of("check", "--baseline", folder.resolve("no.json"), DEMO).exit())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aBaselineThatIsNoJsonIsWrongUsage() throws IOException {
    Path file = Files.writeString(folder.resolve("bad.json"), "{nothing");
    CommandRun run = CommandRun.of("check", "--baseline", file, DEMO);
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--baseline: " + file + " is not JSON");
  }

  @Test
  void aQuickRunLeavesPayloadsOut() {
    CommandRun run = CommandRun.of("check", "--quick", "--select", JPEG, "-v", DEMO);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out()).contains("INT023 image-damaged: skipped");
  }

  @Test
  void threadsChangeNothing() {
    String one = CommandRun.of("check", "--threads", "1", "-o", "json", DEMO).out();
    assertThat(CommandRun.of("check", "--threads", "3", "-o", "json", DEMO).out()).isEqualTo(one);
    assertThat(CommandRun.of("check", "--threads", "0", DEMO).exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void severalOutputsAreWrittenAtOnce() throws IOException {
    CommandRun run =
        CommandRun.of(
            "check",
            "-o",
            "text",
            "-o",
            "json:" + folder.resolve("a.json"),
            "-o",
            "jsonl:" + folder.resolve("a.jsonl"),
            "-o",
            "junit:" + folder.resolve("a.xml"),
            "-o",
            "sarif:" + folder.resolve("a.sarif"),
            "-o",
            "arrow:" + folder.resolve("a"),
            DEMO);
    assertThat(run.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(run.out()).startsWith(DEMO + ": FAULTY");
    assertThat(run.err()).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "a.json", "a.jsonl", "a.xml", "a.sarif", "a.findings.arrow", "a.measurements.arrow");
    }
  }

  @Test
  void arrowNeedsFiles() {
    CommandRun run = CommandRun.of("check", "-o", "arrow", DEMO);
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("--output: arrow makes two files and needs a prefix for them: arrow:PREFIX");
  }

  @Test
  void unknownOutputsListTheKnownOnes() {
    CommandRun run = CommandRun.of("check", "-o", "yaml", DEMO);
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .contains("yaml (expected text, json, jsonl, junit, sarif, html or arrow)");
  }

  @Test
  void anOutputThatCannotBeWrittenIsAnInputOutputError() {
    CommandRun run =
        CommandRun.of("check", "-o", "json:" + folder.resolve("no/such/folder.json"), CLEAN);
    assertThat(run.exit()).isEqualTo(ExitCode.INPUT_OUTPUT);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("lockstep: output json:");
  }

  @Test
  void noPathIsWrongUsage() {
    CommandRun run = CommandRun.of("check");
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .isEqualTo(
            "lockstep check: Missing required parameter: 'PATH'\n"
                + "Try 'lockstep check --help'.\n");
  }

  @Test
  void aMissingPathIsWrongUsage() {
    CommandRun run = CommandRun.of("check", folder.resolve("gone.mcap"));
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("gone.mcap: no such file or folder");
  }

  @Test
  void aFolderWithoutRecordingsIsWrongUsage() throws IOException {
    Files.writeString(folder.resolve("readme.txt"), "nothing here");
    CommandRun run = CommandRun.of("check", folder);
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .contains("no recording or label set found (formats: av2, ")
        .contains(", mcap, ");
  }

  @Test
  void whatCouldNotBeExaminedExitsWithThree() throws IOException {
    Path cut = folder.resolve("cut.mcap");
    byte[] bytes = Files.readAllBytes(CLEAN);
    Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    CommandRun run = CommandRun.of("check", "--select", "LID", cut);
    assertThat(run.out()).contains("not all of it examined");
    assertThat(run.exit()).isEqualTo(ExitCode.INCOMPLETE);
  }

  @Test
  void checksListsEveryCheck() {
    CommandRun run = CommandRun.of("checks");
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines()).allMatch(line -> line.matches("[A-Z]{3}[0-9]{3}  .*"));
    assertThat(run.out()).contains("INT041  error    manifest-damaged");
  }

  @Test
  void explainShowsThePageByIdAndByName() {
    CommandRun byId = CommandRun.of("explain", "INT041");
    assertThat(byId.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(byId.out())
        .startsWith("# INT041 ManifestDamaged\n")
        .contains("\n\n## How often it is wrong\n\nRules of this family mostly hold bytes against")
        .endsWith("synthetic drives without faults. Figures: README, \"How it compares\".\n");
    assertThat(Checks.ALL)
        .as("every family says what it was tried on")
        .allMatch(check -> !ExplainCommand.measured(check).startsWith("`./lockstep bench faults"));
    assertThat(CommandRun.of("explain", "manifest-damaged").out()).isEqualTo(byId.out());
    CommandRun unknown = CommandRun.of("explain", "nonsense");
    assertThat(unknown.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(unknown.out()).isEmpty();
    assertThat(unknown.err()).contains("unknown check: nonsense", "'lockstep checks' lists all");
  }

  @Test
  void infoShowsStreamsWithoutJudging() {
    CommandRun run = CommandRun.of("info", DEMO);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("/lidar/points", "lidar").doesNotContain("error");
    assertThat(CommandRun.of("info", folder.resolve("gone")).exit()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("info", folder).exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void costIsToldOnlyWhereAskedFor() {
    Path drive = CommandRun.FIXTURES.resolve("mcap/demo-drive/drive.mcap");
    CommandRun plain = CommandRun.of("check", drive);
    assertThat(plain.out()).doesNotContain("CPU");
    CommandRun text = CommandRun.of("check", "--cost", "--cost-rate", "10,20", drive);
    assertThat(text.out()).startsWith(plain.out());
    assertThat(text.out().substring(plain.out().length()))
        .matches(
            """
            cost, and for a million messages
              scan: \\d+\\.\\d{3} CPU seconds, \\d+\\.\\d{3}
              order: \\d+\\.\\d{3} CPU seconds, \\d+\\.\\d{3}
              labels: \\d+\\.\\d{3} CPU seconds, \\d+\\.\\d{3}
              findings: \\d+\\.\\d{3} CPU seconds, \\d+\\.\\d{3}
              manifest: 0 bytes, 0
              findings: \\d{3,} bytes, \\d{5,}
              audit log: none is kept by a check; 'watch' keeps the findings
              30 days of 2 streams: 77760000 messages, manifest \\d{10} bytes, findings \\d{6,} bytes
            """);
    CommandRun json = CommandRun.of("check", "--cost", "--output", "json", drive);
    assertThat(json.out()).contains("\"cost\" : {\n    \"messages\" : 1897,");
    assertThat(CommandRun.of("check", "--output", "json", drive).out()).doesNotContain("cost");
    assertThat(CommandRun.of("check", "--cost-rate", "5", drive).err())
        .contains("--cost-rate needs --cost");
    assertThat(CommandRun.of("check", "--cost", "--cost-rate", "0", drive).err())
        .contains("--cost-rate: 0.0 (expected above 0, at most 1e9)");
  }
}
