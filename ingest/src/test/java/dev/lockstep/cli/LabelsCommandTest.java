package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelsCommandTest {
  private static final Path LABELS = CommandRun.FIXTURES.resolve("labels");

  @TempDir private Path folder;

  @Test
  void listsTheFormats() {
    CommandRun run = CommandRun.of("labels", "--list");
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out()).contains("cvat ", "openlabel ", "waymo            (read) ");
  }

  @Test
  void convertsAndSaysWhatIsLost() throws IOException {
    Path log = LABELS.resolve("label-log").resolve("drive.jsonl");
    CommandRun run = CommandRun.of("labels", log, "--to", "cvat", "--out", folder);
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    Path written = folder.resolve("drive.xml");
    assertThat(written).hasSameBinaryContentAs(LABELS.resolve("cvat").resolve("drive.xml"));
    long boxes =
        Files.readAllLines(log).stream().filter(line -> line.contains("\"box3d\"")).count();
    assertThat(run.out())
        .contains("wrote " + written + "\n")
        .contains("drive: cvat cannot hold 3D box (" + boxes + " rows), stamp (");
  }

  @Test
  void writesTheTableFromWhichTheLogComesBack() throws IOException {
    Path log = LABELS.resolve("label-log").resolve("drive.jsonl");
    Path table = folder.resolve("drive.arrow");
    assertThat(CommandRun.of("labels", log, "-o", table).exit()).isEqualTo(ExitCode.CLEAN);
    Path again = folder.resolve("again.jsonl");
    assertThat(CommandRun.of("labels", table, "-o", again).exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(again).hasSameBinaryContentAs(log);
  }

  @Test
  void takesTheLabelsOfARecording() throws IOException {
    Path drive = CommandRun.FIXTURES.resolve("mcap").resolve("demo-drive").resolve("drive.mcap");
    Path log = folder.resolve("drive.jsonl");
    CommandRun run = CommandRun.of("labels", drive, "-o", log);
    assertThat(run.out()).contains("/labels/lidar: mcap, ").contains("wrote " + log);
    CommandRun compared = CommandRun.of("shadow", drive, "--export", log);
    assertThat(compared.out()).contains("0 errors, 0 warnings");
    CommandRun none =
        CommandRun.of("labels", CommandRun.FIXTURES.resolve("mp4/clean-clip/clip.mp4"));
    assertThat(none.out() + none.err()).contains("no labels");
  }

  @Test
  void wrongUsageIsToldInOneLine() throws IOException {
    Path log = LABELS.resolve("label-log").resolve("drive.jsonl");
    CommandRun unknown = CommandRun.of("labels", log, "--to", "yolo", "--out", folder);
    assertThat(unknown.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(unknown.err()).contains("unknown label format: yolo (known: av2, cvat, ");
    CommandRun readOnly = CommandRun.of("labels", log, "--to", "waymo", "--out", folder);
    assertThat(readOnly.err()).contains("label format waymo is read only");
    Path text = folder.resolve("notes.txt");
    Files.writeString(text, "nothing of the kind\n");
    assertThat(CommandRun.of("labels", text).err())
        .contains("notes.txt: neither a recording nor a label file ('labels --list' lists");
    assertThat(CommandRun.of("labels", folder.resolve("absent")).exit()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void damageMakesTheResultIncomplete() throws IOException {
    Path broken = folder.resolve("broken.jsonl");
    String log = Files.readString(LABELS.resolve("label-log").resolve("drive.jsonl"));
    Files.writeString(broken, log + "{\"frame\":\n");
    CommandRun run = CommandRun.of("labels", broken);
    assertThat(run.exit()).isEqualTo(ExitCode.INCOMPLETE);
    assertThat(run.err()).contains("ends too early").contains("broken.jsonl");
  }
}
