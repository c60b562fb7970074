package dev.lockstep.payload;

import static dev.lockstep.payload.Payloads.faults;
import static dev.lockstep.payload.Payloads.read;
import static dev.lockstep.payload.Payloads.ros;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Times;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CdrReaderTest {
  private static final long STAMP = 1_750_000_000L * Times.SECOND + 5;
  private static final float[] POINTS = {1, 2, 3, 4, 5, 6, 7, 8, 9};

  private final PayloadProfile cloud = ros("sensor_msgs/msg/PointCloud2", Payloads.POINT_CLOUD);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 7})
  void readsEveryPlainCoding(int kind) {
    PayloadFacts facts = read(cloud, CdrWriter.cloud(kind, POINTS, 36, true));
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.stampNs).isEqualTo(STAMP);
    assertThat(facts.frameId).isEqualTo("lidar");
    assertThat(facts.points).isEqualTo(3);
    assertThat(facts.nonFinitePoints).isZero();
    assertThat(facts.contentLengthBytes).isEqualTo(36);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 7})
  void readsFieldsWhoseCountHasAnotherName(int kind) {
    PayloadProfile renamed =
        ros(
            "sensor_msgs/msg/PointCloud2",
            Payloads.POINT_CLOUD.replace("uint32 count", "uint32 elements"));
    PayloadFacts facts = read(renamed, CdrWriter.cloud(kind, POINTS, 36, true));
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.points).isEqualTo(3);
  }

  @Test
  void tellsWhatTheStreamIs() {
    assertThat(cloud.modality()).isEqualTo(Modality.LIDAR);
    assertThat(cloud.stamped()).isTrue();
    assertThat(cloud.schemaFault()).isNull();
    assertThat(cloud.examined()).contains(DefectKind.CDR_MALFORMED, DefectKind.CLOUD_LAYOUT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 7})
  void reportsEveryTruncation(int kind) {
    byte[] whole = CdrWriter.cloud(kind, POINTS, 36, true);
    for (int length = 1; length < whole.length; length++) {
      PayloadFacts facts = read(cloud, Arrays.copyOf(whole, length));
      assertThat(facts.faults()).as("kind %d cut to %d", kind, length).hasSize(1);
      assertThat(facts.faults().getFirst().kind()).isEqualTo(DefectKind.CDR_MALFORMED);
      assertThat(facts.unreadable).isTrue();
      assertThat(facts.stampNs != Times.NONE).as("stamp at %d", length).isEqualTo(length >= 12);
    }
  }

  @Test
  void saysWhereALengthIsBogus() {
    byte[] message = CdrWriter.cloud(1, POINTS, 36, true);
    message[15] = (byte) 0x7F;
    assertThat(faults(read(cloud, message)))
        .containsExactly(
            "CDR_MALFORMED: length of header.frame_id at byte 12 2130706438 (expected at most "
                + (message.length - 16)
                + ")");
  }

  @Test
  void reportsBytesBehindTheLastMember() {
    byte[] message = CdrWriter.cloud(1, POINTS, 36, true);
    assertThat(faults(read(cloud, Arrays.copyOf(message, message.length + 3)))).isEmpty();
    assertThat(faults(read(cloud, Arrays.copyOf(message, message.length + 7)))).isEmpty();
    assertThat(faults(read(cloud, Arrays.copyOf(message, message.length + 8))))
        .containsExactly(
            "CDR_MALFORMED: bytes behind the last member at byte "
                + message.length
                + " 8 bytes (expected at most 3 bytes)");
  }

  @Test
  void reportsNanosecondsOfASecondAndMore() {
    byte[] message = new CdrWriter().header(7, 1_000_000_000L, "a").u32(1, 2).done();
    PayloadFacts facts = read(ros("a/B", "std_msgs/Header header\nuint32 b\nuint32 c"), message);
    assertThat(faults(facts))
        .containsExactly(
            "CDR_MALFORMED: nanoseconds of header.stamp at byte 8 1000000000 ns (expected at most"
                + " 999999999 ns)");
    assertThat(facts.stampNs).isEqualTo(Times.NONE);
  }

  @Test
  void readsOnThroughANonsenseEncapsulationHeader() {
    byte[] message = CdrWriter.cloud(1, POINTS, 36, true);
    message[0] = 0x7F;
    message[1] = 0x7F;
    PayloadFacts facts = read(cloud, message);
    assertThat(faults(facts))
        .containsExactly(
            "CDR_MALFORMED: encapsulation header at byte 0 7F 7F 00 00 (expected 00 00 or 00 01"
                + " (XCDR1), 00 06 to 00 0B (XCDR2))");
    assertThat(facts.stampNs).isEqualTo(STAMP);
    assertThat(facts.unreadable).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3})
  void readsOnWhereTheHeaderNamesAnotherCoding(int kind) {
    byte[] message = CdrWriter.cloud(1, POINTS, 36, true);
    message[1] = (byte) kind;
    PayloadFacts facts = read(cloud, message);
    assertThat(faults(facts))
        .containsExactly(
            "CDR_MALFORMED: encapsulation header at byte 0 00 0"
                + kind
                + " 00 00 (expected 00 01: the message is little-endian XCDR1)");
    assertThat(facts.stampNs).isEqualTo(STAMP);
  }

  @Test
  void reportsAMessageOfZerosAsEmpty() {
    PayloadFacts facts = read(cloud, new byte[120]);
    assertThat(faults(facts))
        .containsExactly("PAYLOAD_EMPTY: payload 120 zero bytes (expected a message)");
    assertThat(facts.stampNs).isEqualTo(Times.NONE);
  }

  @Test
  void missesTheSchemaOfASensor() {
    assertThat(ros("sensor_msgs/msg/PointCloud2", "").schemaFault()).isNotNull();
  }

  @Test
  void reportsAnEmptyMessage() {
    assertThat(faults(read(cloud, new byte[0])))
        .containsExactly("PAYLOAD_EMPTY: payload 0 bytes (expected a message)");
  }

  @Test
  void notesAnEmptyFrameOfReference() {
    byte[] message = new CdrWriter().header(7, 1, "").done();
    PayloadFacts facts = read(ros("a/B", "std_msgs/Header header"), message);
    assertThat(facts.unplaced).isTrue();
    assertThat(facts.frameId).isNull();
  }

  @Test
  void findsAStampThatIsNoHeader() {
    PayloadProfile profile =
        ros(
            "foxglove_msgs/msg/CompressedVideo",
            """
            builtin_interfaces/Time timestamp
            string frame_id
            uint8[] data
            string format
            """);
    byte[] frame = {0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x65, 9};
    byte[] message = new CdrWriter().header(7, 8, "cam").bytes(frame).text("h264").done();
    PayloadFacts facts = read(profile, message);
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.stampNs).isEqualTo(7_000_000_008L);
    assertThat(facts.keyframe).isTrue();
    assertThat(profile.modality()).isEqualTo(Modality.VIDEO);
  }

  @Test
  void takesNoStampFromTopicsThatManySendersShare() {
    assertThat(ros("rcl_interfaces/msg/Log", "builtin_interfaces/Time stamp\nstring msg").stamped())
        .isFalse();
  }

  @Test
  void walksBoundedDefaultsConstantsAndNesting() {
    PayloadProfile profile =
        ros(
            "a/msg/B",
            """
            # nothing but a comment
            string<=5 name "x # no comment"
            uint8 X=5
            C[2] cs
            C[] more
            string[<=2] words ["a", "b"]
            float64[3] xyz [1.0, 2.0, 3.0]
            E none
            ================================================================================
            MSG: a/C
            uint8 flag
            float64 value
            ================================================================================
            MSG: a/E
            uint8 ONLY_CONSTANTS=1
            """);
    CdrWriter w = new CdrWriter().text("abc");
    w.u8(1).f64(1).u8(2).f64(2);
    w.u32(1).u8(3).f64(3);
    w.u32(2).text("p").text("q");
    w.f64(1, 2, 3).u8(0);
    assertThat(faults(read(profile, w.done()))).isEmpty();
    byte[] tooMany =
        new CdrWriter()
            .text("")
            .u8(1)
            .f64(1)
            .u8(2)
            .f64(2)
            .u32(0)
            .u32(3)
            .text("p")
            .text("q")
            .text("r")
            .f64(1, 2, 3)
            .u8(0)
            .done();
    assertThat(faults(read(profile, tooMany)).getFirst())
        .startsWith("CDR_MALFORMED: count of words at byte ")
        .endsWith(" 3 (expected at most 2)");
  }

  @Test
  void walksServiceEvents() {
    PayloadProfile profile = ros("a/srv/Add_Event", "int64 a\nint64 b\n---\nint64 sum");
    CdrWriter w = new CdrWriter().u8(1).u32(5, 6).u8(new int[16]).f64(0);
    byte[] event = w.u32(1).f64(1, 2).u32(0).done();
    assertThat(faults(read(profile, event))).isEmpty();
    assertThat(faults(read(profile, Arrays.copyOf(event, event.length - 4)))).hasSize(1);
  }

  @Test
  void leavesActionsAloneAndSaysSo() {
    PayloadProfile profile =
        ros("a/action/Go_FeedbackMessage", "int32 a\n---\nint32 b\n---\nint32 c");
    assertThat(profile.schemaFault()).isNull();
    assertThat(profile.notExamined()).isEqualTo("definitions of actions are not interpreted");
    assertThat(faults(read(profile, new byte[] {0, 1, 0, 0, 9}))).isEmpty();
  }

  @Test
  void takesAnEmptySchemaForNoFault() {
    PayloadProfile profile = ros("test_msgs/msg/Empty", "");
    assertThat(profile.schemaFault()).isNull();
    assertThat(profile.notExamined()).isEqualTo("schema is empty");
    assertThat(faults(read(profile, new byte[] {0, 1, 0, 0, 0}))).isEmpty();
    assertThat(faults(read(profile, new byte[] {9, 9, 0, 0, 0}))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uint32 a\\n%% garbage|definition of a/B '%% garbage' (expected type and name of a field)",
        "uint31 a|type used in a/B 'a/uint31' (expected its definition in the schema)",
        "uint32|definition of a/B 'uint32' (expected type and name of a field)",
        "B b|type a/B 'contains itself' (expected no cycle)",
        "int8 a\\n==========\\nMSH: x/Y|schema line 3 'MSH: x/Y' (expected MSG: package/Type)",
      })
  void reportsSchemasThatCannotBeParsed(String schema, String fault) {
    PayloadProfile profile = ros("a/msg/B", schema.replace("\\n", "\n"));
    assertThat(dev.lockstep.report.FindingText.evidence(profile.schemaFault())).isEqualTo(fault);
    assertThat(profile.stamped()).isFalse();
    assertThat(faults(read(profile, new byte[] {0, 1, 0, 0, 0}))).isEmpty();
  }

  @Test
  void survivesTypesMadeToExplode() {
    StringBuilder schema = new StringBuilder("T0 a\n");
    for (int i = 0; i < 40; i++) {
      schema.append("==========\nMSG: a/T").append(i).append('\n');
      schema.append(("T" + (i + 1) + " x\n" + "T" + (i + 1) + " y\n"));
    }
    schema.append("==========\nMSG: a/T40\nstring s\n");
    PayloadProfile profile = ros("a/B", schema.toString());
    assertThat(faults(read(profile, new byte[400]))).hasSizeLessThan(2);
    PayloadProfile empty = ros("a/B", "C[4000000000] c\n==========\nMSG: a/C\nuint8[0] x");
    assertThat(faults(read(empty, new byte[] {0, 1, 0, 0}))).isEmpty();
  }

  @Test
  void readsIdlAsItReadsMsg() {
    String idl =
        """
        ================================================================================
        IDL: sensor_msgs/msg/PointCloud2
        // generated from rosidl
        #include "std_msgs/msg/Header.idl"
        module sensor_msgs {
          module msg {
            typedef sequence<octet> Bytes;
            @verbatim (language="comment", text="a { strange ; } comment" "two")
            struct PointCloud2 {
              std_msgs::msg::Header header;
              unsigned long height, width;
              sequence<sensor_msgs::msg::PointField> fields;
              boolean is_bigendian;
              @unit (value="byte") uint32 point_step;
              uint32 row_step;
              Bytes data;
              boolean is_dense; /* last
              one */
            };
          };
        };
        ================================================================================
        IDL: sensor_msgs/msg/PointField
        module sensor_msgs { module msg {
          module PointField_Constants { const uint8 INT8 = 1; };
          struct PointField { string name; uint32 offset; uint8 datatype; uint32 count; };
        }; };
        ================================================================================
        IDL: std_msgs/msg/Header
        module std_msgs { module msg {
          struct Header { builtin_interfaces::msg::Time stamp; string frame_id; };
        }; };
        ================================================================================
        IDL: builtin_interfaces/msg/Time
        module builtin_interfaces { module msg { struct Time { long sec; unsigned long nanosec; }; }; };
        """;
    PayloadProfile profile =
        PayloadProfile.of(
            "/t",
            "cdr",
            "sensor_msgs/msg/PointCloud2",
            "ros2idl",
            idl.getBytes(StandardCharsets.UTF_8));
    assertThat(profile.schemaFault()).isNull();
    byte[] whole = CdrWriter.cloud(1, POINTS, 36, true);
    PayloadFacts facts = read(profile, whole);
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.stampNs).isEqualTo(STAMP);
    assertThat(facts.points).isEqualTo(3);
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThat(faults(read(profile, cut))).isEqualTo(faults(read(cloud, cut)));
    }
  }

  @Test
  void readsBoxesOfDetections() {
    PayloadProfile profile =
        ros(
            "vision_msgs/msg/Detection3DArray",
            """
            std_msgs/Header header
            Detection3D[] detections
            ==========
            MSG: vision_msgs/Detection3D
            std_msgs/Header header
            ObjectHypothesisWithPose[] results
            BoundingBox3D bbox
            string id
            ==========
            MSG: vision_msgs/ObjectHypothesisWithPose
            ObjectHypothesis hypothesis
            float64[36] covariance
            ==========
            MSG: vision_msgs/ObjectHypothesis
            string class_id
            float64 score
            ==========
            MSG: vision_msgs/BoundingBox3D
            geometry_msgs/Pose center
            geometry_msgs/Vector3 size
            ==========
            MSG: geometry_msgs/Pose
            geometry_msgs/Vector3 position
            geometry_msgs/Quaternion orientation
            ==========
            MSG: geometry_msgs/Vector3
            float64 x
            float64 y
            float64 z
            ==========
            MSG: geometry_msgs/Quaternion
            float64 x
            float64 y
            float64 z
            float64 w
            """);
    CdrWriter w = new CdrWriter().header(5, 6, "map").u32(1).header(0, 0, "").u32(1);
    w.text("car").f64(0.9).f64(new double[36]);
    w.f64(1, 2, 3).f64(0, 0, 0, 1).f64(4, -2, 1.5).text("7");
    PayloadFacts facts = read(profile, w.done());
    assertThat(profile.labelled()).isTrue();
    assertThat(faults(facts))
        .containsExactly("BOX_INVALID: width of box 1 (track 7) -2 (expected above 0)");
    PayloadFacts.Box box = facts.boxes().getFirst();
    assertThat(box.said().category()).isEqualTo("car");
    assertThat(box.said().track()).isEqualTo("7");
    assertThat(box.y()).isEqualTo(2);
    assertThat(box.width()).isNaN();
    assertThat(box.said().stampNs()).isEqualTo(Times.NONE);
  }
}
