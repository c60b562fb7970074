package dev.lockstep.model;

import java.util.Locale;

/// What kind of sensor or source a stream comes from.
public enum Modality {
  /// Point clouds; one message is a sweep.
  LIDAR,
  /// Still pictures; one message is an image.
  CAMERA,
  /// Coded video; one message is a frame.
  VIDEO,
  /// Radar detections or images.
  RADAR,
  /// Inertial measurements.
  IMU,
  /// Satellite positions.
  GNSS,
  /// Poses of the vehicle or of a frame of reference.
  POSE,
  /// Bounding-box labels.
  LABELS,
  /// Anything that none of the above describes.
  OTHER;

  /// The name as it stands in reports: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
