package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealCommandTest {
  @TempDir private Path folder;
  private Path clean;
  private Path manifest;

  @BeforeEach
  void copyADrive() throws IOException {
    clean = folder.resolve("drive.mcap");
    manifest = folder.resolve("drive.mcap.blocks.arrow");
    Files.copy(CommandRun.FIXTURES.resolve("mcap/clean-unchunked/drive.mcap"), clean);
  }

  private void hurt() throws IOException {
    byte[] bytes = Files.readAllBytes(clean);
    // Inside the JSON text of a label message.
    bytes[30_000] = 'U';
    Files.write(clean, bytes);
  }

  @Test
  void writesAManifestAndSaysSo() throws IOException {
    CommandRun run = CommandRun.of("seal", clean);
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            "%s: sealed by drive.mcap.blocks.arrow: 57 blocks, 570 messages, 417684 payload bytes;"
                + " manifest of %d bytes\n",
            clean, Files.size(manifest));
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    CommandRun check = CommandRun.of("check", "--select", "INT040,INT041", folder);
    assertThat(check.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(check.out())
        .contains("manifest: 57 blocks with 418 kB of payload compared with the block manifest")
        .doesNotContain("no known format");
  }

  @Test
  void aLaterChangeIsFound() throws IOException {
    CommandRun.of("seal", clean);
    hurt();
    CommandRun check = CommandRun.of("check", "--select", "INT040", clean);
    assertThat(check.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(check.out())
        .contains("INT040 block-differs: content was changed: CRC-32C of message");
  }

  @Test
  void refusesToReplaceAManifestUnlessForced() throws IOException {
    CommandRun.of("seal", clean);
    byte[] before = Files.readAllBytes(manifest);
    CommandRun again = CommandRun.of("seal", "--block-messages", "5", clean);
    assertThat(again.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(again.out()).isEmpty();
    assertThat(again.err()).contains("is sealed already by ", "(--force replaces it)");
    assertThat(manifest).hasBinaryContent(before);
    CommandRun forced = CommandRun.of("seal", "--force", "--block-messages", "5", clean);
    assertThat(forced.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(forced.out()).contains("114 blocks, 570 messages");
  }

  @Test
  void doesNotSealARecordingWithErrorsUnlessForced() throws IOException {
    hurt();
    CommandRun run = CommandRun.of("seal", clean);
    assertThat(run.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(run.out()).contains("not sealed, it has errors", "INT022 json-invalid");
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(clean);
    }
    assertThat(CommandRun.of("seal", "--force", clean).exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(manifest).exists();
  }

  @Test
  void wrongUsageWritesNothing() {
    assertThat(CommandRun.of("seal", "--block-messages", "0", clean).err())
        .startsWith("lockstep seal: block limits: 0 messages, ");
    assertThat(CommandRun.of("seal", "--block-messages", "5000", clean).exit())
        .isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("seal", folder.resolve("none.mcap")).exit()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("seal").exit()).isEqualTo(ExitCode.USAGE);
    assertThat(manifest).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeWrittenToIsAnInputOutputError() throws IOException {
    // A folder in the place of the unfinished file: the same for every user, root included.
    Files.createDirectory(folder.resolve("drive.mcap.blocks.arrow.part"));
    CommandRun run = CommandRun.of("seal", clean);
    assertThat(run.exit()).isEqualTo(ExitCode.INPUT_OUTPUT);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("lockstep: " + clean + ": ");
  }

  @Test
  void saysWhichLabelsAManifestDoesNotCover() throws IOException {
    Path kitti = folder.resolve("kt");
    Path from = CommandRun.FIXTURES.resolve("kitti/clean-tracking");
    try (var files = Files.walk(from)) {
      for (Path each : files.toList()) {
        Files.copy(each, kitti.resolve(from.relativize(each).toString()));
      }
    }
    CommandRun run = CommandRun.of("seal", kitti);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out()).contains("0000.txt.blocks.arrow", "not in the manifest: labels ");
  }
}
