package dev.lockstep.labels.kitti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import dev.lockstep.report.FindingText;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TrackingLabelsTest {
  private static final String CAR = "5 3 Car 0 1 -1.57 100 120 180.5 190 1.5 1.6 4 2 1.7 20 ";

  private final List<Defect> defects = new ArrayList<>();

  private LabelSet read(String text) {
    MemorySegment bytes = MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
    return TrackingLabels.read(bytes, "label_02", "0001.txt", FrameStamps.nominal(), defects::add)
        .labels();
  }

  private String defectText() {
    return defects.stream()
        .map(d ->
            d.kind()
                + ": "
                + FindingText.evidence(d.evidence())
                + " @ "
                + FindingText.place(d.location()))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void turnsTheCameraFrameUpright() {
    LabelSet labels = read(CAR + "-1.5707963267948966\n");
    double[] box = Arrays.copyOf(labels.boxes3d(), LabelSet.BOX_3D);
    // 20 m ahead, 2 m to the right, its floor 1.7 m below the camera; looking ahead.
    assertThat(box)
        .containsExactly(new double[] {20, -2, -0.95, 4, 1.6, 1.5, 1, 0, 0, 0}, within());
    assertThat(labels.stampsNs()[0]).isEqualTo(500_000_000L);
    assertThat(labels.trackName(0)).isEqualTo("3");
    assertThat(labels.boxes2d()).startsWith(100f, 120f, 180.5f, 190f);
    assertThat(labels.occluded()[0]).isEqualTo(0.5f);
    assertThat(labels.truncated()[0]).isEqualTo(0f);
    assertThat(defects).isEmpty();
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-9);
  }

  @Test
  void turnsHeadingsTheRightWayRound() {
    assertThat(TrackingLabels.yaw(-Math.PI / 2)).as("ahead").isCloseTo(0, within());
    assertThat(TrackingLabels.yaw(0)).as("to the right").isCloseTo(-Math.PI / 2, within());
    assertThat(Math.abs(TrackingLabels.yaw(Math.PI / 2))).as("back").isCloseTo(Math.PI, within());
    assertThat(TrackingLabels.yaw(Math.PI)).as("to the left").isCloseTo(Math.PI / 2, within());
  }

  @Test
  void keepsRegionsOutOfTracksAndSpace() {
    LabelSet labels =
        read("0 -1 DontCare -1 -1 -10 219 188 245 218 -1000 -1000 -1000 -10 -1 -1 -1\n");
    assertThat(labels.tracks()[0]).isEqualTo(LabelSet.NO_TRACK);
    assertThat(labels.has3d(0)).isFalse();
    assertThat(labels.has2d(0)).isTrue();
    assertThat(defects).isEmpty();
  }

  @Test
  void takesResultsOfTrackersWithAndWithout3d() {
    LabelSet labels =
        read(CAR + "0 0.97\r\n0 8 Car -1 -1 -10 1 2 3 4 -1 -1 -1 -1000 -1000 -1000 -10 0.5\r\n");
    assertThat(labels.has3d(0)).as("row of frame 0").isFalse();
    assertThat(labels.has3d(1)).as("row of frame 5").isTrue();
    assertThat(labels.truncated()[0]).isNaN();
    assertThat(defects).isEmpty();
  }

  @Test
  void reportsMalformedLinesAndReadsTheOthers() {
    LabelSet labels =
        read(
            CAR
                + "0\n1 2 Car\n1 3 Car\n\n"
                + CAR
                + "x\n"
                + CAR.replace("5 3", "5.5 3")
                + "0\n"
                + CAR.replace("5 3", "5 -2")
                + "0\n"
                + CAR.replace("180.5", "NaN")
                + "0\n"
                + CAR.replace("5 3", "6 3")
                + "0");
    assertThat(labels.size()).isEqualTo(2);
    assertThat(defectText())
        .isEqualTo(
            """
            LABEL_MALFORMED: columns 3 (expected 17, or 18) @ label_02, messages 2..3, 0001.txt, byte 57+15
            LABEL_MALFORMED: column rotation_y x (expected a number) @ label_02, message 5, 0001.txt, byte 74+56
            LABEL_MALFORMED: column frame 5.5 (expected a whole number, not negative) @ label_02, message 6, 0001.txt, byte 131+58
            LABEL_MALFORMED: column id -2 (expected a whole number, -1 or above) @ label_02, message 7, 0001.txt, byte 190+57
            LABEL_MALFORMED: column right NaN (expected a finite number) @ label_02, message 8, 0001.txt, byte 248+54\
            """);
  }

  @Test
  void tellsLabelsFromOtherTables() {
    assertThat(TrackingLabels.looksLikeLabel(CAR + "0")).isTrue();
    assertThat(TrackingLabels.looksLikeLabel(CAR + "0 0.5")).isTrue();
    assertThat(TrackingLabels.looksLikeLabel(CAR)).isFalse();
    assertThat(TrackingLabels.looksLikeLabel("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17"))
        .isFalse();
  }
}
