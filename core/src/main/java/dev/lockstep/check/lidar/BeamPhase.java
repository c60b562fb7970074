package dev.lockstep.check.lidar;

import dev.lockstep.model.SweepProfile;

/// Where the beam stood when its sweep began, if it turned evenly, by the times of its directions.
///
/// @param degrees azimuth at the first point, 0 to 360
/// @param strength 1 where all directions agree, about 0 where times and directions have nothing to
///   do with each other; NaN where too few directions have times
record BeamPhase(double degrees, double strength) {
  /// Directions that must have times; judged: a third of a turn.
  private static final int LEAST = 120;

  /// The phase of a beam that turns once in `turnNs`.
  ///
  /// @param sign 1 for counter-clockwise, -1 for clockwise
  static BeamPhase of(SweepProfile profile, double turnNs, int sign) {
    double cosines = 0;
    double sines = 0;
    int known = 0;
    if (profile.hasBeamTimes()) {
      for (int bin = 0; bin < SweepProfile.BINS; bin++) {
        double timeNs = profile.timeNs(0, bin);
        if (!Double.isNaN(timeNs)) {
          double turned = sign * 2 * Math.PI * (timeNs - profile.firstNs()) / turnNs;
          double at = profile.azimuth(0, bin) - turned;
          cosines += Math.cos(at);
          sines += Math.sin(at);
          known++;
        }
      }
    }
    if (known < LEAST) {
      return new BeamPhase(0, Double.NaN);
    }
    double degrees = Math.toDegrees(Math.atan2(sines, cosines));
    return new BeamPhase(degrees < 0 ? degrees + 360 : degrees, Math.hypot(cosines, sines) / known);
  }

  /// Degrees from `from` to `to` on the shorter way, -180 to 180.
  static double between(double from, double to) {
    double way = (to - from) % 360;
    return way > 180 ? way - 360 : way < -180 ? way + 360 : way;
  }
}
