package dev.lockstep.check.label;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds stretches in which the number of points that labels claim is that of another instant.
///
/// The box of an object that stands holds, in each sweep, what that sweep has of the object,
/// whoever labelled it when; the number changes as the vehicle goes by. The numbers that its labels
/// claim were counted in the sweeps that they were made on. Which instants' numbers go together is
/// how labels and sweeps lie to each other.
final class CountShifts {
  /// Longest shift that is looked for, instants.
  static final int MAX_SHIFT = 2;

  /// Boxes and tracks of a stretch that are enough to tell.
  static final int MIN_BOXES = 30;

  static final int MIN_TRACKS = 3;

  /// How much better the numbers of another instant must fit, in squared sigmas.
  static final double MIN_GAIN = 60;

  /// What remains then, of the cost of the labels as they are.
  static final double MAX_REMAINING = 0.4;

  /// Fewer points change by chance, points on average.
  private static final double MIN_POINTS = 8;

  /// Faster objects do not stand, m/s; slower ones are labels that wander.
  private static final double STANDING_SPEED = 0.2;

  /// How well a number is known beside its own chance: edges of boxes, occlusion, share squared.
  private static final double ROUGH = 0.01;

  /// One box can say no more than this.
  private static final double CAP = 25;

  private static final int SHIFTS = 2 * MAX_SHIFT + 1;

  /// @param firstFrame first instant
  /// @param lastFrame last instant
  /// @param by instants by which labels are late
  /// @param boxes boxes that say so
  /// @param tracks their tracks
  /// @param cost squared sigmas as the labels are
  /// @param repaired the same with the numbers of the other instant
  record Stretch(
      int firstFrame, int lastFrame, int by, int boxes, int tracks, double cost, double repaired) {}

  private final Tracks tracks;
  private final BoxPoints points;

  /// Cost of each box at each shift; NaN where the box says nothing.
  private final double[] costs;

  private final List<Stretch> stretches = new ArrayList<>();
  private long judged;

  // Sums of the stretch at hand.
  private final double[] sums = new double[SHIFTS];
  private final Set<Integer> members = new HashSet<>();
  private int boxes;
  private int firstFrame;

  private CountShifts(Tracks tracks, BoxPoints points) {
    this.tracks = tracks;
    this.points = points;
    costs = new double[SHIFTS * tracks.size()];
    Arrays.fill(costs, Double.NaN);
  }

  /// The stretches of a label set whose positions are fixed to the ground.
  static CountShifts of(LabelSet labels, LabelCheck.Context context) {
    BoxPoints points = context.points(labels);
    Tracks tracks = SharedEvidence.of(labels, context).tracks();
    return context
        .shared(labels)
        .get(
            CountShifts.class,
            () -> {
              CountShifts found = new CountShifts(tracks, points);
              if (points.reason() == null && tracks.grounded()) {
                found.find();
              }
              return found;
            });
  }

  private void find() {
    for (int track = 0; track < tracks.count(); track++) {
      cost(tracks.start(track), tracks.end(track));
    }
    LabelFrames frames = tracks.frames();
    begin(0);
    for (int f = 0; f < frames.count(); f++) {
      for (int r = frames.start(f); r < frames.start(f + 1); r++) {
        int i = tracks.indexOf(r);
        if (i >= 0 && !Double.isNaN(costs[i * SHIFTS])) {
          boxes++;
          members.add(tracks.track(i));
          for (int d = 0; d < SHIFTS; d++) {
            sums[d] += costs[i * SHIFTS + d];
          }
        }
      }
      if (tells()) {
        settle(f);
        begin(f + 1);
      }
    }
    rest(frames.count() - 1);
  }

  /// What is left behind the last stretch belongs to it, if it does not say otherwise.
  private void rest(int frame) {
    Stretch last = stretches.isEmpty() ? null : stretches.getLast();
    if (last != null
        && last.lastFrame == firstFrame - 1
        && sums[MAX_SHIFT + last.by] <= sums[MAX_SHIFT]) {
      stretches.set(
          stretches.size() - 1,
          new Stretch(
              last.firstFrame, frame, last.by, last.boxes, last.tracks, last.cost, last.repaired));
    }
  }

  /// Whether the labels of an instant claim the points of another.
  boolean shiftedAt(int frame) {
    for (Stretch stretch : stretches) {
      if (frame >= stretch.firstFrame && frame <= stretch.lastFrame) {
        return true;
      }
    }
    return false;
  }

  /// Boxes that tell how labels and sweeps lie to each other.
  long judged() {
    return judged;
  }

  /// What was found, in order of time.
  List<Stretch> stretches() {
    return stretches;
  }

  private void begin(int frame) {
    Arrays.fill(sums, 0);
    members.clear();
    boxes = 0;
    firstFrame = frame;
  }

  /// Whether what was summed up tells one shift from the others: of some, numbers do not fit.
  private boolean tells() {
    if (boxes < MIN_BOXES || members.size() < MIN_TRACKS) {
      return false;
    }
    double least = Arrays.stream(sums).min().orElse(0);
    double most = Arrays.stream(sums).max().orElse(0);
    return most - least > MIN_GAIN && least < MAX_REMAINING * most;
  }

  private void settle(int frame) {
    judged += boxes;
    int best = MAX_SHIFT;
    for (int d = 0; d < SHIFTS; d++) {
      best = sums[d] < sums[best] ? d : best;
    }
    double cost = sums[MAX_SHIFT];
    double repaired = sums[best];
    if (cost - repaired <= MIN_GAIN || repaired >= MAX_REMAINING * cost) {
      return;
    }
    int by = best - MAX_SHIFT;
    Stretch last = stretches.isEmpty() ? null : stretches.getLast();
    if (last != null && last.by == by && last.lastFrame == firstFrame - 1) {
      stretches.removeLast();
      stretches.add(
          new Stretch(
              last.firstFrame,
              frame,
              by,
              last.boxes + boxes,
              Math.max(last.tracks, members.size()),
              last.cost + cost,
              last.repaired + repaired));
    } else {
      stretches.add(new Stretch(firstFrame, frame, by, boxes, members.size(), cost, repaired));
    }
  }

  /// Compares the numbers of one track's boxes: all that stand for as long as shifts reach.
  private void cost(int start, int end) {
    int[] chosen = new int[Math.max(0, end - start)];
    int n = 0;
    for (int i = start + MAX_SHIFT; i < end - MAX_SHIFT; i++) {
      if (points.seen(tracks.row(i)) && stands(i)) {
        chosen[n++] = i;
      }
    }
    if (n < 2) {
      return;
    }
    double[] off = new double[n];
    double[] sorted = new double[n];
    for (int d = 0; d < SHIFTS; d++) {
      for (int k = 0; k < n; k++) {
        int i = chosen[k];
        off[k] = Math.log((counted(i) + 1.0) / (claimed(i + d - MAX_SHIFT) + 1.0));
        sorted[k] = off[k];
      }
      // Who counts with the foot of a box or without differs by much the same share.
      double usual = Medians.upper(sorted, n);
      for (int k = 0; k < n; k++) {
        int i = chosen[k];
        double variance = 1.0 / (counted(i) + 1) + 1.0 / (claimed(i + d - MAX_SHIFT) + 1) + ROUGH;
        double apart = off[k] - usual;
        costs[i * SHIFTS + d] = Math.min(CAP, apart * apart / variance);
      }
    }
  }

  private int counted(int i) {
    return points.inside(tracks.row(i));
  }

  private int claimed(int i) {
    return tracks.labels().points()[tracks.row(i)];
  }

  /// Whether a box and its neighbours, as far as shifts reach, stand at instants in a row, say how
  /// many points they hold, and hold enough.
  private boolean stands(int i) {
    double sum = 0;
    for (int k = i - MAX_SHIFT; k <= i + MAX_SHIFT; k++) {
      if (claimed(k) < 0 || tracks.frame(k) - tracks.frame(i) != k - i) {
        return false;
      }
      sum += claimed(k);
      double far = STANDING_SPEED * Math.abs(tracks.t[k] - tracks.t[i]);
      double dx = tracks.x[k] - tracks.x[i];
      double dy = tracks.y[k] - tracks.y[i];
      if (dx * dx + dy * dy > far * far) {
        return false;
      }
    }
    return sum >= MIN_POINTS * SHIFTS;
  }
}
