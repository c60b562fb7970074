package dev.lockstep.synth.scene;

/// How a spinning LiDAR is built and mounted: beams spread evenly in elevation, columns evenly in
/// azimuth, turning clockwise (seen from above) from straight behind, one turn a sweep.
///
/// @param beams number of lasers
/// @param columns firings a turn
/// @param lowestRadians elevation of beam 0
/// @param highestRadians elevation of the last beam
/// @param maxRangeMeters no return beyond
/// @param noiseMeters standard deviation of a range
/// @param forwardMeters place on the vehicle, forward of its origin
/// @param upMeters place on the vehicle, over the ground
public record Spinner(
    int beams,
    int columns,
    double lowestRadians,
    double highestRadians,
    double maxRangeMeters,
    double noiseMeters,
    double forwardMeters,
    double upMeters) {

  /// Elevation of a beam, rad, up is positive.
  public double elevation(int beam) {
    return beams == 1
        ? lowestRadians
        : lowestRadians + (highestRadians - lowestRadians) * beam / (beams - 1);
  }

  /// Azimuth of a column in the sensor's frame, rad in (-π, π].
  public double azimuth(int column) {
    return Math.PI - 2 * Math.PI * column / columns;
  }

  /// What part of a turn has passed when the beam crosses `yawRadians`, in [0, 1).
  public static double crossing(double yawRadians) {
    double turns = (Math.PI - yawRadians) / (2 * Math.PI);
    return turns - Math.floor(turns);
  }
}
