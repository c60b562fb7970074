package dev.lockstep.synth.encode;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.TimestampProto;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Schemas of labels in types that others use: Foxglove's scenes and image annotations, with the
/// fields that boxes need, and the detections of `vision_msgs` 4.
public final class LabelSchemas {
  private static final String TIMESTAMP = ".google.protobuf.Timestamp";
  private static final String DURATION = ".google.protobuf.Duration";

  /// Messages as lines: a name, then each field as number, name, type, `*` for a list.
  private static final FileDescriptor FILE =
      file(
          FileDescriptorProto.newBuilder()
              .setName("foxglove/labels.proto")
              .setPackage("foxglove")
              .setSyntax("proto3")
              .addDependency("google/protobuf/timestamp.proto")
              .addDependency("google/protobuf/duration.proto")
              .addMessageType(message("KeyValuePair", "1 key string", "2 value string"))
              .addMessageType(message("Vector3", "1 x double", "2 y double", "3 z double"))
              .addMessageType(
                  message("Quaternion", "1 x double", "2 y double", "3 z double", "4 w double"))
              .addMessageType(message("Point2", "1 x double", "2 y double"))
              .addMessageType(
                  message(
                      "Pose", "1 position .foxglove.Vector3", "2 orientation .foxglove.Quaternion"))
              .addMessageType(
                  message("CubePrimitive", "1 pose .foxglove.Pose", "2 size .foxglove.Vector3"))
              .addMessageType(
                  message(
                      "SceneEntity",
                      "1 timestamp " + TIMESTAMP,
                      "2 frame_id string",
                      "3 id string",
                      "4 lifetime " + DURATION,
                      "5 frame_locked bool",
                      "6 metadata .foxglove.KeyValuePair *",
                      "8 cubes .foxglove.CubePrimitive *"))
              .addMessageType(
                  message(
                      "SceneEntityDeletion",
                      "1 timestamp " + TIMESTAMP,
                      "2 type int32",
                      "3 id string"))
              .addMessageType(
                  message(
                      "SceneUpdate",
                      "1 deletions .foxglove.SceneEntityDeletion *",
                      "2 entities .foxglove.SceneEntity *"))
              .addMessageType(
                  message(
                      "PointsAnnotation",
                      "1 timestamp " + TIMESTAMP,
                      "2 type int32",
                      "3 points .foxglove.Point2 *",
                      "8 metadata .foxglove.KeyValuePair *"))
              .addMessageType(
                  message(
                      "ImageAnnotations",
                      "2 points .foxglove.PointsAnnotation *",
                      "5 timestamp " + TIMESTAMP))
              .build());

  /// `foxglove.SceneUpdate`.
  public static final Schema SCENE_UPDATE = protobuf("SceneUpdate");

  /// `foxglove.ImageAnnotations`.
  public static final Schema IMAGE_ANNOTATIONS = protobuf("ImageAnnotations");

  private static final String BAR = "=".repeat(80) + "\nMSG: ";

  private static final String COMMON =
      BAR
          + """
          std_msgs/Header
          builtin_interfaces/Time stamp
          string frame_id
          """
          + BAR
          + """
          builtin_interfaces/Time
          int32 sec
          uint32 nanosec
          """
          + BAR
          + """
          vision_msgs/ObjectHypothesisWithPose
          vision_msgs/ObjectHypothesis hypothesis
          geometry_msgs/PoseWithCovariance pose
          """
          + BAR
          + """
          vision_msgs/ObjectHypothesis
          string class_id
          float64 score
          """
          + BAR
          + """
          geometry_msgs/PoseWithCovariance
          geometry_msgs/Pose pose
          float64[36] covariance
          """
          + BAR
          + """
          geometry_msgs/Pose
          geometry_msgs/Point position
          geometry_msgs/Quaternion orientation
          """
          + BAR
          + """
          geometry_msgs/Point
          float64 x
          float64 y
          float64 z
          """
          + BAR
          + """
          geometry_msgs/Quaternion
          float64 x
          float64 y
          float64 z
          float64 w
          """;

  /// `vision_msgs/msg/Detection3DArray`.
  public static final Schema DETECTIONS_3D =
      detections(
          "3D",
          BAR
              + """
              vision_msgs/BoundingBox3D
              geometry_msgs/Pose center
              geometry_msgs/Vector3 size
              """
              + BAR
              + """
              geometry_msgs/Vector3
              float64 x
              float64 y
              float64 z
              """);

  /// `vision_msgs/msg/Detection2DArray`.
  public static final Schema DETECTIONS_2D =
      detections(
          "2D",
          BAR
              + """
              vision_msgs/BoundingBox2D
              vision_msgs/Pose2D center
              float64 size_x
              float64 size_y
              """
              + BAR
              + """
              vision_msgs/Pose2D
              vision_msgs/Point2D position
              float64 theta
              """
              + BAR
              + """
              vision_msgs/Point2D
              float64 x
              float64 y
              """);

  private LabelSchemas() {}

  /// One of Foxglove's messages.
  static Descriptor descriptor(String name) {
    return FILE.findMessageTypeByName(name);
  }

  private static Schema detections(String kind, String box) {
    String text =
        """
        std_msgs/Header header
        vision_msgs/Detection%1$s[] detections
        %2$svision_msgs/Detection%1$s
        std_msgs/Header header
        vision_msgs/ObjectHypothesisWithPose[] results
        vision_msgs/BoundingBox%1$s bbox
        string id
        """
            .formatted(kind, BAR);
    return new Schema(
        "vision_msgs/msg/Detection" + kind + "Array",
        "ros2msg",
        "cdr",
        (text + box + COMMON).getBytes(StandardCharsets.UTF_8));
  }

  private static Schema protobuf(String name) {
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    FILE.getDependencies().forEach(file -> set.addFile(file.toProto()));
    byte[] data = set.addFile(FILE.toProto()).build().toByteArray();
    return new Schema("foxglove." + name, "protobuf", "protobuf", data);
  }

  private static FileDescriptor file(FileDescriptorProto file) {
    try {
      return FileDescriptor.buildFrom(
          file,
          new FileDescriptor[] {TimestampProto.getDescriptor(), DurationProto.getDescriptor()});
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException("descriptor that does not hold", e);
    }
  }

  private static DescriptorProto message(String name, String... fields) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
    for (String field : fields) {
      String[] words = field.split(" ", -1);
      FieldDescriptorProto.Builder made =
          message
              .addFieldBuilder()
              .setNumber(Integer.parseInt(words[0]))
              .setName(words[1])
              .setLabel(
                  words.length > 3
                      ? FieldDescriptorProto.Label.LABEL_REPEATED
                      : FieldDescriptorProto.Label.LABEL_OPTIONAL);
      if (words[2].startsWith(".")) {
        made.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(words[2]);
      } else {
        made.setType(
            FieldDescriptorProto.Type.valueOf("TYPE_" + words[2].toUpperCase(Locale.ROOT)));
      }
    }
    return message.build();
  }
}
