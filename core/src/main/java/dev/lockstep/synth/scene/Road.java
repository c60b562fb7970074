package dev.lockstep.synth.scene;

/// A flat, endless, winding road: the curve `y = f(x)`, a sum of two sines, in a world frame whose
/// z points up and whose ground is `z = 0`. Meters and radians.
///
/// Bends have a radius above 90 m, so lanes up to 20 m to either side stay well formed.
final class Road {
  /// Amplitude (m) and wave number (rad/m) of the bends; judged: a turn of the vehicle by up to 38
  /// degrees every 15 to 20 s.
  private static final double WIDE_METERS = 32;

  private static final double WIDE_PER_METER = 2 * Math.PI / 380;
  private static final double NARROW_METERS = 4;
  private static final double NARROW_PER_METER = 2 * Math.PI / 170;

  private final double widePhase;
  private final double narrowPhase;

  Road(long seed) {
    widePhase = Noise.between(seed, Lanes.ROAD, 0, 0, 2 * Math.PI);
    narrowPhase = Noise.between(seed, Lanes.ROAD, 1, 0, 2 * Math.PI);
  }

  /// `f(x)`.
  double y(double x) {
    return WIDE_METERS * StrictMath.sin(WIDE_PER_METER * x + widePhase)
        + NARROW_METERS * StrictMath.sin(NARROW_PER_METER * x + narrowPhase);
  }

  /// `f'(x)`.
  double slope(double x) {
    return WIDE_METERS * WIDE_PER_METER * StrictMath.cos(WIDE_PER_METER * x + widePhase)
        + NARROW_METERS * NARROW_PER_METER * StrictMath.cos(NARROW_PER_METER * x + narrowPhase);
  }

  /// `f''(x)`.
  double bend(double x) {
    return -WIDE_METERS
            * WIDE_PER_METER
            * WIDE_PER_METER
            * StrictMath.sin(WIDE_PER_METER * x + widePhase)
        - NARROW_METERS
            * NARROW_PER_METER
            * NARROW_PER_METER
            * StrictMath.sin(NARROW_PER_METER * x + narrowPhase);
  }
}
