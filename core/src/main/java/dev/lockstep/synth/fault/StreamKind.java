package dev.lockstep.synth.fault;

import dev.lockstep.synth.encode.Schema;

/// What the messages of a stream are, as far as faults care.
public enum StreamKind {
  /// Point clouds.
  LIDAR,
  /// Compressed images.
  CAMERA,
  /// Frames of a compressed video.
  VIDEO,
  /// Inertial measurements.
  IMU,
  /// Poses.
  POSE,
  /// Labels in JSON.
  LABELS,
  /// Anything else.
  OTHER;

  static StreamKind of(Schema schema) {
    String name = schema.name();
    String type = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('.')) + 1);
    return switch (type) {
      case "PointCloud2", "PointCloud" -> LIDAR;
      case "CompressedImage" -> CAMERA;
      case "CompressedVideo" -> VIDEO;
      case "Imu", "ImuRaw" -> IMU;
      case "PoseStamped" -> POSE;
      default ->
          schema.messageEncoding().equals("json")
                  || schema.messageEncoding().equals(KittiLabelFrame.ENCODING)
              ? LABELS
              : OTHER;
    };
  }
}
