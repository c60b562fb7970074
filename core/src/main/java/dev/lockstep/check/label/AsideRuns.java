package dev.lockstep.check.label;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds stretches of a track that lie beside its way: all boxes of the stretch are off by the same
/// vector, so that the track steps aside at one end and back at the other.
///
/// A step is what is left between two boxes once a smooth way through the boxes on both sides is
/// taken away: speed and acceleration vanish in it, so that it can be told far below what a single
/// leap must have (LAB025). One step alone may be a kink of the way; two that cancel each other,
/// and leave a smooth way once the stretch is put back, are no motion.
final class AsideRuns {
  /// Boxes on each side of a step that tell the way: one more than a smooth way needs.
  static final int SIDE = 3;

  /// Boxes of a stretch at least; one box alone is a fault of its own (LAB009).
  static final int MIN_BOXES = 2;

  /// Boxes further apart in time may have been driven so (simulated: at 2 Hz).
  static final double MAX_STEP_SECONDS = 0.25;

  /// Longest stretch, seconds (judged).
  static final double MAX_SECONDS = 10;

  /// Smallest step, meters, and what is added with range; see the rule's page.
  static final double MIN_METERS = 0.15;

  private static final double MIN_SHARE = 0.002;

  /// The same in a frame that moves with the sensor, whose own nodding and turning show in ways.
  private static final double MIN_SHARE_MOVING = 0.004;

  /// The same in deviations of a step.
  static final double SIGMAS = 4.2;

  /// The same for one box or two, of which there are as many as boxes.
  private static final double SIGMAS_FEW = 5.5;

  /// How far the other boxes on both sides of a step may lie off their ways, of the step: hands
  /// that place each box anew make steps of any size (judged).
  private static final double UNEVEN = 0.25;

  /// Share of what accelerations (and the turning of a frame that moves with the sensor) do within
  /// a step that is allowed in addition (judged).
  private static final double REACH_SHARE = 0.3;

  /// How far the two steps may differ, of their mean (judged).
  private static final double UNLIKE = 0.35;

  /// What may remain of the unevenness at both ends once the stretch is put back, in squares
  /// (judged).
  static final double MAX_REMAINING = 0.2;

  private static final double MAX_REMAINING_FEW = 0.1;

  /// Share of a step that both its boxes must be off their ways to be looked at: half of it, but
  /// for noise.
  private static final double LEAST_OFF = 0.3;

  private static final double UNKNOWN_RANGE_METERS = 30;

  /// Heights are labelled by other means than places, and follow the road.
  private static final int PLANE = 2;

  /// @param first first box of the stretch
  /// @param last its last box
  /// @param meters how far it lies aside
  /// @param bound how far it may
  /// @param cost unevenness at both ends as the labels are, squared meters
  /// @param left the same with the stretch put back
  record Run(int first, int last, double meters, double bound, double cost, double left) {}

  private record Step(int at, double[] by, double bound) {}

  private final Tracks tracks;
  private final Motion motion;
  private final double share;
  private final double[][] basis = new double[SIDE][];
  private double[] weights = new double[0];

  AsideRuns(Tracks tracks, Motion motion, LabelLimits limits) {
    this.tracks = tracks;
    this.motion = motion;
    this.share = limits.place();
  }

  /// All of them, in order of tracks and time.
  List<Run> find() {
    List<Run> runs = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (int track = 0; track < tracks.count(); track++) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      steps.clear();
      for (int i = start + SIDE - 1; i + SIDE < end; i++) {
        if (mayStep(i)) {
          Run pair = few(i, MIN_BOXES);
          if (pair != null) {
            runs.add(pair);
          }
          Step step = step(i);
          if (step != null) {
            steps.add(step);
          }
        }
      }
      pair(steps, runs);
    }
    return runs;
  }

  /// Number of steps that are looked at.
  static long judged(Tracks tracks) {
    long n = 0;
    for (int track = 0; track < tracks.count(); track++) {
      n += Math.max(0, tracks.end(track) - tracks.start(track) - 2 * SIDE + 1);
    }
    return n;
  }

  /// Whether boxes follow each other so closely that no motion looks like a step.
  private boolean close(int i) {
    return tracks.t[i + 1] - tracks.t[i] <= MAX_STEP_SECONDS;
  }

  /// Whether both boxes of a step are off their ways: of half of it each, without noise.
  private boolean mayStep(int i) {
    double least = share * LEAST_OFF * (MIN_METERS + MIN_SHARE * far(i));
    double squared = least * least;
    return motion.squaredBend(i) > squared && motion.squaredBend(i + 1) > squared && close(i);
  }

  private double far(int i) {
    double range = tracks.range[i];
    return Double.isNaN(range) ? UNKNOWN_RANGE_METERS : range;
  }

  private double bound(int i) {
    double step = tracks.t[i + 1] - tracks.t[i];
    return MIN_METERS
        + (tracks.grounded() ? MIN_SHARE : MIN_SHARE_MOVING) * far(i)
        + REACH_SHARE * motion.reach(i, step * step);
  }

  /// The step between box `i` and the next; null if there is none to speak of.
  private @Nullable Step step(int i) {
    if (tracks.frame(i + SIDE) - tracks.frame(i + 1 - SIDE) != 2 * SIDE - 1) {
      return null;
    }
    double[] by = new double[PLANE];
    double variance = weigh(i + 1 - SIDE, 2 * SIDE, SIDE, 2 * SIDE, by);
    double sigma = motion.spread(tracks.track(i));
    double bound = share * Math.max(bound(i), SIGMAS * Math.sqrt(variance) * sigma);
    double meters = length(by);
    return meters > bound && even(i, meters) ? new Step(i, by, bound) : null;
  }

  /// Whether the boxes next to a step lie on their ways.
  private boolean even(int i, double meters) {
    double most = UNEVEN * meters;
    return motion.squaredBend(i - 1) <= most * most && motion.squaredBend(i + 2) <= most * most;
  }

  /// Adds up, from `n` places from box `start` on, how far those from `from` to `to` lie aside of a
  /// smooth way through all of them, and gives the variance of the sum.
  private double weigh(int start, int n, int from, int to, double[] by) {
    if (weights.length != n) {
      weights = new double[n];
      for (int d = 0; d < basis.length; d++) {
        basis[d] = new double[n];
      }
    }
    double middle = (tracks.t[start] + tracks.t[start + n - 1]) / 2;
    double span = tracks.t[start + n - 1] - tracks.t[start];
    for (int k = 0; k < n; k++) {
      double t = (tracks.t[start + k] - middle) / span;
      basis[0][k] = 1;
      basis[1][k] = t;
      basis[2][k] = t * t;
      weights[k] = k >= from && k < to ? 1 : 0;
    }
    for (int d = 0; d < basis.length; d++) {
      for (int e = 0; e < d; e++) {
        takeAway(basis[e], basis[d]);
      }
    }
    for (double[] each : basis) {
      takeAway(each, weights);
    }
    double squares = dot(weights, weights);
    for (int k = 0; k < n; k++) {
      by[0] += weights[k] / squares * tracks.x[start + k];
      by[1] += weights[k] / squares * tracks.y[start + k];
    }
    return 1 / squares;
  }

  /// The box at `i`, if it alone lies aside of the way of its track; null if it does not.
  @Nullable Run single(int i) {
    double least = share * MIN_METERS / 2;
    return motion.squaredBend(i) > least * least && close(i) ? few(i, 1) : null;
  }

  /// The `n` boxes from `first` on, one or two, if they lie aside of the way of their track; null
  /// if they do not.
  private @Nullable Run few(int first, int n) {
    int track = tracks.track(first);
    int start = first - SIDE;
    int boxes = 2 * SIDE + n;
    if (start < tracks.start(track)
        || start + boxes > tracks.end(track)
        || tracks.frame(start + boxes - 1) - tracks.frame(start) != boxes - 1) {
      return null;
    }
    int last = first + n - 1;
    double[] by = new double[PLANE];
    double variance = weigh(start, boxes, SIDE, SIDE + n, by);
    double meters = length(by);
    double bound =
        share * Math.max(bound(first), SIGMAS_FEW * Math.sqrt(variance) * motion.spread(track));
    double most = UNEVEN * meters;
    if (!(meters > bound)
        || motion.squaredBend(first - 2) > most * most
        || motion.squaredBend(last + 2) > most * most) {
      return null;
    }
    double cost = unevenness(first - 1, last, new double[PLANE]);
    double left = unevenness(first - 1, last, by);
    return left > MAX_REMAINING_FEW * cost ? null : new Run(first, last, meters, bound, cost, left);
  }

  private static void takeAway(double[] part, double[] from) {
    double share = dot(part, from) / dot(part, part);
    for (int k = 0; k < from.length; k++) {
      from[k] -= share * part[k];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private void pair(List<Step> steps, List<Run> runs) {
    for (int a = 0; a < steps.size(); a++) {
      for (int b = a + 1; b < steps.size(); b++) {
        Step first = steps.get(a);
        Step second = steps.get(b);
        if (tracks.t[second.at] - tracks.t[first.at] > MAX_SECONDS) {
          break;
        }
        if (second.at - first.at <= MIN_BOXES) {
          continue;
        }
        Run run = run(first, second);
        if (run != null) {
          runs.add(run);
          a = b;
          break;
        }
      }
    }
  }

  private @Nullable Run run(Step first, Step second) {
    double[] aside = new double[PLANE];
    double[] unlike = new double[PLANE];
    for (int d = 0; d < PLANE; d++) {
      aside[d] = (first.by[d] - second.by[d]) / 2;
      unlike[d] = first.by[d] + second.by[d];
    }
    double meters = length(aside);
    double bound = Math.max(first.bound, second.bound);
    if (!(meters > bound) || length(unlike) > UNLIKE * meters) {
      return null;
    }
    double[] none = new double[PLANE];
    double cost = unevenness(first.at, second.at, none);
    double left = unevenness(first.at, second.at, aside);
    return left > MAX_REMAINING * cost
        ? null
        : new Run(first.at + 1, second.at, meters, bound, cost, left);
  }

  /// Squared distances of the boxes at both ends from the ways between their neighbours, with the
  /// stretch put back.
  private double unevenness(int first, int second, double[] aside) {
    double sum = 0;
    for (int i = first; i <= second + 1; i++) {
      if (i > first + 1 && i < second) {
        i = second;
      }
      double share = (tracks.t[i] - tracks.t[i - 1]) / (tracks.t[i + 1] - tracks.t[i - 1]);
      // How much of the way aside the box has more than its neighbours.
      double more =
          inside(i, first, second)
              - (1 - share) * inside(i - 1, first, second)
              - share * inside(i + 1, first, second);
      double x = bend(tracks.x, i, share) - more * aside[0];
      double y = bend(tracks.y, i, share) - more * aside[1];
      sum += x * x + y * y;
    }
    return sum;
  }

  private static double inside(int i, int first, int second) {
    return i > first && i <= second ? 1 : 0;
  }

  private static double bend(double[] p, int i, double share) {
    return p[i] - p[i - 1] - share * (p[i + 1] - p[i - 1]);
  }

  private static double length(double[] v) {
    return Math.sqrt(v[0] * v[0] + v[1] * v[1]);
  }
}
