package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewCommandsTest {
  private static final Path FAULTY =
      CommandRun.FIXTURES.resolve("kitti").resolve("faulty-tracking");
  private static final Path LOG =
      CommandRun.FIXTURES.resolve("labels").resolve("label-log").resolve("drive.jsonl");

  @TempDir private Path folder;

  @Test
  void queueRanksWhatACheckFound() throws IOException {
    Path findings = folder.resolve("findings.jsonl");
    CommandRun.of("check", FAULTY, "-o", "jsonl:" + findings);
    CommandRun run = CommandRun.of("queue", findings, "--budget", 1);
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isEqualTo(ExitCode.FINDINGS);
    String place = FAULTY.resolve("label_02").resolve("0000.txt").toString();
    assertThat(run.out())
        .startsWith(
            "1. "
                + place
                + ", label_02, track 9, frames 53..56: 2.8 wrong labels expected of 4\n"
                + "   error LAB003 identity-switched: ")
        .contains(
            "   likely cause: ids 9 and 10 are exchanged from frame 53 on: exchange them back\n")
        .endsWith("1 of 2 entries, 2.8 of 3.7 expected wrong labels\n");
    assertThat(CommandRun.of("queue", FAULTY, "--budget", 1).out())
        .as("the recording itself gives the same")
        .isEqualTo(run.out());
    assertThat(CommandRun.of("queue", findings, "-o", "jsonl").out().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("{\"rank\":1,")
        .contains("\"first_frame\":53,\"last_frame\":56,\"labels\":4,\"value\":2.76,");
  }

  @Test
  void queueOfCleanLabelsIsEmpty() {
    CommandRun run = CommandRun.of("queue", LOG);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out()).isEqualTo("0 of 0 entries, 0.0 of 0.0 expected wrong labels\n");
  }

  @Test
  void queueTellsWrongUsageInOneLine() {
    assertThat(CommandRun.of("queue", LOG, "--budget", 0).err())
        .contains("--budget: 0 (expected at least 1)");
    assertThat(CommandRun.of("queue", LOG, "-o", "xml").err())
        .contains("--output: xml (expected text or jsonl)");
    CommandRun absent = CommandRun.of("queue", folder.resolve("absent"));
    assertThat(absent.exit()).isEqualTo(ExitCode.USAGE);
    CommandRun empty = CommandRun.of("queue", folder);
    assertThat(empty.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(empty.err()).contains("no recording or label set found");
  }

  @Test
  void auditDrawsBySeedAndLeavesOutWhatFindingsTouch() {
    CommandRun run = CommandRun.of("audit", FAULTY, "--sample", 20, "--seed", 3);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.err())
        .isEqualTo(
            "lockstep: 20 of 402 labels without findings drawn, seed 3; findings touch 3 more\n");
    assertThat(run.out().lines())
        .hasSize(20)
        .doesNotHaveDuplicates()
        .allMatch(line -> line.endsWith("\"population\":402,\"wrong\":null}"));
    assertThat(CommandRun.of("audit", FAULTY, "--sample", 20, "--seed", 3).out())
        .isEqualTo(run.out());
    assertThat(CommandRun.of("audit", FAULTY, "--sample", 20, "--seed", 4).out())
        .isNotEqualTo(run.out());
    List<String> all = CommandRun.of("audit", FAULTY, "--sample", 1000).out().lines().toList();
    assertThat(all).hasSize(402);
    assertThat(all).noneMatch(l -> l.contains("\"track\":\"9\"") && l.contains("\"frame\":53,"));
  }

  /// One flipped bit of a recording is a finding about its bytes, not about all labels in it.
  @Test
  void auditDrawsAroundDamagedBytes() {
    Path drive = CommandRun.FIXTURES.resolve("mcap").resolve("demo-drive").resolve("drive.mcap");
    CommandRun run = CommandRun.of("audit", drive, "--sample", 5);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.err())
        .isEqualTo(
            "lockstep: 5 of 1568 labels without findings drawn, seed 1; findings touch 27 more\n");
  }

  @Test
  void auditEstimatesTheRest() throws IOException {
    String sample = CommandRun.of("audit", FAULTY, "--sample", 20, "--seed", 3).out();
    Path judged = folder.resolve("judged.jsonl");
    Files.writeString(
        judged, sample.replace("null", "false").replaceFirst("\"wrong\":false", "\"wrong\":true"));
    CommandRun run = CommandRun.of("audit", "--result", judged);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    // Clopper and Pearson for 1 of 20: 0.001265 to 0.248733.
    assertThat(run.out())
        .isEqualTo(
            """
            1 of 20 judged labels are wrong: 5.00 % (0.127 % to 24.9 %)
            of 402 labels without findings that is 20 (0 to 100)
            """);
    Files.writeString(judged, sample.replaceFirst("null", "false"));
    CommandRun part = CommandRun.of("audit", "--result", judged);
    assertThat(part.exit()).isEqualTo(ExitCode.INCOMPLETE);
    assertThat(part.err()).isEqualTo("lockstep: 19 labels of the sample are not judged\n");
  }

  @Test
  void auditTellsWrongUsageInOneLine() throws IOException {
    assertThat(CommandRun.of("audit").err()).contains("needs PATH or --result FILE, not both");
    assertThat(CommandRun.of("audit", LOG, "--sample", 0).err())
        .contains("--sample: 0 (expected 1 to 1000000)");
    Path file = folder.resolve("judged.jsonl");
    Files.writeString(file, "{\"population\":5,\"wrong\":\"perhaps\"}\n");
    assertThat(CommandRun.of("audit", "--result", file).err())
        .contains("line 1 (expected a line of one sample of 'audit'");
    Files.writeString(file, "{\"population\":5,\"wrong\":null}\n");
    CommandRun none = CommandRun.of("audit", "--result", file);
    assertThat(none.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(none.err()).contains("0 judged labels of 5");
    String line = "{\"file\":\"a\",\"row\":3,\"population\":5,\"wrong\":false}\n";
    Files.writeString(file, line + line);
    assertThat(CommandRun.of("audit", "--result", file).err())
        .contains("line 2: a label that an earlier line has judged");
    Files.writeString(file, "{\n");
    assertThat(CommandRun.of("audit", "--result", file).err()).contains("line 1 is no JSON");
  }
}
