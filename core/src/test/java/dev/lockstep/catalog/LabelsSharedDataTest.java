package dev.lockstep.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.labels.LabelFiles;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Label files of others, where they are at hand: all of them is read, and the same labels in two
/// formats are the same boxes.
class LabelsSharedDataTest {
  private static final int TAR_BLOCK = 512;

  @TempDir private Path folder;

  private static LabelSet clean(String format, Path file) throws IOException {
    return LabelFiles.readClean(LabelFormats.named(format), file);
  }

  @Test
  void readsMotChallenge() throws IOException {
    Path mot = SharedData.path("mot", "TrackEval-pedes", "data", "gt", "mot_challenge");
    LabelSet labels = clean("mot", mot.resolve("MOT17-train/MOT17-05-SDP/gt/gt.txt"));
    assertThat(labels.name()).isEqualTo("MOT17-05-SDP");
    assertThat(labels.size()).isEqualTo(8013);
    assertThat(labels.details().frameRateHertz()).isEqualTo(14);
    assertThat(labels.details().imageWidth()).isEqualTo(640);
    // 1,1,17,150,77,191,1,1,1 is the first line: frames and pixels count from 1.
    int row = 0;
    while (labels.positions()[row] != 1) {
      row++;
    }
    assertThat(labels.stampsNs()[row]).isZero();
    assertThat(labels.frames()[row]).isEqualTo(1);
    int at = row * LabelSet.BOX_2D;
    assertThat(labels.boxes2d()[at]).isEqualTo(16);
    assertThat(labels.boxes2d()[at + 1]).isEqualTo(149);
    assertThat(labels.boxes2d()[at + 2]).isEqualTo(93);
    assertThat(labels.boxes2d()[at + 3]).isEqualTo(340);
    assertThat(labels.occluded()[row]).isZero();

    Path tud = SharedData.path("mot", "SU-T-motmetrics", "motmetrics", "data");
    assertThat(clean("mot", tud.resolve("TUD-Stadtmitte/gt.txt")).details().attribute(0, "x"))
        .isEqualTo("4.4852");
  }

  /// Every object of KITTI's labels stands in the export at the same place, as far as two decimals,
  /// cut and not rounded, say it. What the export has more are its own objects "-1" and "-2".
  @Test
  void openLabelHoldsTheBoxesOfKitti() throws IOException {
    Path exports =
        SharedData.path("labels", "VCD-OpenLABEL", "converters", "kittiConverter", "etc");
    Path originals = SharedData.path("kitti", "OpenTraj", "datasets", "KITTI", "data", "label");
    for (int sequence = 0; sequence < 5; sequence++) {
      LabelSet kitti = clean("kitti-tracking", originals.resolve("000" + sequence + ".txt"));
      List<Defect> defects = new ArrayList<>();
      LabelFormat.Reading export =
          LabelFiles.read(
              LabelFormats.named("openlabel"),
              exports.resolve("openlabel100_kitti_tracking_000" + sequence + ".json"),
              defects::add);
      assertThat(defects).isEmpty();
      LabelSet left =
          export.sets().stream()
              .filter(set -> set.name().equals("CAM_LEFT"))
              .findFirst()
              .orElseThrow();
      assertThat(left.frameOfReference()).isEqualTo(LabelSet.Frame.SENSOR);
      Map<String, Integer> rows = tracked(left);
      Map<String, Integer> expected = tracked(kitti);
      assertThat(rows.keySet()).isEqualTo(expected.keySet());
      expected.forEach((key, a) -> assertSame(key, kitti, a, left, rows.get(key), 0.0105));
    }
  }

  private static Map<String, Integer> tracked(LabelSet labels) {
    Map<String, Integer> rows = new HashMap<>();
    for (int row = 0; row < labels.size(); row++) {
      int track = labels.tracks()[row];
      if (track >= 0 && !labels.trackName(track).startsWith("-")) {
        rows.put(labels.frames()[row] + "/" + labels.trackName(track), row);
      }
    }
    return rows;
  }

  private static void assertSame(
      String what, LabelSet a, int rowA, LabelSet b, int rowB, double meters) {
    for (int i = 0; i < LabelSet.BOX_2D; i++) {
      assertThat(b.boxes2d()[rowB * LabelSet.BOX_2D + i])
          .as("%s, edge %d", what, i)
          .isCloseTo(a.boxes2d()[rowA * LabelSet.BOX_2D + i], within((float) meters));
    }
    double same = 0;
    double opposite = 0;
    for (int i = 0; i < LabelSet.BOX_3D; i++) {
      double p = a.boxes3d()[rowA * LabelSet.BOX_3D + i];
      double q = b.boxes3d()[rowB * LabelSet.BOX_3D + i];
      if (i < 6) {
        // Numbers are sums of some that were cut to centimeters.
        assertThat(q).as("%s, number %d", what, i).isCloseTo(p, within(2 * meters));
      } else {
        same += (p - q) * (p - q);
        opposite += (p + q) * (p + q);
      }
    }
    assertThat(2 * Math.sqrt(Math.min(same, opposite))).as("%s, turn", what).isLessThan(2 * meters);
  }

  @Test
  void scalabelHoldsTheBoxesOfKitti() throws IOException {
    Path cases = SharedData.path("kitti", "scalabel", "tests", "label", "testcases");
    LabelSet kitti =
        clean("kitti-tracking", cases.resolve("kitti_sample/tracking/training/label_02/0001.txt"));
    List<Defect> defects = new ArrayList<>();
    LabelFormat.Reading read =
        LabelFiles.read(
            LabelFormats.named("scalabel"), cases.resolve("kitti_tracking.json"), defects::add);
    assertThat(defects).isEmpty();
    assertThat(read.sets())
        .extracting(LabelSet::name)
        .containsExactly("image_02_0001", "image_03_0001");
    LabelSet left = read.sets().getFirst();
    assertThat(left.size()).isEqualTo(14);
    for (int row = 0; row < left.size(); row++) {
      int original = -1;
      for (int k = 0; k < kitti.size() && kitti.frames()[k] <= left.frames()[row]; k++) {
        float off = kitti.boxes2d()[k * LabelSet.BOX_2D] - left.boxes2d()[row * LabelSet.BOX_2D];
        if (kitti.frames()[k] == left.frames()[row] && Math.abs(off) < 0.001) {
          original = k;
        }
      }
      assertThat(original).isNotNegative();
      assertSame("row " + row, kitti, original, left, row, 1e-4);
    }
  }

  @Test
  void readsDarwin() throws IOException {
    Path file =
        SharedData.path(
            "labels",
            "darwin-py",
            "e2e_tests",
            "data",
            "import",
            "video_annotations_small_video",
            "mini_uct.json");
    LabelSet labels = clean("darwin", file);
    assertThat(labels.size()).isEqualTo(6);
    assertThat(labels.details().frameRateHertz()).isEqualTo(1);
    for (int row = 0; row < labels.size(); row++) {
      assertThat(labels.frames()[row]).isBetween(5L, 7L);
      assertThat(labels.details().attribute(row, "instance_id")).isIn("18", "19");
    }
  }

  @Test
  void readsCvat() throws IOException {
    Path file =
        SharedData.path(
            "labels",
            "datumaro",
            "tests",
            "assets",
            "cvat_dataset",
            "for_video",
            "annotations.xml");
    LabelSet labels = clean("cvat", file);
    assertThat(labels.size()).isEqualTo(1);
    assertThat(labels.frames()[0]).isEqualTo(10);
    assertThat(labels.boxes2d()).startsWith(3, 4, 10, 5);
    assertThat(labels.details().flags(0)).isEqualTo(LabelDetails.KEYFRAME | LabelDetails.OCCLUDED);
    assertThat(labels.details().imageWidth()).isEqualTo(25);
  }

  @Test
  void readsAllOfJaad() throws IOException {
    Path archive = SharedData.path("labels", "JAAD", "jaad_annotations_HEAD.tar.gz");
    long boxes = 0;
    long tracks = 0;
    int videos = 0;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(archive))) {
      for (byte[] head = in.readNBytes(TAR_BLOCK);
          head.length == TAR_BLOCK && head[0] != 0;
          head = in.readNBytes(TAR_BLOCK)) {
        String name = new String(head, 0, 100, StandardCharsets.US_ASCII).trim();
        int size = Integer.parseInt(new String(head, 124, 11, StandardCharsets.US_ASCII).trim(), 8);
        byte[] content = in.readNBytes(size);
        in.skipNBytes((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
        if (name.matches("annotations/.*\\.xml")) {
          Path file = folder.resolve("video.xml");
          Files.write(file, content);
          LabelSet labels = clean("cvat", file);
          boxes += labels.size();
          tracks += labels.trackCount();
          videos++;
          if (labels.size() > 0) {
            assertLastRow(labels, content);
          }
        }
      }
    }
    assertThat(videos).isEqualTo(346);
    assertThat(tracks).isEqualTo(2786);
    assertThat(boxes).isEqualTo(391_038);
  }

  /// The bytes of a row are those of its element.
  private static void assertLastRow(LabelSet labels, byte[] content) {
    int last = labels.size() - 1;
    int from = (int) labels.details().offsetBytes(last);
    int length = labels.details().lengthBytes(last);
    assertThat(new String(content, from, length, StandardCharsets.UTF_8))
        .startsWith("<box frame=\"" + labels.frames()[last] + "\"")
        .endsWith("</box>");
    assertThat(labels.details().attribute(last, "id")).isNotNull();
  }
}
