package dev.lockstep.payload;

import dev.lockstep.model.Modality;
import java.util.Locale;
import java.util.Map;

/// What a known message type is, whatever its coding.
///
/// @param modality kind of sensor
/// @param content what is inside that can be examined further
/// @param stamped whether its stamp is that of a sensor; false for types that many senders share
///   one topic for, so that their stamps follow no order
/// @param finder finds the boxes of messages whose content is boxes
record MessageKind(Modality modality, Content content, boolean stamped, BoxFinder finder) {
  /// What a message holds besides plain numbers.
  enum Content {
    PLAIN,
    CLOUD,
    IMAGE,
    COMPRESSED_IMAGE,
    VIDEO,
    BOXES,
    /// How a camera projects.
    PROJECTION,
    /// Where frames of reference lie in each other.
    TRANSFORMS;

    /// Whether a message without any bytes lacks something.
    boolean needsBytes() {
      return switch (this) {
        case CLOUD, IMAGE, COMPRESSED_IMAGE, VIDEO -> true;
        case PLAIN, BOXES, PROJECTION, TRANSFORMS -> false;
      };
    }
  }

  private static final MessageKind UNKNOWN = of(Modality.OTHER, Content.PLAIN);
  private static final MessageKind SHARED = shared(Modality.OTHER, Content.PLAIN);
  private static final MessageKind TRANSFORMS = shared(Modality.POSE, Content.TRANSFORMS);
  private static final MessageKind BOXES = boxes(new Boxes());
  private static final MessageKind OBJECTS = boxes(new ObjectBoxes());

  private static final Map<String, MessageKind> KNOWN =
      Map.ofEntries(
          Map.entry("sensor_msgs/PointCloud2", of(Modality.LIDAR, Content.CLOUD)),
          Map.entry("sensor_msgs/PointCloud", of(Modality.LIDAR, Content.PLAIN)),
          Map.entry("sensor_msgs/LaserScan", of(Modality.LIDAR, Content.PLAIN)),
          Map.entry("sensor_msgs/MultiEchoLaserScan", of(Modality.LIDAR, Content.PLAIN)),
          Map.entry("velodyne_msgs/VelodyneScan", of(Modality.LIDAR, Content.PLAIN)),
          Map.entry("livox_ros_driver2/CustomMsg", of(Modality.LIDAR, Content.PLAIN)),
          Map.entry("foxglove/PointCloud", of(Modality.LIDAR, Content.CLOUD)),
          Map.entry("foxglove/LaserScan", of(Modality.LIDAR, Content.PLAIN)),
          Map.entry("sensor_msgs/Image", of(Modality.CAMERA, Content.IMAGE)),
          Map.entry("sensor_msgs/CompressedImage", of(Modality.CAMERA, Content.COMPRESSED_IMAGE)),
          Map.entry("foxglove/RawImage", of(Modality.CAMERA, Content.IMAGE)),
          Map.entry("foxglove/CompressedImage", of(Modality.CAMERA, Content.COMPRESSED_IMAGE)),
          Map.entry("foxglove/CompressedVideo", of(Modality.VIDEO, Content.VIDEO)),
          Map.entry("sensor_msgs/Imu", of(Modality.IMU, Content.PLAIN)),
          Map.entry("sensor_msgs/NavSatFix", of(Modality.GNSS, Content.PLAIN)),
          Map.entry("gps_msgs/GPSFix", of(Modality.GNSS, Content.PLAIN)),
          Map.entry("foxglove/LocationFix", of(Modality.GNSS, Content.PLAIN)),
          Map.entry("nav_msgs/Odometry", of(Modality.POSE, Content.PLAIN)),
          Map.entry("geometry_msgs/PoseStamped", of(Modality.POSE, Content.PLAIN)),
          Map.entry("geometry_msgs/PoseWithCovarianceStamped", of(Modality.POSE, Content.PLAIN)),
          Map.entry("geometry_msgs/TransformStamped", of(Modality.POSE, Content.PLAIN)),
          Map.entry("foxglove/PoseInFrame", of(Modality.POSE, Content.PLAIN)),
          Map.entry("foxglove/FrameTransform", TRANSFORMS),
          Map.entry("foxglove/FrameTransforms", TRANSFORMS),
          Map.entry("tf2_msgs/TFMessage", TRANSFORMS),
          Map.entry("tf/tfMessage", TRANSFORMS),
          Map.entry("sensor_msgs/CameraInfo", of(Modality.OTHER, Content.PROJECTION)),
          Map.entry("foxglove/CameraCalibration", of(Modality.OTHER, Content.PROJECTION)),
          Map.entry("radar_msgs/RadarScan", of(Modality.RADAR, Content.PLAIN)),
          Map.entry("radar_msgs/RadarTracks", of(Modality.RADAR, Content.PLAIN)),
          Map.entry("vision_msgs/Detection3DArray", BOXES),
          Map.entry("vision_msgs/Detection2DArray", BOXES),
          Map.entry("vision_msgs/Detection3D", BOXES),
          Map.entry("vision_msgs/Detection2D", BOXES),
          Map.entry("jsk_recognition_msgs/BoundingBoxArray", BOXES),
          Map.entry("autoware_perception_msgs/DetectedObjects", OBJECTS),
          Map.entry("autoware_perception_msgs/TrackedObjects", OBJECTS),
          Map.entry("autoware_perception_msgs/PredictedObjects", OBJECTS),
          Map.entry("autoware_auto_perception_msgs/DetectedObjects", OBJECTS),
          Map.entry("autoware_auto_perception_msgs/TrackedObjects", OBJECTS),
          Map.entry("autoware_auto_perception_msgs/PredictedObjects", OBJECTS),
          Map.entry("foxglove/SceneUpdate", boxes(new SceneBoxes())),
          Map.entry("foxglove/ImageAnnotations", boxes(new ImageBoxes())),
          Map.entry("foxglove/Log", SHARED),
          Map.entry("rcl_interfaces/Log", SHARED),
          Map.entry("rcl_interfaces/ParameterEvent", SHARED),
          Map.entry("diagnostic_msgs/DiagnosticArray", SHARED),
          Map.entry("visualization_msgs/Marker", SHARED));

  private static MessageKind of(Modality modality, Content content) {
    return new MessageKind(modality, content, true, new Boxes());
  }

  private static MessageKind shared(Modality modality, Content content) {
    return new MessageKind(modality, content, false, new Boxes());
  }

  private static MessageKind boxes(BoxFinder finder) {
    return new MessageKind(Modality.LABELS, Content.BOXES, true, finder);
  }

  /// What the type of that name is: `package/Type`, `package/msg/Type` or `package.Type`.
  static MessageKind of(String typeName) {
    return KNOWN.getOrDefault(normal(typeName), UNKNOWN);
  }

  /// Whether the type of that name is in the table.
  static boolean isKnown(String typeName) {
    return KNOWN.containsKey(normal(typeName));
  }

  /// Whether the type is one of foxglove's.
  static boolean isFoxglove(String typeName) {
    return normal(typeName).startsWith("foxglove/");
  }

  private static String normal(String typeName) {
    String slashed =
        RosType.normal(typeName.indexOf('/') < 0 ? typeName.replace('.', '/') : typeName);
    return slashed.startsWith("foxglove_msgs/")
        ? "foxglove/" + slashed.substring("foxglove_msgs/".length())
        : slashed;
  }

  /// A guess at what a stream is whose schema says nothing: labels if its name speaks of them.
  static Modality guess(String topic, String schemaName) {
    String words = (topic + " " + schemaName).toLowerCase(Locale.ROOT);
    for (String word : LABEL_WORDS) {
      if (words.contains(word)) {
        return Modality.LABELS;
      }
    }
    return Modality.OTHER;
  }

  private static final String[] LABEL_WORDS = {
    "label", "annotation", "detection", "box", "cuboid", "objects", "tracks"
  };
}
