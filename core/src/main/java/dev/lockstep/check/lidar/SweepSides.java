package dev.lockstep.check.lidar;

import dev.lockstep.model.SweepShape;
import java.util.Arrays;

/// How two sweeps in a row lie to each other, by the distances in each sector and the heights of
/// their points: alike, or one as if turned, mirrored, scaled or lifted.
///
/// @param apart mean difference of distances as they are, in octaves
/// @param move the change that makes them alike, [Move#NONE] where none does
/// @param amount degrees of a turn, from -180 to 180; factor of a scale; meters of a lift
record SweepSides(double apart, Move move, double amount) {
  /// Ways in which a sweep can lie to the one before.
  enum Move {
    NONE,
    TURNED,
    MIRRORED,
    SCALED,
    LIFTED
  }

  private static final int SECTORS = SweepShape.SECTORS;

  /// Sectors that both must know for a comparison; judged: two thirds of a turn.
  private static final int LEAST = SECTORS * 2 / 3;

  /// A change explains a difference if it leaves less of it than this; judged.
  private static final double LEFT = 0.5;

  /// Octaves of a change of scale; judged: a tunnel's end halves distances, not evenly.
  private static final double LEAST_SCALE = 1.2;

  /// Octaves that a change of scale may leave: twice what reading a logarithm from the bits of a
  /// number is off.
  private static final double LEFT_OF_SCALE = 0.15;

  /// Mean difference of two sweeps in octaves, NaN where too few sectors are known of both.
  static double apart(float[] before, float[] after) {
    return apart(before, after, 0, false, 0);
  }

  /// Compares two sweeps that are further apart than usual.
  ///
  /// @param usual difference that is usual
  /// @param leastSectors a turn by fewer is the vehicle's
  static SweepSides of(float[] before, float[] after, double usual, int leastSectors) {
    double apart = apart(before, after);
    double best = Math.min(LEFT * apart, 2.5 * usual);
    Move move = Move.NONE;
    double amount = 0;
    for (int lag = 0; lag < SECTORS; lag++) {
      int turn = Math.min(lag, SECTORS - lag);
      double turned = turn < leastSectors ? Double.NaN : apart(before, after, lag, false, 0);
      if (turned < best) {
        best = turned;
        move = Move.TURNED;
        amount = (lag <= SECTORS / 2 ? lag : lag - SECTORS) * (360.0 / SECTORS);
      }
      double mirrored = apart(before, after, lag, true, 0);
      if (mirrored < best) {
        best = mirrored;
        move = Move.MIRRORED;
        amount = 0;
      }
    }
    double scale = middle(before, after);
    if (Math.abs(scale) >= LEAST_SCALE && apart(before, after, 0, false, scale) < LEFT_OF_SCALE) {
      move = Move.SCALED;
      amount = Math.pow(2, scale);
    }
    return new SweepSides(apart, move, amount);
  }

  /// Whether this change takes back `other`.
  boolean undoes(SweepSides other) {
    return move == other.move
        && switch (move) {
          case NONE -> false;
          case MIRRORED -> true;
          case TURNED -> {
            double sum = Math.abs(amount + other.amount);
            yield Math.min(sum, 360 - sum) <= 2 * 360.0 / SECTORS;
          }
          case LIFTED -> Math.abs(amount + other.amount) < Math.abs(amount) / 2;
          case SCALED -> Math.abs(Math.log(amount * other.amount)) < 0.2;
        };
  }

  private static double apart(
      float[] before, float[] after, int lag, boolean mirror, double scale) {
    double sum = 0;
    int known = 0;
    for (int i = 0; i < SECTORS; i++) {
      int from = mirror ? lag - i : i - lag;
      float a = before[Math.floorMod(from, SECTORS)];
      float b = after[i];
      if (!Float.isNaN(a) && !Float.isNaN(b)) {
        sum += Math.abs(b - a - scale);
        known++;
      }
    }
    return known < LEAST ? Double.NaN : sum / known;
  }

  private static double middle(float[] before, float[] after) {
    double[] changes = new double[SECTORS];
    int known = 0;
    for (int i = 0; i < SECTORS; i++) {
      if (!Float.isNaN(before[i]) && !Float.isNaN(after[i])) {
        changes[known++] = (double) after[i] - before[i];
      }
    }
    Arrays.sort(changes, 0, known);
    return known < LEAST ? 0 : changes[known / 2];
  }

  /// The distances of a sweep by sector.
  static float[] ranges(SweepShape shape) {
    float[] ranges = new float[SECTORS];
    for (int i = 0; i < SECTORS; i++) {
      ranges[i] = shape.range(i);
    }
    return ranges;
  }
}
