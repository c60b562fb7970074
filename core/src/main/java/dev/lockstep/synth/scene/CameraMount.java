package dev.lockstep.synth.scene;

/// A pinhole camera on the vehicle: z forward, x right, y down, no distortion, no tilt.
///
/// @param widthPixels image width
/// @param heightPixels image height
/// @param fovRadians horizontal field of view
/// @param yawRadians direction of the axis, counter-clockwise from the vehicle's forward
/// @param forwardMeters place on the vehicle
/// @param upMeters place on the vehicle, over the ground
public record CameraMount(
    int widthPixels,
    int heightPixels,
    double fovRadians,
    double yawRadians,
    double forwardMeters,
    double upMeters) {

  /// Focal length in pixels, the same both ways.
  public double focalPixels() {
    return widthPixels / 2.0 / StrictMath.tan(fovRadians / 2);
  }

  /// Column of the axis.
  public double centreX() {
    return widthPixels / 2.0;
  }

  /// Row of the axis, which is that of the horizon.
  public double centreY() {
    return heightPixels * 0.45;
  }
}
