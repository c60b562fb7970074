package dev.lockstep.synth.scene;

import java.util.ArrayList;
import java.util.List;

/// A drive's world: a vehicle on a winding road among other road users.
///
/// Everything is a pure function of the seed and of the time since the drive began, so that any
/// sensor can ask for any moment, in any order, for hours, without anything growing. All arithmetic
/// is strict IEEE 754 with `StrictMath` for transcendental functions: every machine gives the same
/// bits.
public final class Scene {
  /// Mean speed of the vehicle, its variation and the frequency of that; judged (town traffic).
  private static final double SPEED = 12;

  private static final double SPEED_SWING = 2.4;
  private static final double SWING_PER_SECOND = 2 * Math.PI / 21;

  private final long seed;
  private final double rangeMeters;
  private final Road road;
  private final double swingPhase;
  private final double startMeters;

  /// A world.
  ///
  /// @param seed any number
  /// @param rangeMeters how far along the road, ahead and behind, road users exist
  public Scene(long seed, double rangeMeters) {
    this.seed = seed;
    this.rangeMeters = rangeMeters;
    road = new Road(seed);
    swingPhase = Noise.between(seed, Lanes.EGO, 0, 0, 2 * Math.PI);
    startMeters = SPEED_SWING / SWING_PER_SECOND * StrictMath.sin(swingPhase);
  }

  /// The seed.
  public long seed() {
    return seed;
  }

  Road road() {
    return road;
  }

  /// How far the vehicle has come along the world's x, m.
  double along(double seconds) {
    return SPEED * seconds
        + SPEED_SWING / SWING_PER_SECOND * StrictMath.sin(SWING_PER_SECOND * seconds + swingPhase)
        - startMeters;
  }

  /// The vehicle at a moment, exactly.
  public EgoMotion ego(double seconds) {
    double angle = SWING_PER_SECOND * seconds + swingPhase;
    double x = along(seconds);
    double xRate = SPEED + SPEED_SWING * StrictMath.cos(angle);
    double xRateRate = -SPEED_SWING * SWING_PER_SECOND * StrictMath.sin(angle);
    double slope = road.slope(x);
    double bend = road.bend(x);
    double stretch = Math.sqrt(1 + slope * slope);
    double yRateRate = bend * xRate * xRate + slope * xRateRate;
    return new EgoMotion(
        x,
        road.y(x),
        StrictMath.atan(slope),
        xRate * stretch,
        bend * xRate / (1 + slope * slope),
        (xRateRate + slope * yRateRate) / stretch,
        (yRateRate - slope * xRateRate) / stretch);
  }

  /// All road users within range at a moment, in order of slot and meeting.
  public List<Actor> actors(double seconds) {
    List<Actor> near = new ArrayList<>();
    for (Slot slot : Slot.TRAFFIC) {
      double reach = slot.nearSeconds(rangeMeters) / slot.periodSeconds();
      double now = seconds / slot.periodSeconds();
      for (long g = (long) Math.floor(now - reach) - 1; g <= Math.ceil(now + reach); g++) {
        double ahead = slot.aheadMeters(this, g, seconds);
        if (Math.abs(ahead) < rangeMeters) {
          near.add(slot.actor(this, g, seconds, ahead));
        }
      }
    }
    return near;
  }
}
