package dev.lockstep.model;

/// A rigid transform: rotation as a unit quaternion (w first) and translation in meters.
///
/// `parent_SE3_child`: maps a point given in the child frame to the parent frame.
public record Pose(double qw, double qx, double qy, double qz, double x, double y, double z) {
  /// The transform that changes nothing.
  public static final Pose IDENTITY = new Pose(1, 0, 0, 0, 0, 0, 0);
}
