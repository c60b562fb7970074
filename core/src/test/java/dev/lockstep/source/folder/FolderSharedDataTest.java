package dev.lockstep.source.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Times;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.testing.RecordedReading;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Real recordings in layouts that come with the program.
class FolderSharedDataTest {
  private static SourceFormat preset(String name) {
    return FolderFormat.of(FolderFormat.preset(name), name, LabelFormats.ALL);
  }

  private static Path segment() throws IOException {
    Path route = SharedData.path("multisensor", "comma2k19", "Example_1");
    try (var folders = Files.list(route)) {
      return folders.findFirst().orElseThrow().resolve("40");
    }
  }

  @Test
  void euroc() throws IOException {
    Path root = SharedData.path("multisensor", "Kimera-VIO", "tests", "data", "MicroEurocDataset");
    RecordedReading reading = RecordedReading.of(preset("euroc"), root);
    assertThat(reading.streamNames()).containsExactly("cam0", "cam1", "imu0");
    long[] camera = reading.stampsNs("cam0");
    assertThat(camera).hasSize(95);
    assertThat((camera[94] - camera[0]) / 94).isBetween(49_999_000L, 50_001_000L);
    long[] imu = reading.stampsNs("imu0");
    assertThat(imu).hasSize(29_120);
    assertThat((imu[29_119] - imu[0]) / 29_119).isBetween(4_999_900L, 5_000_100L);
    // 85 images that are not there are told once, with the first; 10 are and are sound.
    assertThat(reading.defectText())
        .isEqualTo(
            """
            error COUNT_MISMATCH: 85 files missing (95 stamps, 10 files; missing: 1403715273762142976.png, 1403715273812143104.png, 1403715273862142976.png and 82 more) @ cam0, messages 10..94
            error FILE_MISSING: files mav0/cam1/ holds data.csv, sensor.yaml (expected mav0/cam1/data/*.png) @ cam1\
            """);
    assertThat(reading.examined(DefectKind.IMAGE_MALFORMED)).isEqualTo(10);
    assertThat(reading.examined(DefectKind.STAMPS_CONTRADICT)).isEqualTo(10);
    MessageBatch rows = reading.read().messages("imu0");
    String table = Files.readString(root.resolve("mav0/imu0/data.csv"));
    for (int row : new int[] {0, 1, 255, 256, 4096, 29_119}) {
      int at = (int) rows.positionsBytes()[row];
      assertThat(table.substring(at, at + 19)).isEqualTo(Long.toString(imu[row]));
      assertThat(table.indexOf('\n', at) - at)
          .isBetween(rows.lengthsBytes()[row], rows.lengthsBytes()[row] + 1);
    }
  }

  @Test
  void comma2k19() throws IOException {
    Path root = segment();
    RecordedReading reading = RecordedReading.of(preset("comma2k19"), root);
    assertThat(reading.defectText()).isEmpty();
    long[] frames = reading.stampsNs("frame_times");
    assertThat(frames).hasSize(1200);
    for (int i = 1; i < frames.length; i++) {
      assertThat(frames[i] - frames[i - 1]).as("frame " + i).isBetween(48_600_000L, 51_400_000L);
    }
    long[] gyro = reading.stampsNs("IMU/gyro");
    assertThat(gyro).hasSize(6256).isSorted();
    assertThat(6255e9 / (gyro[6255] - gyro[0])).isBetween(104.0, 104.5);
    // A row a satellite; the satellites of one measurement share its stamp.
    long[] satellites = reading.stampsNs("GNSS/raw_gnss_ublox");
    assertThat(satellites).hasSize(600).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void theGpsTimesOfComma2k19AreAsLongAsItsFrameTimes() throws IOException {
    String yaml =
        """
        streams:
          - stream: gps
            modality: gnss
            stamps: {npy: global_pose/frame_gps_times, unit: gps-week}
          - stream: boot
            modality: video
            stamps: {npy: global_pose/frame_times, unit: s, epoch: boot}
        """;
    RecordedReading reading =
        RecordedReading.of(FolderFormat.of(yaml, "x.yaml", LabelFormats.ALL), segment());
    assertThat(reading.defectText()).isEmpty();
    long[] gps = reading.stampsNs("gps");
    long[] boot = reading.stampsNs("boot");
    assertThat(gps).hasSize(1200);
    long span = gps[1199] - gps[0] - (boot[1199] - boot[0]);
    assertThat(Math.abs(span)).isLessThan(20 * Times.MILLISECOND);
    // The folder's name says 2018-08-02--08-34-47, local time of California, minute 40 of it.
    assertThat(gps[0] / Times.SECOND).isBetween(1_533_220_000L, 1_533_240_000L);
  }

  @Test
  void kittiStampListsByLayout() throws IOException {
    Path root = SharedData.path("kitti", "python_camera_library");
    try (var files = Files.walk(root)) {
      Path drive =
          files
              .filter(file -> file.endsWith("image_00/timestamps.txt"))
              .map(file -> file.getParent().getParent())
              .findFirst()
              .orElseThrow();
      String yaml =
          """
          unit: iso
          streams:
            - {stream: image_*, modality: camera, stamps: {list: "{stream}/timestamps.txt", line: "{stamp}"}}
          """;
      // A space stands in the stamp: a whole line.
      String whole = yaml.replace("line: \"{stamp}\"", "delimiter: \";\"");
      RecordedReading reading =
          RecordedReading.of(FolderFormat.of(whole, "x.yaml", LabelFormats.ALL), drive);
      assertThat(reading.stampsNs("image_00")).hasSize(108).isSorted();
    }
  }
}
