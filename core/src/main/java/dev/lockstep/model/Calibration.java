package dev.lockstep.model;

import org.jspecify.annotations.Nullable;

/// Where one sensor sits and, for a camera, how it projects.
///
/// @param sensor name of the stream or sensor
/// @param parent frame that `mounting` leads to (`ego`, `velodyne`, `camera_0`)
/// @param mounting `parent_SE3_sensor`, or null where unknown
/// @param intrinsics pinhole parameters, or null for sensors that do not project
public record Calibration(
    String sensor, String parent, @Nullable Pose mounting, @Nullable Intrinsics intrinsics) {

  /// A pinhole camera: focal lengths and principal point in pixels, size in pixels (0 unknown).
  public record Intrinsics(double fx, double fy, double cx, double cy, int width, int height) {}
}
