package dev.lockstep.source.kitti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.source.Probe;
import dev.lockstep.testing.RecordedReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KittiSequenceTest {
  private static final String LABEL =
      "0 3 Car 0 1 -1.57 100 120 180.5 190 1.5 1.6 4 2 1.7 20 -1.57";

  private static final String OXTS =
      "49.0 8.43 116.4 0.03 0.01 -2.6 -6.8 -11.2 13.1 -0.1 0 -0.4 0 10.2 -0.3 -0.3 10.2 0 0 0 0 0"
          + " 0 0.02 0.01 4 11 6 6 6 \n";

  @TempDir private Path root;

  private Path file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void readsALabelFileByItself() throws IOException {
    Path file = file("results/any.txt", LABEL + "\n" + LABEL.replace("0 3", "4 3") + " 0.9\n");
    assertThat(new KittiFormat().match(Probe.of(file)).claimed()).isTrue();
    RecordedReading reading = RecordedReading.of(new KittiFormat(), file);
    assertThat(reading.defectText()).isEmpty();
    assertThat(reading.streamNames()).isEmpty();
    LabelSet labels = reading.labels().getFirst();
    assertThat(labels.name()).isEqualTo("labels");
    assertThat(labels.size()).isEqualTo(2);
    assertThat(labels.stampSource()).isEqualTo(StampSource.FRAME_NUMBER);
    assertThat(labels.stampsNs()[1]).isEqualTo(400_000_000L);
  }

  @Test
  void readsWhatATrackingDataSetKeepsBesideTheLabels() throws IOException {
    Path labels = file("training/label_02/0007.txt", LABEL + "\n");
    file("training/oxts/0007.txt", OXTS + OXTS.replace("49.0", "49.0000009") + OXTS);
    file(
        "training/calib/0007.txt",
        """
        P2: 720 0 600 0 0 720 170 0 0 0 1 0\s
        R_rect 1 0 0 0 1 0 0 0 1
        Tr_velo_cam 0 -1 0 0 0 0 -1 0 1 0 0 0
        Tr_imu_velo 1 0 0 -0.8 0 1 0 0 0 0 1 0
        """);
    for (int i : new int[] {0, 2}) {
      Path sweep = root.resolve("training/velodyne/0007/00000" + i + ".bin");
      Files.createDirectories(sweep.getParent());
      Files.write(sweep, new byte[] {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1});
    }
    file("training/image_02/0007/note.md", "no image");
    RecordedReading reading = RecordedReading.of(new KittiFormat(), labels);
    assertThat(reading.streamNames()).containsExactly("image_02", "oxts", "velodyne");
    assertThat(reading.stampsNs("oxts")).containsExactly(0, 100_000_000, 200_000_000);
    assertThat(reading.stampsNs("velodyne")).containsExactly(0, 200_000_000);
    assertThat(reading.points("velodyne")).containsExactly(1, 1);
    assertThat(reading.calibration("velodyne").mounting().x()).isEqualTo(0.8);
    // A tenth of a microdegree is 0.1 m to the north.
    assertThat(reading.poses().pose(1).y()).isBetween(0.0999, 0.1003);
    assertThat(reading.labels().getFirst().name()).isEqualTo("label_02");
    assertThat(reading.defectText())
        .isEqualTo(
            """
            warning COUNT_MISMATCH: 3 files missing (numbers 0..2; 0 files, 3 GPS/IMU readings) @ image_02, frames 0..2
            error COUNT_MISMATCH: 1 file missing (numbers 1; 2 files, last 2) @ velodyne, frame 1\
            """);
  }

  @Test
  void claimsDamagedLabelFilesByTheirPlace() throws IOException {
    KittiFormat format = new KittiFormat();
    Path empty = file("label_02/0001.txt", "");
    assertThat(format.match(Probe.of(empty)).claimed()).isTrue();
    assertThat(RecordedReading.of(format, empty).defectText())
        .isEqualTo(
            "error FILE_EMPTY: file length 0 bytes (expected at least 1 bytes) @ 0001.txt, byte 0");
    assertThat(format.match(Probe.of(file("calib/0001.txt", "P0: 1 2 3\n"))).claimed()).isFalse();
    assertThat(format.match(Probe.of(file("oxts/0001.txt", OXTS))).claimed()).isFalse();
    assertThat(format.match(Probe.of(file("a/tracklet_labels.xml", "<a/>"))).claimed()).isTrue();
    assertThat(format.match(Probe.of(root.resolve("label_02"))).claimed()).isFalse();
  }

  @Test
  void namesTheLinesOfReadingsThatAreMalformed() throws IOException {
    Path labels = file("label_02/0007.txt", LABEL + "\n");
    file("oxts/0007.txt", OXTS + "1 2\n" + OXTS);
    RecordedReading reading = RecordedReading.of(new KittiFormat(), labels);
    int line = OXTS.length();
    assertThat(reading.defectText())
        .isEqualTo(
            "error TEXT_MALFORMED: values 2 (expected 30) @ oxts, message 1, ../oxts/0007.txt, byte"
                + " "
                + line
                + "+3");
    assertThat(reading.poses().size()).isEqualTo(2);
  }
}
