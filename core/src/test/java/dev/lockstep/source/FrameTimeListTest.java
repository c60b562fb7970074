package dev.lockstep.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Severity;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.matroska.MatroskaFormat;
import dev.lockstep.source.mp4.Mp4Format;
import dev.lockstep.synth.VideoClip;
import dev.lockstep.testing.ReaderDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameTimeListTest {
  /// A frame each 50 ms.
  private static final VideoClip CLIP = new VideoClip(5, 40, 20);

  @TempDir Path folder;

  private void list(String name, int lines, IntFunction<String> line) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append(line.apply(i)).append('\n');
    }
    Files.writeString(folder.resolve(name), text);
  }

  private List<String> defects() throws IOException {
    Path path = folder.resolve("drive.mp4");
    Files.write(path, CLIP.writer().progressive());
    return defects(new ReaderDriver(new Mp4Format()).read(path));
  }

  private static List<String> defects(ReaderDriver.Read read) {
    return read.defects(Severity.INFO).stream()
        .map(d ->
            d.severity().label()
                + " "
                + d.kind()
                + ": "
                + FindingText.evidence(d.evidence())
                + " @ "
                + FindingText.place(d.location()))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "drive_timestamps.txt, 1700000000050000000, 50000000",
    "drive.timestamps.csv, 1700000000050000, 50000",
    "drive-frame_times.txt, 0, 50",
    "drive_times.csv, 7, 50"
  })
  void agreesInAnyUnitAndFromAnyBegin(String name, long begin, long step) throws IOException {
    list(name, 40, i -> begin + i * step + ",x");
    assertThat(defects()).isEmpty();
  }

  @Test
  void readsListsOfMatroskaTools() throws IOException {
    list("drive_1.txt", 41, i -> i == 0 ? "# timestamp format v2" : (i - 1) * 50 + ".000");
    assertThat(defects()).isEmpty();
    list("drive_1.txt", 40, i -> i == 0 ? "# timecode format v2" : (i - 1) * 50 + "");
    assertThat(defects())
        .containsExactly(
            "error COUNT_MISMATCH: times in drive_1.txt stored 39, computed 40 @ video/1,"
                + " drive_1.txt");
  }

  @Test
  void tellsWhereTheTimesStepOverLostFrames() throws IOException {
    list("drive_timestamps.txt", 40, i -> String.valueOf(i * 50 + (i >= 12 ? 100 : 0)));
    assertThat(defects())
        .containsExactly(
            "warning STAMPS_CONTRADICT: steps between the times in drive_timestamps.txt and between"
                + " those in the video 1 of 39 differ by half a frame or more, at first by"
                + " +100.000 ms (expected all alike) @ video/1, frame 12, drive_timestamps.txt");
  }

  @Test
  void tellsARateThatWasRewritten() throws IOException {
    list("drive_timestamps.txt", 40, i -> String.format(Locale.ROOT, "%.6f", i * 0.052));
    assertThat(defects())
        .containsExactly(
            "warning STAMPS_CONTRADICT: rate of the times in drive_timestamps.txt against those in"
                + " the video 40000 ppm (expected -100 to 100 ppm) @ video/1,"
                + " drive_timestamps.txt");
  }

  @Test
  void leavesOtherTextAlone() throws IOException {
    list("drive.txt", 3, i -> "7");
    list("drive_notes.txt", 3, i -> "8");
    list("driver_timestamps.txt", 3, i -> "9");
    assertThat(defects()).isEmpty();
  }

  @Test
  void servesMatroskaToo() throws IOException {
    list("drive_timestamps.txt", 39, i -> String.valueOf(i * 50));
    Path path = folder.resolve("drive.mkv");
    Files.write(path, CLIP.matroska().file(10));
    assertThat(defects(new ReaderDriver(new MatroskaFormat()).read(path)))
        .containsExactly(
            "error COUNT_MISMATCH: times in drive_timestamps.txt stored 39, computed 40 @ video/1,"
                + " drive_timestamps.txt");
  }

  @Test
  void saysNothingOfAVideoThatIsCutWhichIsTold() throws IOException {
    list("drive_timestamps.txt", 40, i -> String.valueOf(i * 50));
    byte[] file = CLIP.matroska().file(10);
    Path path = folder.resolve("drive.mkv");
    Files.write(path, java.util.Arrays.copyOf(file, file.length / 2));
    assertThat(defects(new ReaderDriver(new MatroskaFormat()).read(path)))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("error FILE_TRUNCATED");
  }
}
