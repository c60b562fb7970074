package dev.lockstep.check.rig;

import dev.lockstep.check.Alignment;
import dev.lockstep.model.RigProfile.Sector;
import dev.lockstep.model.SweepProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/// In which directions the beams of a LiDAR see points: always, never or at times.
///
/// @param beams LiDARs in each sweep
/// @param sweeps sweeps that were looked at
/// @param filled of each beam and bin, in how many of them it held points
record Directions(int beams, int sweeps, int[] filled) {
  /// Fewest sweeps by which directions are known; judged: two seconds at 10 Hz.
  static final int LEAST_SWEEPS = 20;

  /// Share of the sweeps in which a direction that is always seen holds points; judged.
  private static final double ALWAYS = 0.98;

  /// What sweeps of the usual number of beams show.
  static Directions of(List<Alignment.Sweep> all) {
    int beams = 0;
    for (Alignment.Sweep sweep : all) {
      beams = Math.max(beams, sweep.profile().beams());
    }
    int[] filled = new int[beams * SweepProfile.BINS];
    int sweeps = 0;
    for (Alignment.Sweep sweep : all) {
      SweepProfile profile = sweep.profile();
      if (profile.beams() != beams) {
        continue;
      }
      sweeps++;
      for (int at = 0; at < filled.length; at++) {
        filled[at] += profile.count(at / SweepProfile.BINS, at % SweepProfile.BINS) > 0 ? 1 : 0;
      }
    }
    return new Directions(beams, beams == 0 ? 0 : sweeps, filled);
  }

  /// Whether there were enough sweeps with directions.
  boolean isKnown() {
    return sweeps >= LEAST_SWEEPS;
  }

  /// Directions that never hold a point; none where too few sweeps were seen.
  List<Sector> blind() {
    return isKnown() ? sectors(at -> filled[at] == 0) : List.of();
  }

  /// Directions that always hold points; none where too few sweeps were seen.
  List<Sector> seen() {
    return isKnown() ? sectors(at -> filled[at] >= ALWAYS * sweeps) : List.of();
  }

  /// Whether a direction never held a point.
  boolean isBlind(int beam, int bin) {
    return filled[beam * SweepProfile.BINS + bin] == 0;
  }

  /// Directions that fit, as few sectors as possible.
  List<Sector> sectors(IntPredicate fits) {
    List<Sector> sectors = new ArrayList<>();
    for (int beam = 0; beam < beams; beam++) {
      int from = -1;
      for (int bin = 0; bin <= SweepProfile.BINS; bin++) {
        boolean in = bin < SweepProfile.BINS && fits.test(beam * SweepProfile.BINS + bin);
        if (in && from < 0) {
          from = bin;
        } else if (!in && from >= 0) {
          int half = SweepProfile.BINS / 2;
          sectors.add(new Sector(beam, from - half, bin - half));
          from = -1;
        }
      }
    }
    return sectors;
  }
}
