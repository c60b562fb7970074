package dev.lockstep.check.label;

/// What each box says of the order of instants at first sight, found track by track in one pass:
/// bounds that spare most instants a closer look. They hold for labels as they were given.
final class FirstSight {
  /// Boxes on each side of an instant from which ways are taken.
  private static final int SIDE = 3;

  /// Deviation of stamps from an even step up to which ways are followed as if it were even, of the
  /// step; errors of that are part of the bounds.
  private static final double EVEN = 0.02;

  /// Variance of both ways half a step before the instant, in those of a place: three even places
  /// each, two steps and a half from the middle of one to that of the other.
  private static final double VARIANCE = 2 * (1 / 3.0 + 1.5 * 1.5 / 2);

  private final Tracks tracks;
  private final Motion motion;
  private final double cap;
  private final double[] hints;
  private final double[] steps;
  private final double[] most;

  /// Largest difference of a step from the usual one among the instants that a shift may touch.
  private final double[] uneven;

  /// @param cap what one track can say at most
  /// @param shift largest shift that is asked for, instants
  FirstSight(Tracks tracks, Motion motion, double cap, int shift) {
    this.tracks = tracks;
    this.motion = motion;
    this.cap = cap;
    int n = tracks.size();
    hints = new double[n];
    steps = new double[n];
    most = new double[n];
    uneven = unevenness(tracks.frames(), shift);
  }

  private static double[] unevenness(LabelFrames frames, int shift) {
    int n = frames.count();
    double[] off = new double[n];
    for (int f = 1; f < n; f++) {
      off[f] = Math.abs(frames.seconds(f) - frames.seconds(f - 1) - frames.periodSeconds());
    }
    double[] largest = new double[n];
    for (int f = 0; f < n; f++) {
      for (int k = Math.max(1, f - shift - SIDE); k <= Math.min(n - 1, f + shift + SIDE); k++) {
        largest[f] = Math.max(largest[f], off[k]);
      }
    }
    return largest;
  }

  /// How much the step behind a box goes against the way, in squared sigmas.
  double hint(int index) {
    return hints[index];
  }

  /// How far the box or the one before lies off the middle of its neighbours, in squared sigmas.
  double step(int index) {
    return steps[index];
  }

  /// No shift of the labels from this box on can gain more by its track.
  double most(int index) {
    return most[index];
  }

  /// Looks at all boxes.
  ///
  /// @param sigmas noise of each box
  FirstSight look(double[] sigmas) {
    for (int track = 0; track < tracks.count(); track++) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      for (int i = start; i < end; i++) {
        double s2 = sigmas[i] * sigmas[i];
        if (i + 1 < end && tracks.frame(i + 1) == tracks.frame(i) + 1) {
          hints[i] = hint(i, start, end, s2);
        }
        if (i - 2 >= start && i + 1 < end) {
          double first = motion.squaredBend(i - 1) / s2;
          double second = motion.squaredBend(i) / s2;
          steps[i] = Math.min(cap, Math.max(first, second));
        }
        if (i - SIDE >= start && i + SIDE <= end) {
          most[i] = Math.min(cap, most(i, s2));
        }
      }
    }
    return this;
  }

  /// The step from here to the next box against that from the box before to the one behind. As they
  /// stand in the labels: where poses are known, these are not yet in question.
  private double hint(int i, int start, int end, double s2) {
    boolean first = i - 1 < start;
    boolean last = i + 2 >= end;
    if (first && last) {
      return 0;
    }
    double along = 0;
    for (int d = 0; d < 2; d++) {
      double[] p = d == 0 ? tracks.givenX() : tracks.givenY();
      double from = first ? (p[i] + p[i + 1]) / 2 : p[i - 1];
      double to = last ? (p[i] + p[i + 1]) / 2 : p[i + 2];
      along += (p[i + 1] - p[i]) * (to - from);
    }
    return Math.clamp(along / s2, -cap, cap);
  }

  /// Bound of what the ways through three boxes before and from here on cost as they are, and,
  /// where places do not depend on poses, of what is not the same in any shift.
  private double most(int i, double s2) {
    double period = tracks.frames().periodSeconds();
    double off = uneven[tracks.frame(i)];
    if (!(off <= EVEN * period)
        || tracks.frame(i - SIDE) != tracks.frame(i) - SIDE
        || tracks.frame(i + SIDE - 1) != tracks.frame(i) + SIDE - 1) {
      return cap;
    }
    double apart = 0;
    double bentBefore = 0;
    double bentBehind = 0;
    double way = 0;
    for (int d = 0; d < 3; d++) {
      double[] p = d == 0 ? tracks.x : d == 1 ? tracks.y : tracks.z;
      double before = p[i - 1] - p[i - 3];
      double behind = p[i + 2] - p[i];
      double gap =
          (p[i] + p[i + 1] + p[i + 2] - p[i - 3] - p[i - 2] - p[i - 1]) / 3
              - 0.75 * (before + behind);
      double bendBefore = p[i - 3] - 2 * p[i - 2] + p[i - 1];
      double bendBehind = p[i] - 2 * p[i + 1] + p[i + 2];
      apart += gap * gap;
      bentBefore += bendBefore * bendBefore;
      bentBehind += bendBehind * bendBehind;
      way += before * before + behind * behind;
    }
    double rough = Math.sqrt((bentBefore + bentBehind) / 6);
    // Stamps off the even step change where a way passes the middle by three times what its object
    // goes in that time, what it leaves by half as much, and weigh the rest of it otherwise.
    double share = off / period;
    double drift = share * Math.sqrt(way);
    double far = Math.sqrt(apart) + 2.5 * drift + 15 * share * rough;
    double reach = 2 * period - 2 * off;
    double bent = motion.reach(i, reach * reach) / 2;
    double gap = far * far / ((1 - 12 * share) * s2 * VARIANCE + bent * bent);
    double left = rough + 1.2 * drift;
    double rest = tracks.posed() ? left * left : 3 * drift * left;
    return (gap + rest / s2) * (1 + 1e-9);
  }
}
