package dev.lockstep.payload;

import static dev.lockstep.payload.Payloads.faults;
import static dev.lockstep.payload.Payloads.read;
import static dev.lockstep.payload.Payloads.ros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TimestampProto;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.Times;
import dev.lockstep.payload.PayloadFacts.Box;
import dev.lockstep.synth.encode.LabelSchemas;
import dev.lockstep.synth.encode.Schema;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Protobuf messages are written by its library from text; what the codings share is tested in
/// JSON.
class BoxFinderTest {
  private static final PayloadProfile SCENE = json("foxglove.SceneUpdate");
  private static final PayloadProfile IMAGE = json("foxglove.ImageAnnotations");

  private static final String SEPARATOR = "\n==========\n";

  private static final String GEOMETRY =
      SEPARATOR
          + "MSG: geometry_msgs/Pose\nPoint position\nQuaternion orientation"
          + SEPARATOR
          + "MSG: geometry_msgs/Point\nfloat64 x\nfloat64 y\nfloat64 z"
          + SEPARATOR
          + "MSG: geometry_msgs/Quaternion\nfloat64 x\nfloat64 y\nfloat64 z\nfloat64 w"
          + SEPARATOR
          + "MSG: geometry_msgs/Vector3\nfloat64 x\nfloat64 y\nfloat64 z\n";

  private static PayloadProfile json(String type) {
    return PayloadProfile.of("/t", "json", type, "", new byte[0]);
  }

  private static PayloadFacts text(PayloadProfile profile, String json) {
    return read(profile, json.replace('`', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static PayloadProfile protobuf(Schema schema) {
    return PayloadProfile.of("/t", "protobuf", schema.name(), "protobuf", schema.data());
  }

  private static byte[] message(Schema schema, String text) throws Exception {
    FileDescriptorSet set = FileDescriptorSet.parseFrom(schema.data());
    FileDescriptor file =
        FileDescriptor.buildFrom(
            set.getFile(set.getFileCount() - 1),
            new FileDescriptor[] {TimestampProto.getDescriptor(), DurationProto.getDescriptor()});
    Descriptor type = file.findMessageTypeByName(schema.name().substring("foxglove.".length()));
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
    TextFormat.merge(text, builder);
    return builder.build().toByteArray();
  }

  @Test
  void readsTheCubesOfAScene() throws Exception {
    byte[] bytes =
        message(
            LabelSchemas.SCENE_UPDATE,
            """
            entities {
              timestamp { seconds: 5 nanos: 7 } frame_id: "map" id: "12"
              lifetime { nanos: 100000000 }
              metadata { key: "Category" value: "car" } metadata { key: "score" value: "0.5" }
              metadata { key: "parked" value: "yes" } metadata { key: "annotator" value: "ann" }
              metadata { key: "edited_at" value: "1772528400000000001" }
              cubes {
                pose { position { x: 1 y: -2 } orientation { z: 1 } } size { x: 4 y: 2 z: 1.5 }
              }
            }
            entities { timestamp { seconds: 6 } frame_id: "base_link" id: "13" cubes { size { x: 1 y: 1 z: 1 } } }
            """);
    PayloadProfile profile = protobuf(LabelSchemas.SCENE_UPDATE);
    assertThat(profile.stamped()).isTrue();
    assertThat(profile.labelled()).isTrue();
    PayloadFacts facts = read(profile, bytes);
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.stampNs).isEqualTo(5 * Times.SECOND + 7);
    assertThat(facts.frameId).isEqualTo("map");
    assertThat(facts.boxes())
        .containsExactly(
            new Box(
                new PayloadFacts.Said(
                    5 * Times.SECOND + 7,
                    -1,
                    "12",
                    "car",
                    "ann",
                    1_772_528_400_000_000_001L,
                    "map",
                    0.5,
                    List.of(
                        new Attribute("parked", "yes"), new Attribute("lifetime_ns", "100000000"))),
                1,
                -2,
                0,
                4,
                2,
                1.5,
                0,
                0,
                0,
                1,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN),
            new Box(
                new PayloadFacts.Said(
                    6 * Times.SECOND,
                    -1,
                    "13",
                    "",
                    null,
                    Times.NONE,
                    "base_link",
                    Double.NaN,
                    List.of()),
                0,
                0,
                0,
                1,
                1,
                1,
                1,
                0,
                0,
                0,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN));
  }

  @Test
  void anEmptySceneIsAMessageWithoutBoxes() {
    PayloadFacts facts = read(protobuf(LabelSchemas.SCENE_UPDATE), new byte[0]);
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.unreadable).isFalse();
    assertThat(facts.boxes()).isEmpty();
  }

  @Test
  void readsTheSameSceneInJson() {
    PayloadFacts facts =
        text(
            SCENE,
            "{`deletions`:[{`timestamp`:{`sec`:4,`nsec`:0},`type`:1,`id`:``}],"
                + "`entities`:[{`timestamp`:{`sec`:5,`nsec`:7},`frame_id`:`map`,`id`:`12`,"
                + "`metadata`:[{`key`:`category`,`value`:`car`}],`cubes`:[{`pose`:{`position`:"
                + "{`x`:1,`y`:2,`z`:3},`orientation`:{`x`:0,`y`:0,`z`:0,`w`:1}},"
                + "`size`:{`x`:4,`y`:5,`z`:6}}]}]}");
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.boxes()).hasSize(1);
    assertThat(facts.boxes().getFirst().height()).isEqualTo(6);
    assertThat(facts.boxes().getFirst().said().category()).isEqualTo("car");
  }

  @Test
  void saysWhatIsWrongWithAScene() {
    String cube = "{`pose`:{`position`:{`x`:1,`y`:2,`z`:3}},`size`:{`x`:4,`y`:0,`z`:6}}";
    String turned = "{`pose`:{`orientation`:{`x`:0,`y`:0,`z`:0,`w`:0}},`size`:{`x`:4,`y`:1,`z`:6}}";
    PayloadFacts facts =
        text(
            SCENE,
            "{`entities`:[{`id`:`a`,`cubes`:["
                + cube
                + "]},{`id`:`a`,`cubes`:["
                + turned
                + "],"
                + "`lifetime`:{`sec`:-1,`nsec`:0}}],`deletions`:[{`type`:0,`id`:``}]}");
    assertThat(faults(facts))
        .containsExactly(
            "BOX_INVALID: width of entity 1 (id 'a') 0 (expected above 0)",
            "LABEL_MALFORMED: entity 2 (id 'a') a second time in one message (expected once: it"
                + " replaces the first)",
            "LABEL_MALFORMED: lifetime of entity 2 (id 'a') -1000000000 ns (expected 0 or more)",
            "BOX_INVALID: norm of the quaternion of entity 2 (id 'a') 0 (expected 1)",
            "LABEL_MALFORMED: id of deletion 1 none (expected the id of an entity)");
    assertThat(facts.unplaced).isTrue();
    assertThat(SCENE.examined()).contains(DefectKind.LABEL_MALFORMED, DefectKind.BOX_INVALID);
  }

  @Test
  void cubesOfADrawingHaveNoTrack() {
    String cube = "{`size`:{`x`:4,`y`:1,`z`:6}}";
    PayloadFacts facts =
        text(SCENE, "{`entities`:[{`id`:`a`,`cubes`:[" + cube + "," + cube + "]}]}");
    assertThat(facts.boxes()).hasSize(2).allMatch(box -> box.said().track() == null);
  }

  private static String outline(int type, String points, String rest) {
    return "{`type`:" + type + ",`points`:[" + points + "]" + rest + "}";
  }

  private static final String CORNERS =
      "{`x`:10,`y`:20},{`x`:30,`y`:20},{`x`:30,`y`:60},{`x`:10,`y`:60}";

  @Test
  void readsOutlinesOfImages() {
    PayloadFacts facts =
        text(
            IMAGE,
            "{`points`:["
                + outline(2, CORNERS, ",`timestamp`:{`sec`:9,`nsec`:1}")
                + ","
                + outline(
                    2,
                    "{`x`:100,`y`:100},{`x`:120,`y`:90},{`x`:110,`y`:140}",
                    ",`metadata`:[{`key`:`label`,`value`:`bus`},{`key`:`track_id`,`value`:`4`}]")
                + "],`texts`:[{`position`:{`x`:10,`y`:20.4},`text`:`car`}]}");
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.stampNs).isEqualTo(9 * Times.SECOND + 1);
    assertThat(facts.boxes()).hasSize(2);
    Box first = facts.boxes().getFirst();
    assertThat(List.of(first.left(), first.top(), first.right(), first.bottom()))
        .containsExactly(10.0, 20.0, 30.0, 60.0);
    assertThat(first.said().category()).isEqualTo("car");
    assertThat(first.said().track()).isNull();
    Box second = facts.boxes().getLast();
    assertThat(List.of(second.left(), second.top(), second.right(), second.bottom()))
        .containsExactly(100.0, 90.0, 120.0, 140.0);
    assertThat(second.said().category()).isEqualTo("bus");
    assertThat(second.said().track()).isEqualTo("4");
  }

  @Test
  void otherDrawingsInImagesAreNoBoxes() {
    for (String drawing :
        List.of(
            outline(1, CORNERS, ",`metadata`:[{`key`:`label`,`value`:`bus`}]"),
            outline(3, CORNERS, ""),
            outline(4, CORNERS, ""),
            outline(2, "{`x`:1,`y`:1},{`x`:9,`y`:2},{`x`:5,`y`:9}", ""))) {
      assertThat(text(IMAGE, "{`points`:[" + drawing + "]}").boxes()).as(drawing).isEmpty();
    }
  }

  @Test
  void saysWhatIsWrongWithAnOutline() {
    String flat = "{`x`:10,`y`:20},{`x`:10,`y`:20},{`x`:10,`y`:60},{`x`:10,`y`:60}";
    PayloadFacts facts = text(IMAGE, "{`points`:[" + outline(2, flat, "") + "]}");
    assertThat(faults(facts)).isEmpty();
    facts =
        text(
            IMAGE,
            "{`points`:[" + outline(2, flat, ",`metadata`:[{`key`:`label`,`value`:`bus`}]") + "]}");
    assertThat(faults(facts))
        .containsExactly("BOX_INVALID: width in pixels of outline 1 0 (expected above 0)");
  }

  /// Detections as `vision_msgs` had them before version 4: no object around the hypothesis,
  /// tracking ids, and plain 2D poses.
  @Test
  void readsOlderDetections() {
    PayloadProfile profile =
        ros(
            "vision_msgs/msg/Detection2DArray",
            "std_msgs/Header header\nDetection2D[] detections"
                + SEPARATOR
                + "MSG: vision_msgs/Detection2D\nstd_msgs/Header header\n"
                + "ObjectHypothesisWithPose[] results\nBoundingBox2D bbox\nbool is_tracking\n"
                + "string tracking_id"
                + SEPARATOR
                + "MSG: vision_msgs/ObjectHypothesisWithPose\nstring id\nfloat64 score"
                + SEPARATOR
                + "MSG: vision_msgs/BoundingBox2D\ngeometry_msgs/Pose2D center\nfloat64 size_x\n"
                + "float64 size_y"
                + SEPARATOR
                + "MSG: geometry_msgs/Pose2D\nfloat64 x\nfloat64 y\nfloat64 theta");
    CdrWriter w = new CdrWriter().header(5, 6, "camera").u32(1).header(7, 8, "left").u32(2);
    w.text("car").f64(0.25).text("bus").f64(0.75);
    w.f64(100, 50, Math.PI / 2, 40, 20).u8(1).text("t9");
    PayloadFacts facts = read(profile, w.done());
    assertThat(faults(facts)).isEmpty();
    Box box = facts.boxes().getFirst();
    assertThat(box.said())
        .isEqualTo(
            new PayloadFacts.Said(
                7 * Times.SECOND + 8, -1, "t9", "bus", null, Times.NONE, "left", 0.75, List.of()));
    assertThat(box.left()).isCloseTo(90, within(1e-9));
    assertThat(box.top()).isCloseTo(30, within(1e-9));
    assertThat(box.right()).isCloseTo(110, within(1e-9));
    assertThat(box.bottom()).isCloseTo(70, within(1e-9));
  }

  @Test
  void readsTrackedObjectsOfAutoware() {
    PayloadProfile profile =
        ros(
            "autoware_perception_msgs/msg/TrackedObjects",
            "std_msgs/Header header\nTrackedObject[] objects"
                + SEPARATOR
                + "MSG: autoware_perception_msgs/TrackedObject\n"
                + "unique_identifier_msgs/UUID object_id\nfloat32 existence_probability\n"
                + "ObjectClassification[] classification\nTrackedObjectKinematics kinematics\n"
                + "Shape shape"
                + SEPARATOR
                + "MSG: unique_identifier_msgs/UUID\nuint8[16] uuid"
                + SEPARATOR
                + "MSG: autoware_perception_msgs/ObjectClassification\nuint8 CAR = 1\nuint8 label\n"
                + "float32 probability"
                + SEPARATOR
                + "MSG: autoware_perception_msgs/TrackedObjectKinematics\n"
                + "geometry_msgs/PoseWithCovariance pose_with_covariance\n"
                + "uint8 orientation_availability"
                + SEPARATOR
                + "MSG: geometry_msgs/PoseWithCovariance\nPose pose\nfloat64[36] covariance"
                + SEPARATOR
                + "MSG: autoware_perception_msgs/Shape\n"
                + "uint8 type\n"
                + "geometry_msgs/Vector3 dimensions"
                + GEOMETRY);
    CdrWriter w = new CdrWriter().header(5, 6, "map").u32(2);
    for (int type : new int[] {0, 2}) {
      for (int i = 0; i < 16; i++) {
        w.u8(i == 15 ? 0xAB : 0);
      }
      w.f32(0.5f).u32(2).u8(1).f32(0.25f).u8(7).f32(0.75f);
      w.f64(1, 2, 3).f64(0, 0, 0, 1).f64(new double[36]).u8(1);
      w.u8(type).f64(4, 2, 1.5);
    }
    PayloadFacts facts = read(profile, w.done());
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.boxes()).hasSize(1);
    Box box = facts.boxes().getFirst();
    assertThat(box.said())
        .isEqualTo(
            new PayloadFacts.Said(
                Times.NONE,
                -1,
                "000000000000000000000000000000ab",
                "PEDESTRIAN",
                null,
                Times.NONE,
                null,
                0.5,
                List.of(new Attribute("orientation", "sign unknown"))));
    assertThat(box.length()).isEqualTo(4);
    assertThat(box.z()).isEqualTo(3);
  }

  /// Whatever the bytes are, a reader says so and goes on.
  @Test
  void neverThrowsOnDamage() throws Exception {
    byte[] whole =
        message(
            LabelSchemas.SCENE_UPDATE,
            """
            entities {
              timestamp { seconds: 5 nanos: 7 } frame_id: "map" id: "12" lifetime { nanos: 1 }
              metadata { key: "category" value: "car" }
              cubes { pose { position { x: 1 } orientation { w: 1 } } size { x: 4 y: 2 z: 1.5 } }
            }
            deletions { type: 1 }
            """);
    PayloadProfile profile = protobuf(LabelSchemas.SCENE_UPDATE);
    long seed = 20261130;
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      PayloadFacts facts = read(profile, bytes);
      assertThat(facts.boxes()).as("seed %d round %d", seed, round).hasSizeLessThan(8);
    }
  }
}
