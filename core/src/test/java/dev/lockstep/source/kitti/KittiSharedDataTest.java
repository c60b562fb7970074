package dev.lockstep.source.kitti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import dev.lockstep.testing.RecordedReading;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// True facts of real KITTI data, where it is at hand.
class KittiSharedDataTest {
  @Test
  void readsTheStampsOfDrive0001() throws IOException {
    Path drive =
        SharedData.path(
            "kitti",
            "python_camera_library",
            "test_data",
            "kitti",
            "2011_09_26_drive_0001_sync",
            "2011_09_26",
            "2011_09_26_drive_0001_sync");
    RecordedReading reading = RecordedReading.of(new KittiFormat(), drive);
    List<String> streams = reading.streamNames();
    assertThat(streams).hasSize(6).contains("image_00", "oxts", "velodyne_points");
    for (String stream : streams) {
      long[] stamps = reading.stampsNs(stream);
      assertThat(stamps).as(stream).hasSize(108).isSorted();
      for (int i = 1; i < stamps.length; i++) {
        assertThat(stamps[i] - stamps[i - 1]).as(stream).isBetween(80_000_000L, 120_000_000L);
      }
    }
    // Only the first file of each stream is there, and all but the readings are pointers.
    assertThat(reading.defects().stream().map(Defect::kind))
        .containsOnly(DefectKind.COUNT_MISMATCH, DefectKind.LFS_POINTER);
    assertThat(reading.defects().stream().filter(d -> d.kind() == DefectKind.LFS_POINTER))
        .hasSize(5);
    assertThat(reading.defects().stream().filter(d -> d.kind() == DefectKind.COUNT_MISMATCH))
        .hasSize(6)
        .allSatisfy(d -> assertThat(d.evidence().observed()).isEqualTo("107 missing"));
    assertThat(reading.notes())
        .anySatisfy(note -> assertThat(note).contains("median 0 ns, largest 1.4"));
  }

  @Test
  void readsTheTrackletsOfDrive0001() throws IOException {
    Path file =
        SharedData.path(
            "kitti",
            "Vote3Deep_lidar",
            "2011_09_26",
            "2011_09_26_drive_0001_sync",
            "tracklet_labels.xml");
    RecordedReading reading = RecordedReading.of(new KittiFormat(), file);
    assertThat(reading.defectText()).isEmpty();
    LabelSet labels = reading.labels().getFirst();
    assertThat(labels.trackCount()).isEqualTo(15);
    assertThat(labels.size()).isEqualTo(572);
    double[] b = labels.boxes3d();
    for (int t = 0; t < labels.trackCount(); t++) {
      for (int i = labels.trackStart(t) + 1; i < labels.trackStart(t + 1); i++) {
        int at = labels.trackRows()[i] * LabelSet.BOX_3D;
        int before = labels.trackRows()[i - 1] * LabelSet.BOX_3D;
        assertThat(Math.hypot(b[at] - b[before], b[at + 1] - b[before + 1])).isLessThan(5);
      }
    }
  }

  @Test
  void readsElevenTrackingSequencesWithoutADefect() throws IOException {
    Path folder = SharedData.path("kitti", "OpenTraj", "datasets", "KITTI", "data", "label");
    long[] frames = {154, 447, 233, 144, 314, 297, 270, 800, 390, 803, 294};
    for (int i = 0; i < frames.length; i++) {
      Path file = folder.resolve(String.format("%04d.txt", i));
      RecordedReading reading = RecordedReading.of(new KittiFormat(), file);
      assertThat(reading.defectText()).as(file.toString()).isEmpty();
      assertThat(reading.stampsNs("oxts")).hasSize((int) frames[i]);
      assertThat(reading.poses().size()).isEqualTo((int) frames[i]);
      assertThat(reading.calibrations()).hasSize(5);
      LabelSet labels = reading.labels().getFirst();
      assertNoDuplicateAndNoChange(labels);
      assertThat(labels.frames()[labels.size() - 1]).isLessThan(frames[i]);
    }
  }

  private static void assertNoDuplicateAndNoChange(LabelSet labels) {
    Set<List<Object>> seen = new HashSet<>();
    List<Integer> category = new ArrayList<>();
    for (int t = 0; t < labels.trackCount(); t++) {
      category.add(-1);
    }
    for (int row = 0; row < labels.size(); row++) {
      int track = labels.tracks()[row];
      if (track == LabelSet.NO_TRACK) {
        assertThat(labels.categoryName(labels.categories()[row])).isEqualTo("DontCare");
        assertThat(labels.has3d(row)).isFalse();
        continue;
      }
      assertThat(labels.has3d(row) && labels.has2d(row)).isTrue();
      assertThat(seen.add(List.of(labels.frames()[row], track))).isTrue();
      int before = category.set(track, labels.categories()[row]);
      assertThat(before).isIn(-1, labels.categories()[row]);
    }
  }

  @Test
  void readsTheSensorFilesOfATrackingSequence() throws IOException {
    Path file =
        SharedData.path(
            "kitti",
            "scalabel",
            "tests",
            "label",
            "testcases",
            "kitti_sample",
            "tracking",
            "training",
            "label_02",
            "0001.txt");
    RecordedReading reading = RecordedReading.of(new KittiFormat(), file);
    assertThat(reading.points("velodyne")).containsExactly(122_320, 120_867);
    assertThat(reading.stampsNs("image_03")).hasSize(2);
    // Two frames of 447 were kept.
    assertThat(reading.defects())
        .hasSize(3)
        .allSatisfy(d -> {
          assertThat(d.kind()).isEqualTo(DefectKind.COUNT_MISMATCH);
          assertThat(d.severity()).isEqualTo(Severity.WARNING);
        });
  }
}
