package dev.lockstep.geometry;

/// What numbers of points tell that were counted by height around a box, or by place along it.
final class PointProfile {
  /// Points of an edge that are enough to place it. Judged.
  private static final int MIN_EDGE_POINTS = 6;

  /// Points of ground that are enough to tell its height. Judged.
  private static final int MIN_GROUND_POINTS = 8;

  /// Part of the points around a box that has to lie at one height for it to be the ground: hedges
  /// and walls spread. Judged.
  private static final double FLAT = 0.6;

  private PointProfile() {}

  /// The lowest height that many points have, meters over the bottom of the box; NaN where too few
  /// tell. What lies below is noise, what lies above stands on the ground.
  ///
  /// @param counts points by height, from `at` on
  /// @param bins number of counts
  /// @param reachMeters half of the height that they take, from below the bottom to above
  static double ground(int[] counts, int at, int bins, double reachMeters) {
    int most = 0;
    int all = counts[at];
    for (int i = 1; i < bins; i++) {
      most = Math.max(most, counts[at + i - 1] + counts[at + i]);
      all += counts[at + i];
    }
    if (most < MIN_GROUND_POINTS) {
      return Double.NaN;
    }
    for (int i = 1; i < bins; i++) {
      int low = counts[at + i - 1];
      int high = counts[at + i];
      if (2 * (low + high) >= most && low + high >= MIN_GROUND_POINTS) {
        int third = i + 1 < bins ? counts[at + i + 1] : 0;
        if (low + high + third < FLAT * all) {
          return Double.NaN;
        }
        double mean =
            (low * (i - 0.5) + high * (i + 0.5) + third * (i + 1.5)) / (low + high + third);
        return mean * 2 * reachMeters / bins - reachMeters;
      }
    }
    return Double.NaN;
  }

  /// Where the points of a box begin, seen from the LiDAR, less where the box does, meters along
  /// its length; NaN where no edge stands out.
  ///
  /// @param counts points by place along the box, from `at` on
  /// @param bins number of counts
  /// @param reachMeters how far they reach over both ends of the box
  /// @param perMeter bins a meter
  /// @param front whether the LiDAR stands ahead of the box
  static double ahead(
      int[] counts, int at, int bins, float reachMeters, float perMeter, boolean front) {
    // From the side of the LiDAR inwards.
    int body = Math.max(2, Math.round(0.6f * perMeter));
    int gap = Math.max(2, Math.round(0.6f * perMeter));
    int last = Math.min(bins - body, (int) (2 * reachMeters * perMeter) + 1);
    int best = Integer.MIN_VALUE;
    int second = Integer.MIN_VALUE;
    int bestAt = -1;
    for (int s = 0; s <= last; s++) {
      int score =
          count(counts, at, bins, s, s + body, front)
              - 3 * count(counts, at, bins, s - gap, s, front);
      if (score > best) {
        if (bestAt >= 0 && s - bestAt > body) {
          second = best;
        }
        best = score;
        bestAt = s;
      } else if (s - bestAt > body) {
        second = Math.max(second, score);
      }
    }
    if (best < MIN_EDGE_POINTS || 2 * second > best) {
      return Double.NaN;
    }
    // The edge lies at the first points, but not at single ones.
    int total = count(counts, at, bins, bestAt, bestAt + body, front);
    int sum = 0;
    int edge = bestAt;
    while (edge < bestAt + body) {
      sum += counts[at + (front ? bins - 1 - edge : edge)];
      if (10 * sum >= total) {
        break;
      }
      edge++;
    }
    double off = (edge + 0.5) / perMeter - reachMeters;
    return front ? -off : off;
  }

  private static int count(int[] counts, int at, int bins, int from, int to, boolean reversed) {
    int sum = 0;
    for (int i = Math.max(0, from); i < Math.min(bins, to); i++) {
      sum += counts[at + (reversed ? bins - 1 - i : i)];
    }
    return sum;
  }
}
