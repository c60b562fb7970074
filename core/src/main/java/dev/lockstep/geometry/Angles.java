package dev.lockstep.geometry;

/// Angles in radians, wrapped.
public final class Angles {
  private static final double TURN = 2 * Math.PI;

  private Angles() {}

  /// The same direction, from -pi to pi.
  public static double wrap(double radians) {
    // Mostly so, and the long way gives the same.
    if (Math.abs(radians) < Math.PI) {
      return radians;
    }
    return radians - TURN * Math.rint(radians / TURN);
  }

  /// The shorter way from `from` to `to`, from -pi to pi.
  public static double difference(double to, double from) {
    return wrap(to - from);
  }

  /// The direction at `share` (0 to 1) of the shorter way from `from` to `to`, not wrapped.
  public static double between(double from, double to, double share) {
    return from + share * wrap(to - from);
  }
}
