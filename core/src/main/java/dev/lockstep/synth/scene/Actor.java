package dev.lockstep.synth.scene;

/// One road user at one moment: an upright box in the world frame that stands on the ground.
///
/// @param track identity, the same at all times
/// @param category what it is
/// @param x centre, m
/// @param y centre, m
/// @param yaw heading, rad
/// @param lengthMeters size along its heading
/// @param widthMeters size across
/// @param heightMeters size upwards; the centre lies at half of it
public record Actor(
    long track,
    Category category,
    double x,
    double y,
    double yaw,
    double lengthMeters,
    double widthMeters,
    double heightMeters) {

  /// Height of the centre over the ground, m.
  public double z() {
    return heightMeters / 2;
  }
}
