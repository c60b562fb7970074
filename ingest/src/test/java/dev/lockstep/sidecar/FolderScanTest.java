package dev.lockstep.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Formats;
import dev.lockstep.source.LabelledFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderScanTest {
  private static final Path FIXTURES = Path.of("..", "fixtures");

  @TempDir Path scratch;
  private Path folder;
  private long nowNanos;
  private boolean written;

  @BeforeEach
  void folder() throws IOException {
    folder = Files.createDirectory(scratch.resolve("watched"));
  }

  private FolderScan scan() {
    return new FolderScan(
        Formats.ALL,
        List.of(folder),
        scratch.resolve("state"),
        () -> nowNanos,
        (whole, parts) -> {
          assertThat(parts).isNotEmpty();
          return written;
        });
  }

  private static List<Path> paths(List<FolderScan.Found> found) {
    return found.stream().map(FolderScan.Found::path).toList();
  }

  @Test
  void findsThatAFolderIsSomethingElseByNow() throws IOException {
    Path bag = Files.createDirectory(folder.resolve("bag"));
    Path from = FIXTURES.resolve("rosbag2/clean-drive/drive");
    Files.copy(from.resolve("metadata.yaml"), bag.resolve("metadata.yaml"));
    try (FolderScan scan = scan()) {
      FolderScan.Found first = scan.search().getFirst();
      assertThat(first.path()).isEqualTo(bag);
      Path part = bag.resolve("drive_0.db3");
      Files.copy(from.resolve("drive_0.db3"), part);
      assertThat(scan.search()).as("too early for another look").containsExactly(first);
      nowNanos += 2_000_000_000L;
      assertThat(paths(scan.search())).containsExactly(part);
      written = true;
      assertThat(paths(scan.search())).containsExactly(bag);
      written = false;
      nowNanos += 2_000_000_000L;
      assertThat(paths(scan.search())).containsExactly(part);
      Files.delete(part);
      nowNanos += 2_000_000_000L;
      assertThat(paths(scan.search())).containsExactly(bag);
    }
  }

  @Test
  void keepsWhatItFoundWhereNothingElseHasCome() throws IOException {
    Files.copy(FIXTURES.resolve("mcap/demo-drive/drive.mcap"), folder.resolve("drive.mcap"));
    Path bag = Files.createDirectory(folder.resolve("bag"));
    Files.copy(
        FIXTURES.resolve("rosbag2/clean-drive/drive/metadata.yaml"), bag.resolve("metadata.yaml"));
    try (FolderScan scan = scan()) {
      List<FolderScan.Found> first = scan.search();
      assertThat(first).hasSize(2);
      nowNanos += 100_000_000_000L;
      List<FolderScan.Found> again = scan.search();
      for (int i = 0; i < first.size(); i++) {
        assertThat(again.get(i)).isSameAs(first.get(i));
      }
    }
  }

  @Test
  void seesLabelsThatComeAfterTheirRecording() throws IOException {
    Path recording = folder.resolve("drive.mcap");
    Files.copy(FIXTURES.resolve("mcap/demo-drive/drive.mcap"), recording);
    try (FolderScan scan = scan()) {
      FolderScan.Found first = scan.search().getFirst();
      FileState before = FileState.of(recording, first.format());
      Path labels = folder.resolve("drive.mcap.labels.jsonl");
      Files.writeString(labels, "");
      FolderScan.Found unreadable = scan.search().getFirst();
      assertThat(unreadable.format()).as("no labels in it").isSameAs(first.format());
      Files.copy(
          FIXTURES.resolve("labels/label-log/drive.jsonl"),
          labels,
          StandardCopyOption.REPLACE_EXISTING);
      nowNanos += 2_000_000_000L;
      FolderScan.Found labelled = scan.search().getFirst();
      assertThat(labelled.format()).isInstanceOf(LabelledFormat.class);
      FileState after = FileState.of(recording, labelled.format());
      assertThat(after).isNotEqualTo(before);
      assertThat(after.sizeBytes()).isEqualTo(before.sizeBytes());
      Files.delete(labels);
      assertThat(scan.search().getFirst().format()).isNotInstanceOf(LabelledFormat.class);
    }
  }
}
