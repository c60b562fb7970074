package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShadowCommandTest {
  private static final Path LABELS = CommandRun.FIXTURES.resolve("labels");
  private static final Path LOG = LABELS.resolve("label-log").resolve("drive.jsonl");

  @TempDir private Path folder;

  @Test
  void aRightExportIsClean() {
    Path export = LABELS.resolve("cvat").resolve("drive.xml");
    CommandRun run = CommandRun.of("shadow", LOG, "--export", export);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("CLEAN").contains(" 0 changed, 0 only in the original, 0 only");
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
  }

  @Test
  void tellsWhichLineOfAnExportWasChanged() throws IOException {
    Path from = folder.resolve("a");
    CommandRun.of("labels", LOG, "--to", "openlabel", "--out", from);
    Path export = from.resolve("drive.json");
    String text = Files.readString(export);
    Matcher numbers = Pattern.compile("\"val\"\\s*:\\s*\\[\\s*(\\d)").matcher(text);
    assertThat(numbers.find(text.length() / 2)).isTrue();
    int at = numbers.start(1);
    char digit = text.charAt(at);
    Files.writeString(
        export,
        text.substring(0, at) + (char) (digit == '9' ? '1' : digit + 1) + text.substring(at + 1));
    Path json = folder.resolve("run.json");
    CommandRun run =
        CommandRun.of("shadow", LOG, "--export", export, "-o", "text", "-o", "json:" + json);
    assertThat(run.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(run.out()).contains("FAULTY").contains("1 error, 0 warnings").contains(", byte ");
    assertThat(json).content().contains("\"SHA00");
    CommandRun again = CommandRun.of("shadow", LOG, "--export", export, "--baseline", json);
    assertThat(again.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(again.out()).contains("known from the baseline left out");
  }

  @Test
  void damageMakesTheResultIncomplete() throws IOException {
    Path broken = folder.resolve("broken.jsonl");
    Files.writeString(broken, Files.readString(LOG) + "{\"frame\":\n");
    CommandRun run = CommandRun.of("shadow", LOG, "--export", broken);
    assertThat(run.exit()).isEqualTo(ExitCode.INCOMPLETE);
    assertThat(run.out()).contains("not all of it examined").contains("defects while reading");
  }

  @Test
  void wrongUsageIsToldInOneLine() throws IOException {
    assertThat(CommandRun.of("shadow", LOG).exit()).isEqualTo(ExitCode.USAGE);
    Path text = folder.resolve("notes.txt");
    Files.writeString(text, "nothing of the kind\n");
    CommandRun run = CommandRun.of("shadow", LOG, "--export", text);
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("neither a recording nor a label file");
    CommandRun check = CommandRun.of("check", LOG, "--select", "SHA");
    assertThat(check.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(check.err()).contains("SHA001 compares labels with an export of them");
  }

  @Test
  void aFolderWithOneLabelFileStandsForIt() throws IOException {
    Path one = Files.createDirectories(folder.resolve("sequence").resolve("gt"));
    Files.copy(LOG, one.resolve("labels.jsonl"));
    CommandRun run = CommandRun.of("shadow", folder.resolve("sequence"), "--export", LOG);
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.CLEAN);
    Files.copy(LOG, one.resolve("other.jsonl"));
    CommandRun two = CommandRun.of("shadow", folder.resolve("sequence"), "--export", LOG);
    assertThat(two.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(two.err())
        .contains("2 recordings or label files in it (expected one, or the path of one): ")
        .contains("other.jsonl");
  }

  @Test
  void comparesALabelFileWithTheRecordingThatItWasMadeFrom() {
    Path drive = CommandRun.FIXTURES.resolve("mcap").resolve("demo-drive").resolve("drive.mcap");
    CommandRun run = CommandRun.of("shadow", drive, "--export", drive);
    assertThat(run.out())
        .contains("mcap export of mcap")
        .contains(" 0 changed, ")
        .contains("the original was read once");
  }

  @Test
  void aLabelLogStandsBetweenOriginalAndExport() {
    Path export = LABELS.resolve("cvat").resolve("drive.xml");
    CommandRun run = CommandRun.of("shadow", LOG, "--label-log", LOG, "--export", export);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out())
        .contains("label-log export of label-log")
        .contains("cvat export of label-log")
        .contains("2 recordings: 2 clean");
  }
}
