package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.source.folder.FolderFormat;
import dev.lockstep.synth.EurocFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutCommandTest {
  private static final Path CLEAN = CommandRun.FIXTURES.resolve("folder/clean-euroc");

  @TempDir private Path folder;

  @Test
  void listsAndShowsTheKnownLayouts() {
    CommandRun list = CommandRun.of("layout");
    assertThat(list.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(list.out().lines().map(line -> line.split(" ", 2)[0]))
        .isEqualTo(FolderFormat.presets());
    assertThat(CommandRun.of("layout", "euroc").out()).isEqualTo(FolderFormat.preset("euroc"));
    assertThat(CommandRun.of("layout", "--schema").out()).isEqualTo(FolderFormat.schema());
    CommandRun unknown = CommandRun.of("layout", "eurok");
    assertThat(unknown.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(unknown.err())
        .startsWith(
            "lockstep layout: unknown layout: eurok (known: boreas, comma2k19, euroc, radiate,"
                + " tum-rgbd)\n");
  }

  @Test
  void aFolderWithItsLayoutIsOneRecording() {
    CommandRun run = CommandRun.of("check", CLEAN);
    assertThat(run.out()).contains("1 recording: 1 clean");
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    CommandRun faulty = CommandRun.of("check", CLEAN.resolveSibling("faulty-euroc"));
    assertThat(faulty.exit()).isEqualTo(ExitCode.FINDINGS);
  }

  @Test
  void aLayoutOnTheCommandLineDescribesAnyFolder() throws IOException {
    new EurocFolder(9, 20).write(folder);
    Files.delete(folder.resolve("lockstep.yaml"));
    Path layout =
        Files.writeString(folder.resolveSibling(folder.getFileName() + ".yaml"), "layout: euroc\n");
    for (Object named : new Object[] {layout, "euroc"}) {
      CommandRun check = CommandRun.of("check", "--layout", named, folder);
      assertThat(check.out()).contains("CLEAN  (folder, 99").contains("2 streams, 220 messages");
      assertThat(check.exit()).isEqualTo(ExitCode.CLEAN);
      assertThat(CommandRun.of("info", "--layout", named, folder).out())
          .contains("imu0    imu     200       200.")
          .contains("table column");
    }
    Path manifest = folder.resolveSibling(folder.getFileName() + ".blocks.arrow");
    assertThat(CommandRun.of("seal", "--layout", "euroc", folder).exit()).isZero();
    Path table = folder.resolve("mav0/imu0/data.csv");
    Files.writeString(
        table, Files.readString(table).replaceFirst("(?m)^(1\\d+,)(-?)0\\.0", "$1$20.1"));
    CommandRun changed = CommandRun.of("check", "--select", "INT040", "--layout", "euroc", folder);
    assertThat(changed.out()).contains("INT040 block-differs").contains("imu0");
    Files.delete(manifest);
    Files.delete(layout);
  }

  @Test
  void aBrokenLayoutOnTheCommandLineIsWrongUsage() throws IOException {
    Path layout =
        Files.writeString(folder.resolve("my.yaml"), "unit: s\nstreams:\n  - stream: a\n");
    for (String command : new String[] {"check", "info", "seal"}) {
      CommandRun run = CommandRun.of(command, "--layout", layout, CLEAN);
      assertThat(run.exit()).as(command).isEqualTo(ExitCode.USAGE);
      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .isEqualTo(
              """
              lockstep %s: %s:3:5: /streams/0: no modality (expected one)
              Try 'lockstep %s --help'.
              """
                  .formatted(command, layout, command));
    }
    assertThat(CommandRun.of("check", "--layout", "eurok", CLEAN).err())
        .contains("--layout: neither a file nor a known layout: eurok (known: boreas,");
    assertThat(CommandRun.of("check", "--layout", "euroc", CLEAN.resolve("README.md")).exit())
        .isEqualTo(ExitCode.USAGE);
    assertThat(CommandRun.of("check", "--layout", "euroc", folder.resolve("none")).exit())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aBrokenLayoutInTheDataIsAFinding() throws IOException {
    Files.writeString(folder.resolve("lockstep.yaml"), "streams: 3\n");
    CommandRun run = CommandRun.of("check", folder);
    assertThat(run.exit()).isEqualTo(ExitCode.FINDINGS);
    assertThat(run.out())
        .contains(
            "error INT042 layout-broken: layout cannot be used: line 1, /streams 3 (expected a"
                + " list)\n    at lockstep.yaml, byte 0+10\n");
  }
}
