package dev.lockstep.payload;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.lockstep.model.Calibration.Intrinsics;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Pose;
import dev.lockstep.payload.PayloadFacts.Projection;
import dev.lockstep.payload.PayloadFacts.Transform;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// One calibration and one transform in every coding.
class SensorGeometryTest {
  private static final Projection CAMERA =
      new Projection("cam", new Intrinsics(500, 510, 320, 240, 640, 480));
  private static final Transform MOUNT =
      new Transform("base_link", "cam", new Pose(0.5, -0.5, 0.5, -0.5, 1, 0.25, 1.5));

  private static PayloadFacts read(
      String encoding, String schema, String schemaEncoding, byte[] schemaData, byte[] message) {
    PayloadProfile profile =
        PayloadProfile.of("/topic", encoding, schema, schemaEncoding, schemaData);
    PayloadFacts facts = new PayloadFacts();
    facts.wantGeometry = true;
    profile.reader().read(MemorySegment.ofArray(message), 0, message.length, facts);
    return facts;
  }

  private static PayloadFacts json(String schema, String message) {
    return read("json", schema, "", new byte[0], message.getBytes(StandardCharsets.UTF_8));
  }

  private static void text(ByteBuffer out, String value) {
    out.putInt(value.length()).put(value.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsCameraCalibrationInJson() {
    String message =
        """
        {"timestamp": {"sec": 1, "nsec": 2}, "frame_id": "cam", "width": 640, "height": 480,
         "K": [500, 0, 320, 0, 510, 240, 0, 0, 1]}\
        """;

    assertThat(json("foxglove.CameraCalibration", message).projection).isEqualTo(CAMERA);
  }

  @Test
  void readsFrameTransformsInJson() {
    String one =
        """
        {"timestamp": {"sec": 1, "nsec": 2}, "parent_frame_id": "base_link",
         "child_frame_id": "cam", "translation": {"x": 1, "y": 0.25, "z": 1.5},
         "rotation": {"x": -0.5, "y": 0.5, "z": -0.5, "w": 0.5}}\
        """;

    assertThat(json("foxglove.FrameTransform", one).transforms()).containsExactly(MOUNT);
    assertThat(json("foxglove.FrameTransforms", "{\"transforms\": [" + one + "]}").transforms())
        .containsExactly(MOUNT);
  }

  @Test
  void readsCameraInfoAndTransformsOfRos1() {
    String info =
        "std_msgs/Header header\nuint32 height\nuint32 width\nfloat64[9] K\n"
            + "=====================\nMSG: std_msgs/Header\nuint32 seq\ntime stamp\n"
            + "string frame_id\n";
    ByteBuffer out = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(1).putInt(2).putInt(3);
    text(out, "/cam");
    out.putInt(480).putInt(640);
    for (double value : new double[] {500, 0, 320, 0, 510, 240, 0, 0, 1}) {
      out.putDouble(value);
    }
    byte[] message = Arrays.copyOf(out.array(), out.position());

    assertThat(
            read(
                    "ros1",
                    "sensor_msgs/CameraInfo",
                    "ros1msg",
                    info.getBytes(StandardCharsets.UTF_8),
                    message)
                .projection)
        .isEqualTo(CAMERA);
  }

  private static FieldDescriptorProto field(int number, String name, Type type, String of) {
    FieldDescriptorProto.Builder out =
        FieldDescriptorProto.newBuilder().setNumber(number).setName(name).setType(type);
    return (of.isEmpty() ? out : out.setTypeName(of)).setLabel(Label.LABEL_OPTIONAL).build();
  }

  private static DescriptorProto numbers(String name, String... members) {
    DescriptorProto.Builder out = DescriptorProto.newBuilder().setName(name);
    for (int i = 0; i < members.length; i++) {
      out.addField(field(i + 1, members[i], Type.TYPE_DOUBLE, ""));
    }
    return out.build();
  }

  private static final FileDescriptorProto FILE =
      FileDescriptorProto.newBuilder()
          .setName("foxglove.proto")
          .setPackage("foxglove")
          .setSyntax("proto3")
          .addMessageType(numbers("Vector3", "x", "y", "z"))
          .addMessageType(numbers("Quaternion", "x", "y", "z", "w"))
          .addMessageType(
              DescriptorProto.newBuilder()
                  .setName("FrameTransform")
                  .addField(field(2, "parent_frame_id", Type.TYPE_STRING, ""))
                  .addField(field(3, "child_frame_id", Type.TYPE_STRING, ""))
                  .addField(field(4, "translation", Type.TYPE_MESSAGE, ".foxglove.Vector3"))
                  .addField(field(5, "rotation", Type.TYPE_MESSAGE, ".foxglove.Quaternion")))
          .addMessageType(
              DescriptorProto.newBuilder()
                  .setName("CameraCalibration")
                  .addField(field(9, "frame_id", Type.TYPE_STRING, ""))
                  .addField(field(2, "width", Type.TYPE_FIXED32, ""))
                  .addField(field(3, "height", Type.TYPE_FIXED32, ""))
                  .addField(
                      field(6, "K", Type.TYPE_DOUBLE, "").toBuilder()
                          .setLabel(Label.LABEL_REPEATED)))
          .build();

  private static PayloadFacts proto(String type, byte[] message) {
    byte[] schema = FileDescriptorSet.newBuilder().addFile(FILE).build().toByteArray();
    return read("protobuf", "foxglove." + type, "protobuf", schema, message);
  }

  private static DynamicMessage.Builder builder(String type) throws Exception {
    return DynamicMessage.newBuilder(descriptor(type));
  }

  private static Descriptor descriptor(String type) throws Exception {
    return FileDescriptor.buildFrom(FILE, new FileDescriptor[0]).findMessageTypeByName(type);
  }

  private static DynamicMessage numbers(Descriptor type, double... values) {
    DynamicMessage.Builder out = DynamicMessage.newBuilder(type);
    for (int i = 0; i < values.length; i++) {
      out.setField(type.findFieldByNumber(i + 1), values[i]);
    }
    return out.build();
  }

  @Test
  void readsCameraCalibrationInProtobuf() throws Exception {
    DynamicMessage.Builder out = builder("CameraCalibration");
    Descriptor type = out.getDescriptorForType();
    out.setField(type.findFieldByName("frame_id"), "cam");
    out.setField(type.findFieldByName("width"), 640);
    out.setField(type.findFieldByName("height"), 480);
    for (double value : new double[] {500, 0, 320, 0, 510, 240, 0, 0, 1}) {
      out.addRepeatedField(type.findFieldByName("K"), value);
    }

    assertThat(proto("CameraCalibration", out.build().toByteArray()).projection).isEqualTo(CAMERA);
  }

  @Test
  void readsFrameTransformInProtobuf() throws Exception {
    DynamicMessage.Builder out = builder("FrameTransform");
    Descriptor type = out.getDescriptorForType();
    out.setField(type.findFieldByName("parent_frame_id"), "base_link");
    out.setField(type.findFieldByName("child_frame_id"), "cam");
    Descriptor vector = type.findFieldByName("translation").getMessageType();
    Descriptor quaternion = type.findFieldByName("rotation").getMessageType();
    out.setField(type.findFieldByName("translation"), numbers(vector, 1, 0.25, 1.5));
    out.setField(type.findFieldByName("rotation"), numbers(quaternion, -0.5, 0.5, -0.5, 0.5));

    assertThat(proto("FrameTransform", out.build().toByteArray()).transforms())
        .containsExactly(MOUNT);
  }

  @Test
  void cameraThatNobodyCalibratedIsNoFault() {
    PayloadFacts facts =
        json("sensor_msgs/CameraInfo", "{\"width\": 4, \"k\": [0, 0, 0, 0, 0, 0, 0, 0, 0]}");

    assertThat(facts.projection).isNull();
    assertThat(facts.faults()).isEmpty();
  }

  @Test
  void namesAPrincipalPointThatNoImageHas() {
    String k = "\"K\": [500, 0, 4000, 0, 510, 240, 0, 0, 1]";

    assertThat(
            Payloads.faults(
                json("foxglove.CameraCalibration", "{\"width\": 640, \"height\": 480, " + k + "}")))
        .containsExactly(
            "CALIBRATION_INVALID: principal point 4000, 240 px (expected in or near an image of"
                + " 640 x 480 px)");
    assertThat(Payloads.faults(json("foxglove.CameraCalibration", "{" + k + "}"))).isEmpty();
  }

  @Test
  void takesNoSizeFromACameraThatBinsOrCuts() {
    for (String part : new String[] {"\"binning_x\": 2", "\"roi\": {\"width\": 320}"}) {
      PayloadFacts facts =
          json(
              "sensor_msgs/CameraInfo",
              "{\"width\": 640, \"height\": 480, "
                  + part
                  + ", \"k\": [500, 0, 320, 0, 510, 240, 0, 0, 1]}");

      assertThat(facts.projection.intrinsics()).isEqualTo(new Intrinsics(500, 510, 320, 240, 0, 0));
    }
  }

  @Test
  void namesAFrameThatIsItsOwnParent() {
    PayloadFacts facts =
        json(
            "foxglove.FrameTransform",
            """
            {"parent_frame_id": "map", "child_frame_id": "map",
             "translation": {"x": 1}, "rotation": {"w": 1}}\
            """);

    assertThat(facts.transforms()).isEmpty();
    assertThat(Payloads.faults(facts))
        .containsExactly(
            "CALIBRATION_INVALID: parent of frame 'map' itself (expected another frame)");
  }

  @Test
  void namesWhatIsNoCalibration() {
    PayloadFacts camera =
        json("foxglove.CameraCalibration", "{\"K\": [-5, 0, 3, 0, 5, 2, 0, 0, 1]}");
    PayloadFacts mount =
        json(
            "tf2_msgs/TFMessage",
            """
            {"transforms": [{"header": {"frame_id": "base_link"}, "child_frame_id": "cam",
              "transform": {"translation": {"x": 1, "y": 0, "z": 0},
                "rotation": {"x": 0, "y": 0, "z": 0, "w": 0}}}]}\
            """);

    assertThat(camera.projection).isNull();
    assertThat(Payloads.faults(camera))
        .containsExactly("CALIBRATION_INVALID: focal lengths -5, 5 px (expected above 0)");
    assertThat(camera.faults())
        .extracting(PayloadFacts.Fault::kind)
        .containsExactly(DefectKind.CALIBRATION_INVALID);
    assertThat(mount.transforms()).isEmpty();
    assertThat(Payloads.faults(mount))
        .containsExactly(
            "CALIBRATION_INVALID: length of the quaternion from 'base_link' to 'cam' 0 (expected"
                + " 0.99 to 1.01)");
  }
}
