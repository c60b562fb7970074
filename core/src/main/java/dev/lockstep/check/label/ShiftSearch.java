package dev.lockstep.check.label;

import org.jspecify.annotations.Nullable;

/// Looks for instants from which on all labels belong to earlier or later ones: the ways before and
/// behind meet if the labels are put where they belong.
final class ShiftSearch {
  /// The same for shifts, whose ways must fit on both sides.
  private static final double MAX_REMAINING_SHIFT = 0.2;

  /// Change of speed over a shift, of the speed, at which a track still says something (judged).
  private static final double MAX_SPEED_CHANGE = 0.3;

  private final Tracks tracks;
  private final Motion motion;
  private final LabelLimits limits;
  private final PlacedBoxes boxes;
  private final FirstSight sight;
  private final double[] sigmas;
  private final StraightFit behind = new StraightFit();
  private final ShiftedTracks shiftable = new ShiftedTracks();
  private final Votes votes = new Votes();
  private final double[] place = new double[3];

  ShiftSearch(
      Tracks tracks,
      Motion motion,
      LabelLimits limits,
      PlacedBoxes boxes,
      FirstSight sight,
      double[] sigmas) {
    this.tracks = tracks;
    this.motion = motion;
    this.limits = limits;
    this.boxes = boxes;
    this.sight = sight;
    this.sigmas = sigmas;
  }

  /// All labels from `f` on belong to earlier or later instants.
  FrameOrder.@Nullable Slip at(int f) {
    findShiftable(f);
    if (shiftable.most <= limits.shift() * FrameOrder.MIN_SHIFT_GAIN - FrameOrder.SLACK) {
      return null;
    }
    FrameOrder.Slip best = null;
    for (int by = -FrameOrder.MAX_SHIFT; by <= FrameOrder.MAX_SHIFT; by++) {
      if (by == 0
          || f - by < 0
          || f - by + FrameOrder.SIDE > tracks.frames().count()
          || !mayGain(f, by)) {
        continue;
      }
      votes.clear();
      for (int k = 0; k < shiftable.count; k++) {
        // All are known by now.
        double otherwise = otherwise(k, f, by);
        if (otherwise >= 0) {
          votes.add(shiftable.asTheyAre[k], otherwise);
        }
      }
      if (votes.convincing(limits.shift() * FrameOrder.MIN_SHIFT_GAIN, MAX_REMAINING_SHIFT)
          && (best == null || votes.gain() > best.gain())) {
        best = votes.slip(FrameOrder.Kind.SHIFTED, f, f, by);
      }
    }
    // One object may brake or be moved by hand; that all do at once is another matter.
    return best != null && best.tracks() > 1 ? best : null;
  }

  /// Collects the tracks of an instant that have boxes enough on both sides.
  private void findShiftable(int f) {
    shiftable.clear();
    LabelFrames frames = tracks.frames();
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i < 0) {
        continue;
      }
      int track = tracks.track(i);
      if (i - FrameOrder.SIDE < tracks.start(track)
          || i + FrameOrder.SIDE > tracks.end(track)
          || tracks.frame(i - 1) != f - 1
          || tracks.frame(i + FrameOrder.SIDE - 1) != f + FrameOrder.SIDE - 1
          || tracks.frame(i - FrameOrder.SIDE) != f - FrameOrder.SIDE
          || boxes.anyLost(i - FrameOrder.SIDE, 2 * FrameOrder.SIDE)) {
        continue;
      }
      double dx = tracks.x[i - 1] - tracks.x[i - FrameOrder.SIDE];
      double dy = tracks.y[i - 1] - tracks.y[i - FrameOrder.SIDE];
      shiftable.add(i, boxes.asGiven() ? sight.most(i) : FrameOrder.TRACK_CAP, dx * dx + dy * dy);
    }
    shiftable.fastestFirst();
  }

  /// Whether a shift can gain enough: what all tracks together gain at most, less what the fastest
  /// ones say against it, of which a few mostly decide.
  private boolean mayGain(int f, int by) {
    shiftable.forget();
    double most = shiftable.most;
    for (int n = 0; n < shiftable.count; n++) {
      int k = shiftable.order[n];
      if (Double.isNaN(shiftable.asTheyAre[k])) {
        follow(f, k);
      }
      double otherwise = otherwise(k, f, by);
      most +=
          (otherwise < 0 ? 0 : Votes.gain(shiftable.asTheyAre[k], otherwise)) - shiftable.bound[k];
      if (most <= limits.shift() * FrameOrder.MIN_SHIFT_GAIN - FrameOrder.SLACK) {
        return false;
      }
    }
    return true;
  }

  /// Takes the way of the `k`th track up to an instant, and what it costs as the labels are.
  private void follow(int f, int k) {
    int i = shiftable.index[k];
    StraightFit before = shiftable.ways[k];
    before.clear();
    for (int b = i - FrameOrder.SIDE; b < i; b++) {
      boxes.add(b, before);
    }
    before.solve();
    shiftable.asTheyAre[k] = gap(before, i, f, 0);
  }

  /// What the `k`th track costs if its labels from `f` on are late by so many instants; below 0
  /// where it says nothing.
  private double otherwise(int k, int f, int by) {
    double known = shiftable.otherwise[k];
    if (!Double.isNaN(known)) {
      return known;
    }
    StraightFit before = shiftable.ways[k];
    double otherwise = gap(before, shiftable.index[k], f, by);
    // What stood before and moves now comes from the same place at any time.
    double change = 0;
    double speed = 0;
    for (int d = 0; d < 3; d++) {
      change += (behind.speed(d) - before.speed(d)) * (behind.speed(d) - before.speed(d));
      speed += before.speed(d) * before.speed(d) + behind.speed(d) * behind.speed(d);
    }
    if (change > MAX_SPEED_CHANGE * MAX_SPEED_CHANGE * speed / 2) {
      otherwise = -1;
    }
    shiftable.otherwise[k] = otherwise;
    return otherwise;
  }

  /// Squared distance of the ways before and behind `f` half-way between them, in squared sigmas,
  /// if the labels from there on are late by so many instants.
  private double gap(StraightFit before, int i, int f, int by) {
    behind.clear();
    LabelFrames frames = tracks.frames();
    for (int k = 0; k < FrameOrder.SIDE; k++) {
      boxes.at(i + k, f + k - by, place);
      behind.add(frames.seconds(f + k - by), place[0], place[1], place[2]);
    }
    behind.solve();
    double middle = (frames.seconds(f - 1) + frames.seconds(f - by)) / 2;
    double squared = 0;
    for (int d = 0; d < 3; d++) {
      double apart = behind.at(d, middle) - before.at(d, middle);
      squared += apart * apart;
    }
    double s = sigmas[i];
    double reach =
        Math.abs(middle - frames.seconds(f - 1)) + FrameOrder.SIDE * frames.periodSeconds() / 2;
    double bent = motion.reach(i, reach * reach) / 2;
    return squared / (s * s * (before.variance(middle) + behind.variance(middle)) + bent * bent)
        + (before.residual() + behind.residual()) / (s * s);
  }
}
