package dev.lockstep.synth.encode;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.nio.charset.StandardCharsets;

/// Schemas of the streams of a synthetic drive: the common ROS 2 and Foxglove types by their field
/// lists, and two of our own for labels.
public final class Schemas {
  private static final String BAR = "=".repeat(80) + "\n";

  private static final String HEADER =
      BAR
          + """
          MSG: std_msgs/Header
          builtin_interfaces/Time stamp
          string frame_id
          """
          + BAR
          + """
          MSG: builtin_interfaces/Time
          int32 sec
          uint32 nanosec
          """;

  private static final String VECTOR =
      BAR
          + """
          MSG: geometry_msgs/Vector3
          float64 x
          float64 y
          float64 z
          """;

  private static final String QUATERNION =
      BAR
          + """
          MSG: geometry_msgs/Quaternion
          float64 x
          float64 y
          float64 z
          float64 w
          """;

  /// `sensor_msgs/msg/PointCloud2`.
  public static final Schema POINT_CLOUD =
      ros(
          "sensor_msgs/msg/PointCloud2",
          """
          std_msgs/Header header
          uint32 height
          uint32 width
          sensor_msgs/PointField[] fields
          bool is_bigendian
          uint32 point_step
          uint32 row_step
          uint8[] data
          bool is_dense
          """
              + HEADER
              + BAR
              + """
              MSG: sensor_msgs/PointField
              string name
              uint32 offset
              uint8 datatype
              uint32 count
              """);

  /// `sensor_msgs/msg/CompressedImage`.
  public static final Schema COMPRESSED_IMAGE =
      ros(
          "sensor_msgs/msg/CompressedImage",
          """
          std_msgs/Header header
          string format
          uint8[] data
          """
              + HEADER);

  /// `sensor_msgs/msg/Imu`.
  public static final Schema IMU =
      ros(
          "sensor_msgs/msg/Imu",
          """
          std_msgs/Header header
          geometry_msgs/Quaternion orientation
          float64[9] orientation_covariance
          geometry_msgs/Vector3 angular_velocity
          float64[9] angular_velocity_covariance
          geometry_msgs/Vector3 linear_acceleration
          float64[9] linear_acceleration_covariance
          """
              + HEADER
              + QUATERNION
              + VECTOR);

  /// `geometry_msgs/msg/PoseStamped`.
  public static final Schema POSE =
      ros(
          "geometry_msgs/msg/PoseStamped",
          """
          std_msgs/Header header
          geometry_msgs/Pose pose
          """
              + HEADER
              + BAR
              + """
              MSG: geometry_msgs/Pose
              geometry_msgs/Point position
              geometry_msgs/Quaternion orientation
              """
              + BAR
              + """
              MSG: geometry_msgs/Point
              float64 x
              float64 y
              float64 z
              """
              + QUATERNION);

  /// `foxglove.CompressedVideo`.
  public static final Schema COMPRESSED_VIDEO =
      new Schema("foxglove.CompressedVideo", "protobuf", "protobuf", videoDescriptor());

  /// `tf2_msgs/msg/TFMessage`.
  public static final Schema TRANSFORMS =
      ros(
          "tf2_msgs/msg/TFMessage",
          """
          geometry_msgs/TransformStamped[] transforms
          """
              + BAR
              + """
              MSG: geometry_msgs/TransformStamped
              std_msgs/Header header
              string child_frame_id
              geometry_msgs/Transform transform
              """
              + HEADER
              + BAR
              + """
              MSG: geometry_msgs/Transform
              geometry_msgs/Vector3 translation
              geometry_msgs/Quaternion rotation
              """
              + VECTOR
              + QUATERNION);

  /// `sensor_msgs/msg/CameraInfo`.
  public static final Schema CAMERA_INFO =
      ros(
          "sensor_msgs/msg/CameraInfo",
          """
          std_msgs/Header header
          uint32 height
          uint32 width
          string distortion_model
          float64[] d
          float64[9] k
          float64[9] r
          float64[12] p
          uint32 binning_x
          uint32 binning_y
          sensor_msgs/RegionOfInterest roi
          """
              + HEADER
              + BAR
              + """
              MSG: sensor_msgs/RegionOfInterest
              uint32 x_offset
              uint32 y_offset
              uint32 height
              uint32 width
              bool do_rectify
              """);

  private static final String BOX_COMMON =
      """
      "track_id": {"type": "string"},
            "category": {"type": "string"},
            "annotator": {"type": "string"},
            "edited_at": {"$ref": "#/$defs/time"}\
      """;

  private static final String BOXES_COMMON =
      """
      "timestamp": {"$ref": "#/$defs/time"},
          "frame_id": {"type": "string"},
          "frame": {"type": "integer"},
          "source": {"type": "string"}\
      """;

  private static final String TIME =
      """
      "time": {
            "type": "object",
            "required": ["sec", "nsec"],
            "properties": {
              "sec": {"type": "integer"},
              "nsec": {"type": "integer", "minimum": 0, "maximum": 999999999}
            }
          }\
      """;

  /// `lockstep.Boxes3d`: labelled boxes of one sweep. Centre and size in meters, yaw in radians.
  public static final Schema BOXES_3D =
      json(
          "lockstep.Boxes3d",
          "\"track_id\", \"category\", \"center\", \"size\", \"yaw\"",
          """
          ,
                "center": {"$ref": "#/$defs/vector"},
                "size": {"$ref": "#/$defs/vector"},
                "yaw": {"type": "number"},
                "points": {"type": "integer", "minimum": 0}\
          """,
          """
          ,
              "vector": {
                "type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3
              }\
          """);

  /// `lockstep.Boxes2d`: labelled boxes of one image. Edges in pixels.
  public static final Schema BOXES_2D =
      json(
          "lockstep.Boxes2d",
          "\"track_id\", \"category\", \"left\", \"top\", \"right\", \"bottom\"",
          """
          ,
                "left": {"type": "number"},
                "top": {"type": "number"},
                "right": {"type": "number"},
                "bottom": {"type": "number"},
                "occluded": {"type": "number", "minimum": 0, "maximum": 1}\
          """,
          "");

  private Schemas() {}

  private static Schema ros(String name, String text) {
    return new Schema(name, "ros2msg", "cdr", text.getBytes(StandardCharsets.UTF_8));
  }

  private static Schema json(String name, String required, String properties, String definitions) {
    String text =
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "%s",
          "type": "object",
          "required": ["timestamp", "frame_id", "boxes"],
          "properties": {
            %s,
            "boxes": {"type": "array", "items": {"$ref": "#/$defs/box"}}
          },
          "$defs": {
            "box": {
              "type": "object",
              "required": [%s],
              "properties": {
                %s%s
              }
            },
            %s%s
          }
        }
        """
            .formatted(name, BOXES_COMMON, required, BOX_COMMON, properties, TIME, definitions);
    return new Schema(name, "jsonschema", "json", text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] videoDescriptor() {
    FileDescriptorProto timestamp =
        FileDescriptorProto.newBuilder()
            .setName("google/protobuf/timestamp.proto")
            .setPackage("google.protobuf")
            .setSyntax("proto3")
            .addMessageType(
                DescriptorProto.newBuilder()
                    .setName("Timestamp")
                    .addField(field("seconds", 1, FieldDescriptorProto.Type.TYPE_INT64))
                    .addField(field("nanos", 2, FieldDescriptorProto.Type.TYPE_INT32)))
            .build();
    FileDescriptorProto video =
        FileDescriptorProto.newBuilder()
            .setName("foxglove/CompressedVideo.proto")
            .setPackage("foxglove")
            .setSyntax("proto3")
            .addDependency(timestamp.getName())
            .addMessageType(
                DescriptorProto.newBuilder()
                    .setName("CompressedVideo")
                    .addField(
                        field("timestamp", 1, FieldDescriptorProto.Type.TYPE_MESSAGE)
                            .setTypeName(".google.protobuf.Timestamp"))
                    .addField(field("frame_id", 2, FieldDescriptorProto.Type.TYPE_STRING))
                    .addField(field("data", 3, FieldDescriptorProto.Type.TYPE_BYTES))
                    .addField(field("format", 4, FieldDescriptorProto.Type.TYPE_STRING)))
            .build();
    return FileDescriptorSet.newBuilder().addFile(timestamp).addFile(video).build().toByteArray();
  }

  private static FieldDescriptorProto.Builder field(
      String name, int number, FieldDescriptorProto.Type type) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(type)
        .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
        .setJsonName(name);
  }
}
