package dev.lockstep.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.shadow.LabelRowsReadDiffer;
import dev.lockstep.check.shadow.LabelSensorsReadDiffer;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.report.FindingText;
import dev.lockstep.shadow.SecondLabels.Label;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.source.mcap.McapWriter;
import dev.lockstep.source.mcap.McapWriterOptions;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.encode.LabelCoding;
import dev.lockstep.testing.CheckPages;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SecondLabelsTest {
  private static final long STAMP_NS = 1_750_000_000_250_000_000L;
  private static final double[] BOX = {1.5, -2.25, 0.125, 4.5, 1.75, 1.5, 0.8, 0, 0, 0.6};

  private static final String ROS1_DETECTIONS =
      """
      Header header
      Detection3D[] detections
      ================================================================================
      MSG: std_msgs/Header
      uint32 seq
      time stamp
      string frame_id
      ================================================================================
      MSG: vision_msgs/Detection3D
      Header header
      ObjectHypothesis[] results
      BoundingBox3D bbox
      string id
      ================================================================================
      MSG: vision_msgs/ObjectHypothesis
      int64 id
      float64 score
      ================================================================================
      MSG: vision_msgs/BoundingBox3D
      geometry_msgs/Pose center
      geometry_msgs/Vector3 size
      ================================================================================
      MSG: geometry_msgs/Pose
      geometry_msgs/Point position
      geometry_msgs/Quaternion orientation
      ================================================================================
      MSG: geometry_msgs/Point
      float64 x
      float64 y
      float64 z
      ================================================================================
      MSG: geometry_msgs/Quaternion
      float64 x
      float64 y
      float64 z
      float64 w
      ================================================================================
      MSG: geometry_msgs/Vector3
      float64 x
      float64 y
      float64 z
      """;

  private static final String SCENE =
      """
      {"entities": [{"timestamp": {"sec": 1750000000, "nsec": 250000000}, "frame_id": "map",
        "id": "e1", "metadata": [{"key": "Class", "value": "truck"}, {"key": "annotator",
        "value": "ann"}], "cubes": [{"pose": {"position": {"x": 1, "y": 2, "z": 3}}, "size":
        {"x": 4, "y": 2, "z": 1.5}}]}, {"timestamp": {"sec": 1750000000, "nsec": 250000000},
        "frame_id": "lidar", "id": "e2", "cubes": [{"pose": {"position": {"x": 1}}, "size":
        {"x": 1, "y": 1, "z": 1}}, {"size": {"x": 1, "y": 1, "z": 2}}]}]}
      """;

  @TempDir private Path folder;

  private List<CheckResult> shadows(Path file) throws IOException {
    EngineOptions options =
        EngineOptions.defaults().withThreads(1).withShadow(new ShadowShare(1, 0));
    try (Engine engine = new Engine(Checks.ALL, options)) {
      RecordingResult result = engine.check(file, "drive", new McapFormat());
      return result.results().stream().filter(r -> r.check().family().equals("SHA")).toList();
    }
  }

  private static CheckResult end(List<CheckResult> results, String id) {
    return results.stream().filter(r -> r.check().id().equals(id)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(
      value = LabelCoding.class,
      names = {"SCENE", "DETECTIONS"})
  void derivesTheRowsOfTheFirstRead(LabelCoding coding) throws IOException {
    Path file = folder.resolve("drive.mcap");
    SynthOptions options =
        SynthOptions.DEFAULT
            .withSeconds(2)
            .withCloud(4, 72)
            .withImages(64, 48)
            .withRange(32)
            .withRates(50, 20);
    Injector.drive(file, options, McapSettings.DEFAULT, coding, List.of());
    List<CheckResult> results = shadows(file);
    assertThat(results).allSatisfy(r -> assertThat(r.findings()).isEmpty());
    Outcome rows = end(results, "SHA015").outcome();
    assertThat(rows).isInstanceOf(Outcome.Passed.class);
    assertThat(((Outcome.Passed) rows).examined()).isGreaterThan(20);
  }

  /// One label in the encoding of ROS 1, whose first field is wider than that of ROS 2.
  private static ByteBuffer ros1() {
    ByteBuffer out = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
    header(out);
    out.putInt(1);
    header(out);
    out.putInt(1).putLong(7).putDouble(0.5);
    for (int i = 0; i < 3; i++) {
      out.putDouble(BOX[i]);
    }
    out.putDouble(BOX[7]).putDouble(BOX[8]).putDouble(BOX[9]).putDouble(BOX[6]);
    for (int i = 3; i < 6; i++) {
      out.putDouble(BOX[i]);
    }
    return out.putInt(2).put("t1".getBytes(StandardCharsets.UTF_8)).flip();
  }

  private static void header(ByteBuffer out) {
    out.putInt(1).putInt((int) (STAMP_NS / Times.SECOND)).putInt((int) (STAMP_NS % Times.SECOND));
    out.putInt(3).put("map".getBytes(StandardCharsets.UTF_8));
  }

  private Path otherEncodings() throws IOException {
    Path file = folder.resolve("others.mcap");
    try (McapWriter writer = McapWriter.create(file, McapWriterOptions.DEFAULT)) {
      int ros =
          writer.schema(
              "vision_msgs/Detection3DArray",
              "ros1msg",
              ROS1_DETECTIONS.getBytes(StandardCharsets.UTF_8));
      int detections = writer.channel(ros, "/detections", "ros1", Map.of());
      int json =
          writer.schema(
              "foxglove.SceneUpdate", "jsonschema", "{}".getBytes(StandardCharsets.UTF_8));
      int scene = writer.channel(json, "/scene", "json", Map.of());
      writer.message(detections, 0, STAMP_NS, STAMP_NS, ros1());
      byte[] text = SCENE.getBytes(StandardCharsets.UTF_8);
      writer.message(scene, 0, STAMP_NS, STAMP_NS, ByteBuffer.wrap(text));
    }
    return file;
  }

  @Test
  void derivesTheRowsOfOtherEncodings() throws IOException {
    List<CheckResult> results = shadows(otherEncodings());
    assertThat(results).allSatisfy(r -> assertThat(r.findings()).isEmpty());
    assertThat(end(results, "SHA015").outcome()).isEqualTo(new Outcome.Passed(2));
    List<Label> detections =
        Objects.requireNonNull(
            Objects.requireNonNull(
                    SecondLabels.of(
                        "vision_msgs/Detection3DArray", "ros1msg", "ros1", ROS1_DETECTIONS))
                .read(ros1()));
    assertThat(detections).hasSize(1);
    assertThat(detections.getFirst().solid()).containsExactly(BOX);
    assertThat(detections.getFirst().track()).isEqualTo("t1");
    assertThat(detections.getFirst().category()).isEqualTo("7");
    assertThat(detections.getFirst().stampNs()).isEqualTo(STAMP_NS);
    List<Label> scene =
        Objects.requireNonNull(
            Objects.requireNonNull(
                    SecondLabels.of("foxglove.SceneUpdate", "jsonschema", "json", "{}"))
                .read(ByteBuffer.wrap(SCENE.getBytes(StandardCharsets.UTF_8))));
    assertThat(scene).extracting(Label::track).containsExactly("e1", null, null);
    assertThat(scene).extracting(Label::frameId).containsExactly("map", "lidar", "lidar");
    assertThat(scene).extracting(Label::category).containsExactly("truck", "", "");
    assertThat(scene).extracting(Label::annotator).containsExactly("ann", null, null);
  }

  private static LabelSet rows(String track, String category, double x, double left) {
    LabelSet set = new LabelSet("/labels", LabelSet.Frame.SENSOR, StampSource.HEADER);
    int row = set.add(STAMP_NS, -1, track, category, "drive.mcap", 4);
    set.setBox3d(row, x, BOX[1], BOX[2], BOX[3], BOX[4], BOX[5], BOX[6], BOX[7], BOX[8], BOX[9]);
    set.setBox2d(row, left, 20, 30, 40);
    set.setAuthor(row, "ann", Times.NONE);
    set.seal();
    return set;
  }

  private static List<Finding> compare(LabelSet first, List<Label> again) {
    List<Finding> found = new ArrayList<>();
    Disagreements out = new Disagreements(List.of(new LabelRowsReadDiffer()), found::add);
    Objects.requireNonNull(LabelRows.of(List.of(first), List.of("/labels")).get("/labels"))
        .compare(4, STAMP_NS, Location.stream("/labels").withMessages(4, 4), again, out);
    return found;
  }

  private static List<String> said(List<Finding> found) {
    return found.stream().map(f -> f.evidence().what() + " " + f.evidence().observed()).toList();
  }

  /// A first read that is wrong in one field, and one that leaves the label out.
  @Test
  void tellsOfEachFieldThatTheFirstReadHasWrong() {
    Label again =
        new Label(STAMP_NS, "a", "car", "ann", null, BOX.clone(), new double[] {10.1, 20, 30, 40});
    assertThat(compare(rows("a", "car", 1.5, 10.1), List.of(again))).isEmpty();
    assertThat(said(compare(rows("b", "car", 1.5, 10.1), List.of(again))))
        .containsExactly("track of a label b -> a");
    assertThat(said(compare(rows("a", "van", 1.5, 10.1), List.of(again))))
        .containsExactly("category of a label van -> car");
    assertThat(said(compare(rows("a", "car", Math.nextUp(1.5), 10.1), List.of(again))))
        .containsExactly("x of a label 1.5000000000000002 -> 1.5");
    assertThat(said(compare(rows("a", "car", 1.5, 10.2), List.of(again))))
        .containsExactly("left of a label 10.2 -> 10.1");
    assertThat(said(compare(rows("a", "car", 1.5, 10.1), List.of())))
        .containsExactly("labels of the message 1 -> 0");
    LabelSet nothing = new LabelSet("/other", LabelSet.Frame.SENSOR, StampSource.HEADER);
    assertThat(said(compare(nothing, List.of(again))))
        .containsExactly("labels of the message 0 -> 1");
    LabelSet later = new LabelSet("/labels", LabelSet.Frame.SENSOR, StampSource.HEADER);
    later.setBox3d(later.add(STAMP_NS + 1, -1, "a", "car", "drive.mcap", 4), 1, 1, 1, 1, 1, 1, 0);
    later.seal();
    Label stamped = new Label(STAMP_NS, "a", "car", null, null, null, null);
    assertThat(said(compare(later, List.of(stamped))))
        .containsExactly("stamp of a label, ns " + (STAMP_NS + 1) + " -> " + STAMP_NS);
  }

  private static RecordingIndex index(long[] stampsNs, long answer) {
    return (RecordingIndex)
        Proxy.newProxyInstance(
            RecordingIndex.class.getClassLoader(),
            new Class<?>[] {RecordingIndex.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "nearest" -> answer;
                  case "message" ->
                      new MessageAt(
                          "/lidar",
                          answer,
                          stampsNs[(int) answer],
                          stampsNs[(int) answer],
                          "drive.mcap",
                          new ByteRange(0, 1),
                          false);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  /// An index that gives a label the sweep before its own.
  @Test
  void tellsOfASensorMessageThatLiesNearer() throws IOException {
    long[] stamps = {STAMP_NS - 100, STAMP_NS, STAMP_NS + 100};
    StreamInfo lidar = StreamInfo.of(0, "/lidar", Modality.LIDAR, StampSource.HEADER, "cdr", "");
    for (int answer = 0; answer < stamps.length; answer++) {
      List<Finding> found = new ArrayList<>();
      Disagreements out = new Disagreements(List.of(new LabelSensorsReadDiffer()), found::add);
      SensorMatch match = new SensorMatch();
      for (long stamp : stamps) {
        match.message(lidar, stamp);
      }
      match.label(STAMP_NS + 10, Location.stream("/labels").withMessages(4, 4));
      match.compare(index(stamps, answer), out);
      assertThat(found).hasSize(answer == 1 ? 0 : 1);
      if (answer == 0) {
        CheckPages.assertComplete(new LabelSensorsReadDiffer(), FindingText.of(found.getFirst()));
      }
    }
  }

  /// Where stamps are not in order, no message is the nearest for everybody.
  @Test
  void leavesStreamsOutWhoseStampsFall() {
    StreamInfo lidar = StreamInfo.of(0, "/lidar", Modality.LIDAR, StampSource.HEADER, "cdr", "");
    SensorMatch match = new SensorMatch();
    match.label(STAMP_NS, Location.stream("/labels"));
    match.message(lidar, STAMP_NS);
    assertThat(match.isEmpty()).isFalse();
    match.message(lidar, STAMP_NS - 1);
    assertThat(match.isEmpty()).isTrue();
  }
}
