package dev.lockstep.check.label;

import dev.lockstep.geometry.Angles;

/// How smoothly boxes move along their tracks, and how smoothly they would if some rows had other
/// ids: squared distances from straight motion between neighbours, in units of the noise.
///
/// Everything lives in position space with real time steps: dividing label noise by a short time
/// twice would make accelerations that no limit can judge.
final class Motion {
  /// A single row can cost no more than this: robust against outliers (judged; 20 sigma).
  static final double ROW_CAP = 400;

  /// A heading can cost no more than this, so that a turned box does not outweigh its place.
  private static final double YAW_CAP = 100;

  /// A change of size can cost no more than this.
  private static final double SIZE_CAP = 100;

  /// A change of category between neighbours (judged).
  private static final double CATEGORY_COST = 25;

  /// Labels are placed to 4 cm near by, and to 1 mrad of range further off (measured).
  private static final double POSITION_NOISE_METERS = 0.04;

  private static final double POSITION_NOISE_SHARE = 0.001;

  /// In a frame fixed to the ground, the vehicle's nodding and the turns of its sensor are out of
  /// the way (measured: clean labels stay within 3 cm of their ways at 160 m).
  private static final double POSITION_NOISE_SHARE_GROUNDED = 0.0005;

  /// A frame that moves with the sensor turns at rates that change by this much at most, rad/s2
  /// (judged), and swings objects with their range.
  private static final double MAX_SWAY = 0.5;

  /// Range that is assumed where the sensor's place is unknown (judged).
  private static final double UNKNOWN_RANGE_METERS = 30;

  /// Edges of 2D boxes are placed to half a pixel, and to 1.5 % of the box (judged).
  private static final double EDGE_NOISE_PIXELS = 0.5;

  private static final double EDGE_NOISE_SHARE = 0.015;

  /// 2D boxes speed up by their own size per s2 at most (judged).
  private static final double FLAT_ACCELERATION = 1;

  /// Ordinary motion takes a quarter of the largest acceleration (judged).
  private static final double ORDINARY_SHARE = 0.25;

  /// Headings are labelled to 2 degrees, those of people and animals to 15 (judged).
  private static final double YAW_NOISE = Math.toRadians(2);

  private static final double YAW_NOISE_TURNING = Math.toRadians(15);

  /// Ordinary change of the turning rate, rad/s2 (judged).
  private static final double YAW_ACCELERATION = 1;

  /// Sizes that nobody changed are equal; of those that are fitted anew in each frame the spread is
  /// some 5 % (judged). 2D sizes follow the distance.
  private static final double SIZE_NOISE_SHARE = 0.05;

  /// Variance of a position against the mean of its neighbours.
  private static final double MID_NOISE = 1.5;

  /// Median distance of a box from where its track expects it (see #off), in sigmas of white noise
  /// in a plane (simulated, a million boxes): heights are labelled more evenly than places.
  private static final double MEDIAN_OFF = 1.243;

  /// The same along one axis, against the way between both neighbours: the middle of the absolute
  /// value of a normal distribution, of variance 1.5.
  private static final double MEDIAN_OFF_AXIS = 0.6745 * Math.sqrt(1.5);

  /// The median of few values may be far too small: n of them are trusted by 1 / (1 + FEW / n)
  /// (measured with white noise up to 0.2 m on short tracks).
  private static final double FEW = 3;

  private final Tracks tracks;
  private final double[] sigmas;
  private final double[] spreads;

  /// Squared distance of each box from the way between its neighbours; of no use at ends.
  private final double[] bends;

  Motion(Tracks tracks) {
    this.tracks = tracks;
    this.sigmas = new double[tracks.size()];
    this.spreads = new double[tracks.count()];
    this.bends = new double[tracks.size()];
    double[] residuals = new double[0];
    for (int track = 0; track < tracks.count(); track++) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      if (end - start > residuals.length) {
        residuals = new double[2 * (end - start)];
      }
      int n = 0;
      for (int i = start + 1; i < end - 1; i++) {
        bends[i] = squaredResidual(i - 1, i, i + 1);
        residuals[n++] = squaredOff(i, start, end);
      }
      double spread = 0;
      if (n > 0) {
        double median = Math.sqrt(Medians.upper(residuals, n));
        spread = median / MEDIAN_OFF;
        spread *= 1 + FEW / n;
      }
      spreads[track] = spread;
      for (int i = start; i < end; i++) {
        sigmas[i] = Math.max(spread, floor(i));
      }
    }
  }

  /// Noise of a label at the box's distance or size, if the track shows none.
  double floor(int index) {
    if (tracks.flat()) {
      double size = Math.sqrt(Math.max(1, tracks.dimension(index, 0) * tracks.dimension(index, 1)));
      return EDGE_NOISE_PIXELS + EDGE_NOISE_SHARE * size;
    }
    double range = tracks.range[index];
    double share = tracks.grounded() ? POSITION_NOISE_SHARE_GROUNDED : POSITION_NOISE_SHARE;
    return POSITION_NOISE_METERS + share * (Double.isNaN(range) ? UNKNOWN_RANGE_METERS : range);
  }

  /// How far the largest acceleration of an object takes it off the straight way between two
  /// neighbours, meters, where `steps` is the product of the two time steps, s2; that of the frame
  /// of reference included.
  double reach(int index, double steps) {
    double sway = tracks.grounded() ? 0 : MAX_SWAY * tracks.range[index];
    return 0.5 * (tracks.kind(index).maxAcceleration() + sway) * steps;
  }

  /// How far box `i`, which is neither the first nor the last of its track, may lie from the
  /// straight way between its neighbours: what the largest acceleration does in that time, and
  /// `sigmas` of noise.
  double bendBound(int i, double sigmas) {
    double steps = (tracks.t[i] - tracks.t[i - 1]) * (tracks.t[i + 1] - tracks.t[i]);
    return reach(i, steps) + sigmas * Math.sqrt(1.5) * sigma(i);
  }

  /// Noise of a box's position: that of its track, or of its distance if that is more.
  double sigma(int index) {
    return sigmas[index];
  }

  /// Noise that a track itself shows; 0 where it is too short or copied from place to place.
  double spread(int track) {
    return spreads[track];
  }

  /// Writes the same along x and y to `out`: middle distances of boxes from the way between their
  /// neighbours.
  void spreads(int track, double[] out, int at) {
    int start = tracks.start(track);
    int n = Math.max(0, tracks.end(track) - start - 2);
    double[] residuals = new double[n];
    double[][] axes = {tracks.x, tracks.y};
    for (int d = 0; d < axes.length; d++) {
      double[] p = axes[d];
      for (int k = 0; k < n; k++) {
        int i = start + 1 + k;
        double share = (tracks.t[i] - tracks.t[i - 1]) / (tracks.t[i + 1] - tracks.t[i - 1]);
        residuals[k] = Math.abs(p[i] - p[i - 1] - share * (p[i + 1] - p[i - 1]));
      }
      out[at + d] = n == 0 ? 0 : Medians.upper(residuals, n) / MEDIAN_OFF_AXIS * (1 + 2 * FEW / n);
    }
  }

  /// Distance of box `i` of the track from `start` to `end` from where its track expects it: the
  /// least of the ways through both neighbours, on from the two boxes before, and back from the two
  /// behind. A box beside a misplaced one is expected well by the other side.
  double off(int i, int start, int end) {
    return Math.sqrt(squaredOff(i, start, end));
  }

  private double squaredOff(int i, int start, int end) {
    double least = bends[i];
    if (i - 2 >= start) {
      least = Math.min(least, squaredResidual(i - 2, i, i - 1));
    }
    if (i + 2 < end) {
      least = Math.min(least, squaredResidual(i + 2, i, i + 1));
    }
    return least;
  }

  /// Squared distance of box `i`, which is neither the first nor the last of its track, from the
  /// straight way between its neighbours.
  double squaredBend(int i) {
    return bends[i];
  }

  /// Squared distance of box `b` from the straight way between `a` and `c`, which need not be of
  /// one track.
  double squaredResidual(int a, int b, int c) {
    double share = (tracks.t[b] - tracks.t[a]) / (tracks.t[c] - tracks.t[a]);
    double dx = tracks.x[b] - tracks.x[a] - share * (tracks.x[c] - tracks.x[a]);
    double dy = tracks.y[b] - tracks.y[a] - share * (tracks.y[c] - tracks.y[a]);
    double dz = tracks.z[b] - tracks.z[a] - share * (tracks.z[c] - tracks.z[a]);
    return dx * dx + dy * dy + dz * dz;
  }

  /// Whether box `i` has neighbours on both sides.
  boolean hasBend(int i) {
    int track = tracks.track(i);
    return i > tracks.start(track) && i < tracks.end(track) - 1;
  }

  /// Distance of box `i` from the straight way between its neighbours if its stamp is late by that
  /// much, seconds; without end where it would then not lie between them.
  double lateResidual(int i, double lateSeconds) {
    double share =
        (tracks.t[i] - lateSeconds - tracks.t[i - 1]) / (tracks.t[i + 1] - tracks.t[i - 1]);
    if (!(share > 0 && share < 1)) {
      return Double.POSITIVE_INFINITY;
    }
    double dx = tracks.x[i] - tracks.x[i - 1] - share * (tracks.x[i + 1] - tracks.x[i - 1]);
    double dy = tracks.y[i] - tracks.y[i - 1] - share * (tracks.y[i + 1] - tracks.y[i - 1]);
    double dz = tracks.z[i] - tracks.z[i - 1] - share * (tracks.z[i + 1] - tracks.z[i - 1]);
    return Math.sqrt(dx * dx + dy * dy + dz * dz);
  }

  /// Cost of box `b` between `a` and `c`, if the three were one object.
  double rowCost(int a, int b, int c) {
    return rowCost(a, b, c, squaredResidual(a, b, c));
  }

  /// The same of a box between its neighbours.
  double rowCost(int i) {
    return rowCost(i - 1, i, i + 1, bends[i]);
  }

  /// No less than that, without asking for angles: the same for boxes that hardly turn.
  double rowCostAtMost(int i) {
    double[] t = tracks.t;
    double steps = (t[i] - t[i - 1]) * (t[i + 1] - t[i]);
    double cost = placeCost(i - 1, i, i + 1, bends[i], steps);
    if (tracks.kind(i).directed() && !tracks.flat()) {
      double turned = tracks.turnAtMost(i - 1, i) + tracks.turnAtMost(i, i + 1);
      cost += Math.min(YAW_CAP, turned * turned / yawVariance(i, steps));
    }
    return cost;
  }

  private double rowCost(int a, int b, int c, double squared) {
    double[] t = tracks.t;
    double steps = (t[b] - t[a]) * (t[c] - t[b]);
    double cost = placeCost(a, b, c, squared, steps);
    if (tracks.kind(b).directed() && !tracks.flat()) {
      double share = (t[b] - t[a]) / (t[c] - t[a]);
      double turned =
          Angles.difference(tracks.yaw(b), Angles.between(tracks.yaw(a), tracks.yaw(c), share));
      cost += Math.min(YAW_CAP, turned * turned / yawVariance(b, steps));
    }
    return Math.min(cost, ROW_CAP);
  }

  private double placeCost(int a, int b, int c, double squared, double steps) {
    double sigma = Math.max(sigmas[b], Math.max(sigmas[a], sigmas[c]));
    double moved =
        tracks.flat()
            ? 0.5 * FLAT_ACCELERATION * tracks.dimension(b, 1) * steps
            : ORDINARY_SHARE * reach(b, steps);
    return squared / (MID_NOISE * sigma * sigma + moved * moved);
  }

  private double yawVariance(int i, double steps) {
    double noise = Double.isInfinite(tracks.kind(i).maxYawRate()) ? YAW_NOISE_TURNING : YAW_NOISE;
    double swing = 0.5 * YAW_ACCELERATION * steps;
    return MID_NOISE * noise * noise + swing * swing;
  }

  /// Cost of `b` following `a`, if both were one object: changes of size and category.
  double linkCost(int a, int b) {
    double cost = tracks.category(a) == tracks.category(b) ? 0 : CATEGORY_COST;
    double sizes = 0;
    for (int d = 0; d < (tracks.flat() ? 2 : 3); d++) {
      double before = tracks.dimension(a, d);
      double after = tracks.dimension(b, d);
      double noise = SIZE_NOISE_SHARE * Math.max(Math.abs(before), Math.abs(after));
      if (before != after && noise > 0) {
        double change = (after - before) / noise;
        sizes += change * change;
      }
    }
    return cost + Math.min(sizes, SIZE_CAP);
  }

  /// Cost of `n` boxes one after the other, as if they were one object.
  double cost(int[] boxes, int n) {
    double cost = 0;
    for (int i = 1; i < n; i++) {
      cost += linkCost(boxes[i - 1], boxes[i]);
      if (i < n - 1) {
        cost += rowCost(boxes[i - 1], boxes[i], boxes[i + 1]);
      }
    }
    return cost;
  }
}
