package dev.lockstep.labels.kitti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import dev.lockstep.report.FindingText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackletLabelsTest {
  private static final String POSE =
      "<item><tx>20</tx><ty>3</ty><tz>-1.8</tz><rx>0</rx><ry>0</ry><rz>1</rz>"
          + "<occlusion>1</occlusion><truncation>-1</truncation></item>\n";

  private static final String GOOD =
      """
      <?xml version="1.0" encoding="UTF-8" standalone="yes" ?>
      <!DOCTYPE boost_serialization>
      <boost_serialization signature="serialization::archive" version="9">
      <tracklets class_id="0"><count>1</count><item_version>1</item_version>
      <item><objectType>Van</objectType><h>2</h><w>1.7</w><l>4.2</l><first_frame>6</first_frame>
      <poses><count>2</count><item_version>2</item_version>
      """
          + POSE
          + POSE
          + "</poses><finished>1</finished></item>\n</tracklets></boost_serialization>\n";

  private final List<Defect> defects = new ArrayList<>();

  private TrackletLabels.Result read(String text) {
    return TrackletLabels.read(
        text.getBytes(StandardCharsets.UTF_8),
        "tracklets",
        "t.xml",
        FrameStamps.nominal(),
        defects::add);
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
  void raisesBoxesFromTheirFloorToTheirCentre() {
    TrackletLabels.Result result = read(GOOD);
    assertThat(defectText()).isEmpty();
    LabelSet labels = result.labels();
    assertThat(result.tracklets()).isEqualTo(1);
    assertThat(result.poses()).isEqualTo(2);
    assertThat(Arrays.copyOf(labels.boxes3d(), LabelSet.BOX_3D))
        .containsExactly(
            new double[] {20, 3, -0.8, 4.2, 1.7, 2, Math.cos(0.5), 0, 0, Math.sin(0.5)},
            Offset.offset(1e-12));
    assertThat(Arrays.copyOf(labels.frames(), 2)).containsExactly(6, 7);
    assertThat(labels.categoryName(0)).isEqualTo("Van");
    assertThat(labels.occluded()[0]).isEqualTo(0.5f);
    assertThat(labels.truncated()[0]).isNaN();
    assertThat(Arrays.copyOf(labels.positions(), 2)).containsExactly(7, 8);
  }

  @Test
  void comparesCountsWithItems() {
    assertThat(
            read(GOOD.replace("<count>1<", "<count>3<").replace("<count>2<", "<count>9<")).poses())
        .isEqualTo(2);
    assertThat(defectText())
        .isEqualTo(
            """
            COUNT_MISMATCH: count of poses of tracklet 0 stored 9, computed 2 @ tracklets, message 9, t.xml
            COUNT_MISMATCH: count of tracklets stored 3, computed 1 @ tracklets, message 10, t.xml\
            """);
  }

  @Test
  void namesValuesThatAreNoNumbersAndReadsOn() {
    String bad = GOOD.replaceFirst("<tx>20</tx>", "<tx>2o</tx>");
    assertThat(read(bad).labels().size()).isEqualTo(1);
    assertThat(read(GOOD.replaceFirst("<ty>3</ty>", "")).labels().size()).isEqualTo(1);
    assertThat(read(GOOD.replace("<h>2</h>", "<h>tall</h>")).labels().size()).isZero();
    assertThat(read(GOOD.replace(">6<", ">-6<")).labels().size()).isZero();
    assertThat(defectText())
        .isEqualTo(
            """
            LABEL_MALFORMED: tx of tracklet 0, frame 6 2o (expected a number) @ tracklets, message 7, t.xml
            LABEL_MALFORMED: ty of tracklet 0, frame 6 absent (expected a number) @ tracklets, message 7, t.xml
            LABEL_MALFORMED: h of tracklet 0 tall (expected a number) @ tracklets, message 5, t.xml
            LABEL_MALFORMED: first_frame of tracklet 0 -6 (expected a whole number from 0 to 100000000) @ tracklets, message 5, t.xml\
            """);
  }

  @Test
  void keepsWhatStandsBeforeTheEndOfACutFile() {
    LabelSet labels = read(GOOD.substring(0, GOOD.lastIndexOf("<rx>"))).labels();
    assertThat(labels.size()).isEqualTo(1);
    assertThat(defects).hasSize(1);
    assertThat(defectText()).startsWith("LABEL_MALFORMED: XML ").contains("@ tracklets, message 8");
  }

  @Test
  void saysWhereNoTrackletsAre() {
    read("<html></html>");
    assertThat(defectText())
        .isEqualTo(
            "LABEL_MALFORMED: element tracklets absent (expected the list of tracklets) @"
                + " tracklets, message 1, t.xml");
  }

  @Test
  void opensNoOtherFile(@TempDir Path folder) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "Van");
    String attack =
        GOOD.replace(
                "<!DOCTYPE boost_serialization>",
                "<!DOCTYPE b [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]>")
            .replace(">Van<", ">&x;<");
    LabelSet labels = read(attack).labels();
    for (int c = 0; c < labels.categoryCount(); c++) {
      assertThat(labels.categoryName(c)).doesNotContain("Van");
    }
  }

  @Test
  void survivesDamageAnywhere() {
    byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
    for (long seed = 1; seed <= 2000; seed++) {
      Random random = new Random(seed);
      byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int i = 0; i < 3; i++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        TrackletLabels.read(bad, "tracklets", "t.xml", FrameStamps.nominal(), d -> {});
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void placesLostFramesBetweenTheirNeighbours() {
    long none = Times.NONE;
    FrameStamps stamps = FrameStamps.of(new long[] {none, 100, 200, none, none, 500, none});
    assertThat(stamps.source()).isEqualTo(StampSource.LIST);
    long[] frames = new long[9];
    Arrays.setAll(frames, stamps::stampNs);
    assertThat(frames).containsExactly(0, 100, 200, 300, 400, 500, 600, 700, 800);
    assertThat(FrameStamps.of(new long[] {none}).source()).isEqualTo(StampSource.FRAME_NUMBER);
  }
}
