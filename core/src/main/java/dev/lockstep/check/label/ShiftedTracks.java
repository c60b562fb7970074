package dev.lockstep.check.label;

import java.util.Arrays;

/// Tracks of one instant that can say whether all labels from there on are late: room that is used
/// again from instant to instant.
final class ShiftedTracks {
  /// So many tracks are put in order of their speed; the others follow as they come.
  private static final int LEADERS = 4;

  /// Number of tracks.
  int count;

  /// First box from the instant on of each.
  int[] index = new int[16];

  /// What each gains at most.
  double[] bound = new double[16];

  /// The way before the instant of each.
  StraightFit[] ways = fits(16, new StraightFit[0]);

  /// Cost of each as the labels are, squared sigmas; NaN while unknown.
  double[] asTheyAre = new double[16];

  /// Cost of each with the labels where they would belong; NaN while unknown.
  double[] otherwise = new double[16];

  /// The tracks, fast ones first.
  int[] order = new int[16];

  /// What all together gain at most.
  double most;

  private double[] speed = new double[16];

  private static StraightFit[] fits(int room, StraightFit[] old) {
    StraightFit[] fits = Arrays.copyOf(old, room);
    for (int i = old.length; i < room; i++) {
      fits[i] = new StraightFit();
    }
    return fits;
  }

  void clear() {
    count = 0;
    most = 0;
  }

  /// Adds a track.
  ///
  /// @param box its first box from the instant on
  /// @param most what it gains at most
  /// @param way how fast it is, in any unit
  void add(int box, double most, double way) {
    if (count == index.length) {
      int room = 2 * count;
      index = Arrays.copyOf(index, room);
      bound = Arrays.copyOf(bound, room);
      asTheyAre = Arrays.copyOf(asTheyAre, room);
      otherwise = Arrays.copyOf(otherwise, room);
      order = Arrays.copyOf(order, room);
      speed = Arrays.copyOf(speed, room);
      ways = fits(room, ways);
    }
    index[count] = box;
    bound[count] = most;
    asTheyAre[count] = Double.NaN;
    speed[count] = way;
    order[count] = count;
    count++;
    this.most += most;
  }

  /// Puts the fastest first.
  void fastestFirst() {
    for (int n = 0; n < Math.min(LEADERS, count); n++) {
      int fastest = n;
      for (int m = n + 1; m < count; m++) {
        if (speed[order[m]] > speed[order[fastest]]) {
          fastest = m;
        }
      }
      int k = order[n];
      order[n] = order[fastest];
      order[fastest] = k;
    }
  }

  /// Begins with another shift.
  void forget() {
    Arrays.fill(otherwise, 0, count, Double.NaN);
  }
}
