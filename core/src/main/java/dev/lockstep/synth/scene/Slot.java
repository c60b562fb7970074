package dev.lockstep.synth.scene;

import java.util.List;

/// A lane of road users that meet the vehicle one after the other, every `periodSeconds`.
///
/// Number `g` of a slot is beside the vehicle at its meeting time. Its whole life follows from the
/// seed, the slot and `g`, so any moment of a drive of any length can be computed by itself. No two
/// slots share a lane and no two of a slot share a place, so boxes never overlap.
///
/// @param number number of the slot, first digits of its track ids
/// @param leftMeters offset from the vehicle's path, to the left
/// @param speed speed along the road in m/s: of its own for [Pace#OWN], over the vehicle's for
///   [Pace#WITH_EGO], ignored for [Pace#APPROACH]
/// @param pace what the speed is relative to
/// @param periodSeconds time between two meetings
/// @param categories one of them by chance
record Slot(
    int number,
    double leftMeters,
    double speed,
    Pace pace,
    double periodSeconds,
    List<Category> categories) {

  /// What a slot's motion is relative to.
  enum Pace {
    /// Constant speed over ground; 0 is parked.
    OWN,
    /// Constant speed over the vehicle's own.
    WITH_EGO,
    /// In the vehicle's lane ahead: comes near, then draws away.
    APPROACH
  }

  /// Distance at which [Pace#APPROACH] turns, and its acceleration (m, m/s²).
  private static final double NEAREST_METERS = 13;

  private static final double DRAW_AWAY = 0.4;

  /// Traffic that gives some ten road users within 40 m at any time; judged.
  static final List<Slot> TRAFFIC =
      List.of(
          new Slot(1, 0, 0, Pace.APPROACH, 34, List.of(Category.CAR)),
          new Slot(2, 3.6, 4.1, Pace.WITH_EGO, 13, List.of(Category.CAR)),
          new Slot(3, -3.7, -3.2, Pace.WITH_EGO, 17, List.of(Category.TRUCK)),
          new Slot(4, 7.6, -12, Pace.OWN, 3.7, List.of(Category.CAR, Category.TRUCK)),
          new Slot(5, -6.4, 5, Pace.OWN, 9.1, List.of(Category.CYCLIST)),
          new Slot(6, -9, 1.3, Pace.OWN, 6.1, List.of(Category.PEDESTRIAN)),
          new Slot(7, 11.6, -1.1, Pace.OWN, 7.3, List.of(Category.PEDESTRIAN)),
          new Slot(8, 14.4, 0, Pace.OWN, 5.3, List.of(Category.CAR)),
          new Slot(9, -12, 0, Pace.OWN, 4.3, List.of(Category.CAR, Category.CAR, Category.TRUCK)));

  /// Multiplies the slot number in track ids, leaving room for days of meetings.
  static final long TRACKS_PER_SLOT = 1_000_000;

  /// Added to the meeting number in track ids, because some met before the drive began.
  static final long FIRST_TRACK = 100;

  /// Slowest that the vehicle and a slot may pass each other, m/s; bounds how long one is near.
  private static final double SLOWEST_PASS = 2.5;

  /// How long before and after its meeting one of this slot can be within `rangeMeters`.
  double nearSeconds(double rangeMeters) {
    return pace == Pace.APPROACH
        ? Math.sqrt(2 * Math.max(0, rangeMeters - NEAREST_METERS) / DRAW_AWAY)
        : rangeMeters / (pace == Pace.OWN ? Math.max(SLOWEST_PASS, 8 - speed) : SLOWEST_PASS);
  }

  /// When number `g` meets the vehicle, seconds from the drive's begin.
  double meetingSeconds(long seed, long g) {
    return (g + Noise.uniform(seed, Lanes.SLOT, number)) * periodSeconds;
  }

  /// How far along the road number `g` is ahead of the vehicle.
  double aheadMeters(Scene scene, long g, double seconds) {
    double meeting = meetingSeconds(scene.seed(), g);
    double since = seconds - meeting;
    return switch (pace) {
      case OWN -> scene.along(meeting) + speed * since - scene.along(seconds);
      case WITH_EGO -> speed * since;
      case APPROACH -> NEAREST_METERS + DRAW_AWAY / 2 * since * since;
    };
  }

  /// Number `g` at a moment, `aheadMeters` in front of the vehicle.
  Actor actor(Scene scene, long g, double seconds, double aheadMeters) {
    long seed = scene.seed();
    long lane = Lanes.ACTOR + number;
    Category category = categories.get((int) Noise.below(seed, lane, 4 * g, categories.size()));
    double x = scene.along(seconds) + aheadMeters;
    double angle = StrictMath.atan(scene.road().slope(x));
    boolean oncoming = pace == Pace.OWN && speed < 0;
    return new Actor(
        number * TRACKS_PER_SLOT + FIRST_TRACK + g,
        category,
        x - leftMeters * StrictMath.sin(angle),
        scene.road().y(x) + leftMeters * StrictMath.cos(angle),
        oncoming ? angle > 0 ? angle - Math.PI : angle + Math.PI : angle,
        category.lengthMeters() * Noise.between(seed, lane, 4 * g + 1, 0.94, 1.06),
        category.widthMeters() * Noise.between(seed, lane, 4 * g + 2, 0.95, 1.05),
        category.heightMeters() * Noise.between(seed, lane, 4 * g + 3, 0.94, 1.06));
  }
}
