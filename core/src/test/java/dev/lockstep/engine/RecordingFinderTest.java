package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Formats;
import dev.lockstep.source.Probe;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.mcap.McapFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFinderTest {
  @TempDir private Path folder;

  @Test
  void firstFormatTakesWhatTwoClaim() throws IOException {
    Path file = Files.write(folder.resolve("a.mcap"), new byte[] {(byte) 0x89});
    SourceFormat first = new McapFormat();
    SourceFormat second = new McapFormat();
    assertThat(new RecordingFinder(List.of(first, second)).claim(Probe.of(file))).isSameAs(first);
  }

  /// As a splice of two leaves it, found by the mutation campaign.
  @Test
  void labelFileThatLooksLikeTwoIsOne() throws IOException {
    String scale = Files.readString(Path.of("../fixtures/labels/scale/drive.json"));
    String scalabel = Files.readString(Path.of("../fixtures/labels/scalabel/drive.json"));
    for (int bytes : new int[] {1, 100, 1000, 3298}) {
      Path file = folder.resolve("both.json");
      Files.writeString(
          file, scale.substring(0, bytes) + scalabel.substring(1), StandardCharsets.UTF_8);
      assertThat(new RecordingFinder(Formats.ALL).find(file).recordings()).hasSizeLessThan(2);
    }
  }
}
