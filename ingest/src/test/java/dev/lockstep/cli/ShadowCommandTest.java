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
  void setsThatAnExportLacksAreToldAndNoErrorsUnlessAskedFor() {
    Path drive = CommandRun.FIXTURES.resolve("mcap").resolve("clean-drive").resolve("drive.mcap");
    assertThat(CommandRun.of("labels", drive, "--to", "openlabel", "--out", folder).exit())
        .isZero();
    for (String name : new String[] {"camera_front", "camera_left", "lidar"}) {
      Path export = folder.resolve("labels_" + name + ".json");
      CommandRun some = CommandRun.of("shadow", drive, "--export", export);
      assertThat(some.exit()).as(name).isEqualTo(ExitCode.CLEAN);
      assertThat(some.out())
          .contains(" 0 changed, 0 only in the original, 0 only in the export")
          .containsOnlyOnce("note: /labels/" + name.replace('_', '/'));
      assertThat(some.out().lines().filter(line -> line.contains("info SHA001"))).hasSize(2);
      CommandRun all = CommandRun.of("shadow", drive, "--export", export, "--all-sets");
      assertThat(all.exit()).isEqualTo(ExitCode.FINDINGS);
      assertThat(all.out().lines().filter(line -> line.contains("error SHA001"))).hasSize(2);
    }
  }

  @Test
  void damageOfAnExportIsToldWithItsByteAndNotAsAnErrorOfItsExporter() throws IOException {
    Path export = folder.resolve("drive.json");
    String sound = Files.readString(LABELS.resolve("openlabel").resolve("drive.json"));
    int at = sound.indexOf("\"frames\"") + 5000;
    int quote = sound.indexOf("\"object_data\"", at);
    Files.writeString(export, sound.substring(0, quote) + sound.substring(quote + 1));
    CommandRun run = CommandRun.of("shadow", LOG, "--export", export);
    assertThat(run.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(run.out())
        .contains("warning SHA011 reads-disagree: the export cannot be read whole: ")
        .contains("drive.json, byte " + quote)
        .doesNotContain("the export ends early");
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
