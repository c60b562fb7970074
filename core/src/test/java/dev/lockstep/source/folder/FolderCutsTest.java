package dev.lockstep.source.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.synth.EurocFolder;
import dev.lockstep.testing.Cuts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Faults of folders with a layout are cut out: files, with the lines that name them, and rows.
class FolderCutsTest {
  private final Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1));

  @TempDir private Path folder;

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void filesAndRowsAreCutOut() throws IOException {
    Path drive = folder.resolve("drive");
    new EurocFolder(5, 200).writeFaulty(drive);
    long whole = ManifestFiles.sizeBytes(drive);
    List<Cuts.Made> cuts = Cuts.of(drive, new FolderFormat(LabelFormats.ALL), engine, folder);
    assertThat(cuts).isNotEmpty();
    for (Cuts.Made made : cuts) {
      made.givesIt();
      assertThat(made.cut().bytes()).as(made.toString()).isLessThan(whole / 50);
      assertThat(Files.exists(made.cut().recording().resolve(FolderFormat.FILE_NAME))).isTrue();
    }
  }

  /// Where the number of a file among others tells its stamp, nothing can be left out.
  @Test
  void aFolderOfNumberedFilesIsNotCut() throws IOException {
    Path drive = Files.createDirectories(folder.resolve("drive"));
    Files.writeString(
        drive.resolve(FolderFormat.FILE_NAME),
        "streams:\n  - {stream: cam, modality: camera, files: '*.png', stamps: {rate: 10}}\n");
    try (var cutter = new FolderFormat(LabelFormats.ALL).cutter(drive)) {
      assertThat(cutter).isNull();
    }
  }
}
