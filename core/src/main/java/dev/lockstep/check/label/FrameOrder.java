package dev.lockstep.check.label;

import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Finds instants whose labels all belong to another instant: exchanged with a neighbour's, rotated
/// among three, repeated, or shifted from some instant on.
///
/// For each hypothesis every track tells how far its boxes lie from its way as the labels stand,
/// and how far if they belong to the other instants. The way is the straight line through the boxes
/// around those in question, so that its error is the same in both readings and cancels; what
/// remains is the product of the step that a box takes and the step that its track takes there. A
/// parked car says nothing, and noise hardly anything.
final class FrameOrder {
  /// Boxes on each side from which a way is taken, and the time that they may span.
  private static final int SIDE = 3;

  private static final double SIDE_SECONDS = 0.65;

  /// Longest shift that is looked for, instants (judged).
  private static final int MAX_SHIFT = 5;

  /// How much better the other reading must be, in squared sigmas (see the rule's page).
  static final double MIN_GAIN = 4;

  /// The same for three instants, which can be put in more orders.
  private static final double MIN_TRIPLE_GAIN = 16;

  /// The same for shifts, which rest on ways that are followed beyond their ends.
  static final double MIN_SHIFT_GAIN = 40;

  /// One track can say no more than this, either way.
  private static final double TRACK_CAP = 400;

  /// What remains in the other reading, of the cost of the labels as they are.
  static final double MAX_REMAINING = 0.5;

  /// The same with what boxes in a row have in common: where a way bends hard, the rest is chance
  /// (measured: 0.97 on the one clean bend).
  private static final double MAX_REMAINING_WHOLE = 0.85;

  /// The same for shifts, whose ways must fit on both sides.
  private static final double MAX_REMAINING_SHIFT = 0.2;

  /// Change of speed over a shift, of the speed, at which a track still says something (judged).
  private static final double MAX_SPEED_CHANGE = 0.3;

  /// Tracks that say clearly that the labels are right, for each that says clearly they are not,
  /// and the same of what they say.
  static final double MAX_OPPOSED = 0.34;

  /// What is a clear word of one track, squared sigmas.
  private static final double CLEAR = 1;

  /// Where one of the boxes in question lies clearly off its way, in variances, and another does
  /// not, of the squared distances: boxes that changed places are all off (judged).
  private static final double CLEAR_OUTLIER = 9;

  private static final double OUTLIER_SHARE = 0.02;

  /// Share of an instant's boxes that repeat those before for the instant to be a repetition.
  static final double STALE_SHARE = 0.8;

  /// Labels are placed to that (measured on interpolated ones; see [Motion] for those by hand).
  private static final double NOISE_METERS = 0.012;

  private static final double NOISE_SHARE = 0.0003;

  /// What a track strays more than this is motion, not noise of its labels: at 2 Hz it bends
  /// between its boxes (judged).
  private static final double MAX_NOISE_METERS = 0.3;

  private static final double UNKNOWN_RANGE_METERS = 30;

  private static final int[][] ORDERS = {{1, 0}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

  /// What happened.
  enum Kind {
    EXCHANGED,
    ROTATED,
    REPEATED,
    SHIFTED
  }

  /// Labels that belong to another instant.
  ///
  /// @param first first instant concerned
  /// @param last last instant concerned; of a shift the first
  /// @param by instants by which they are late, for shifts
  /// @param tracks tracks that say so
  /// @param cost squared sigmas as the labels are
  /// @param repaired the same with the labels where they belong
  record Slip(Kind kind, int first, int last, int by, int tracks, double cost, double repaired) {
    double gain() {
      return cost - repaired;
    }
  }

  /// What was found.
  record Result(List<Slip> slips, List<FrozenRuns.Run> frozen, long examined) {
    /// Whether the labels are shifted from some instant on.
    boolean shifted() {
      return slips.stream().anyMatch(slip -> slip.kind == Kind.SHIFTED);
    }

    /// Whether a slip explains what is odd at an instant.
    boolean explains(int frame) {
      for (Slip slip : slips) {
        if (frame >= slip.first - 1 && frame <= slip.last + 1) {
          return true;
        }
      }
      return false;
    }
  }

  private final Tracks tracks;
  private final Motion motion;
  private final StraightFit way = new StraightFit();
  private final StraightFit behind = new StraightFit();
  private final double[] place = new double[3];
  private final double[] common = new double[3];
  private final List<Slip> candidates = new ArrayList<>();

  // Sums over the tracks of one hypothesis.
  private double cost;
  private double repaired;
  private double gain;
  private int agreed;
  private int opposed;
  private double opposition;

  // The same before what boxes in a row have in common is taken away.
  private double wholeCost;
  private double wholeRepaired;

  private FrameOrder(Tracks tracks, Motion motion) {
    this.tracks = tracks;
    this.motion = motion;
  }

  /// Looks at all instants; finds nothing in images, where a turn of the camera moves all boxes.
  static Result find(Tracks tracks, Motion motion) {
    if (tracks.flat()) {
      return new Result(List.of(), List.of(), 0);
    }
    FrameOrder finder = new FrameOrder(tracks, motion);
    List<FrozenRuns.Run> frozen = new FrozenRuns(tracks, motion).find();
    finder.repeated(frozen);
    long examined = 0;
    int n = tracks.frames().count();
    double[] hints = new double[n + 1];
    for (int f = 0; f < n; f++) {
      examined += finder.instant(f, hints);
    }
    for (int f = 1; f < n - 1; f++) {
      if (hints[f] > 0 || hints[f + 1] > 0) {
        for (int[] order : ORDERS) {
          finder.exchange(f, order);
        }
      }
    }
    List<Slip> slips = finder.settle();
    List<FrozenRuns.Run> single = new ArrayList<>();
    for (FrozenRuns.Run run : frozen) {
      boolean whole = false;
      for (Slip slip : slips) {
        whole |=
            tracks.frame(run.first()) <= slip.last + 1
                && tracks.frame(run.last()) >= slip.first - 1;
      }
      if (!whole) {
        single.add(run);
      }
    }
    return new Result(slips, single, examined);
  }

  /// Noise of a box against its way.
  private double sigma(int index) {
    double range = tracks.range[index];
    double floor =
        NOISE_METERS + NOISE_SHARE * (Double.isNaN(range) ? UNKNOWN_RANGE_METERS : range);
    double spread = motion.spread(tracks.track(index));
    return Math.max(floor, Math.min(MAX_NOISE_METERS, spread));
  }

  /// Tries shifts from an instant on, and notes in `hints` how much its step goes against the way;
  /// gives the number of boxes looked at.
  private int instant(int f, double[] hints) {
    LabelFrames frames = tracks.frames();
    double[] boxes3d = tracks.labels().boxes3d();
    double hint = 0;
    double step = 0;
    int boxes = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i < 0) {
        continue;
      }
      boxes++;
      int track = tracks.track(i);
      int start = tracks.start(track);
      int end = tracks.end(track);
      if (i - 1 >= start && i + 2 < end) {
        // The step from here to the next box against that from the box before to the one behind.
        // As they stand in the labels: where poses are known, these are not yet in question.
        int here = tracks.row(i) * LabelSet.BOX_3D;
        int next = tracks.row(i + 1) * LabelSet.BOX_3D;
        int before = tracks.row(i - 1) * LabelSet.BOX_3D;
        int behindNext = tracks.row(i + 2) * LabelSet.BOX_3D;
        double along =
            (boxes3d[next] - boxes3d[here]) * (boxes3d[behindNext] - boxes3d[before])
                + (boxes3d[next + 1] - boxes3d[here + 1])
                    * (boxes3d[behindNext + 1] - boxes3d[before + 1]);
        double s = sigma(i);
        hint -= Math.clamp(along / (s * s), -TRACK_CAP, TRACK_CAP);
      }
      if (i - 2 >= start && i + 1 < end) {
        double s = sigma(i);
        double first = motion.squaredResidual(i - 2, i - 1, i) / (s * s);
        double second = motion.squaredResidual(i - 1, i, i + 1) / (s * s);
        step += Math.min(TRACK_CAP, Math.max(first, second));
      }
    }
    hints[f] = hint;
    if (step > MIN_SHIFT_GAIN / 2) {
      shifts(f);
    }
    return boxes;
  }

  private void reset() {
    cost = 0;
    repaired = 0;
    gain = 0;
    agreed = 0;
    opposed = 0;
    opposition = 0;
    wholeCost = 0;
    wholeRepaired = 0;
  }

  private void vote(double asTheyAre, double otherwise) {
    double by = Math.clamp(asTheyAre - otherwise, -TRACK_CAP, TRACK_CAP);
    double scale = asTheyAre > TRACK_CAP ? TRACK_CAP / asTheyAre : 1;
    cost += asTheyAre * scale;
    repaired += otherwise * scale;
    gain += by;
    if (by > CLEAR) {
      agreed++;
    } else if (by < -CLEAR) {
      opposed++;
      opposition -= by;
    }
  }

  private boolean convincing(double least, double maxRemaining) {
    return gain > least
        && agreed > 0
        && (opposed <= MAX_OPPOSED * agreed || opposition <= MAX_OPPOSED * gain)
        && repaired < maxRemaining * cost;
  }

  /// The labels of instants `f..` belong to `f + order[i]`.
  private void exchange(int f, int[] order) {
    LabelFrames frames = tracks.frames();
    int n = order.length;
    if (f + n > frames.count()) {
      return;
    }
    reset();
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i < 0) {
        continue;
      }
      int track = tracks.track(i);
      int end = tracks.end(track);
      if (i + n > end || tracks.frame(i + n - 1) != f + n - 1) {
        continue;
      }
      if (!wayAround(i, i + n - 1, track)) {
        continue;
      }
      double s = sigma(i);
      double variance = 2 * s * s * (1 + way.variance((tracks.t[i] + tracks.t[i + n - 1]) / 2));
      double asTheyAre = 0;
      double otherwise = 0;
      clear(common);
      double least = Double.POSITIVE_INFINITY;
      double most = 0;
      for (int k = 0; k < n; k++) {
        double off = off(i + k, f + k, common);
        asTheyAre += off;
        if (order[k] != k) {
          least = Math.min(least, off);
          most = Math.max(most, off);
        }
      }
      if (most > CLEAR_OUTLIER * variance && least < OUTLIER_SHARE * most) {
        // One box alone lies off: a fault of its own.
        continue;
      }
      wholeCost += asTheyAre / variance;
      asTheyAre -= squared(common) / n;
      clear(common);
      for (int k = 0; k < n; k++) {
        otherwise += off(i + k, f + order[k], common);
      }
      wholeRepaired += otherwise / variance;
      otherwise -= squared(common) / n;
      vote(asTheyAre / variance, otherwise / variance);
    }
    if (wholeRepaired < MAX_REMAINING_WHOLE * wholeCost
        && convincing(n == 2 ? MIN_GAIN : MIN_TRIPLE_GAIN, MAX_REMAINING)) {
      candidates.add(
          new Slip(
              n == 2 || order[0] == 2 && order[1] == 1 ? Kind.EXCHANGED : Kind.ROTATED,
              f,
              f + n - 1,
              0,
              agreed,
              cost,
              repaired));
    }
  }

  private static void clear(double[] sums) {
    sums[0] = 0;
    sums[1] = 0;
    sums[2] = 0;
  }

  private static double squared(double[] sums) {
    return sums[0] * sums[0] + sums[1] * sums[1] + sums[2] * sums[2];
  }

  /// Squared distance of a box from the way at an instant, if it is a label of that instant; the
  /// distance is added to `sums`. What boxes in a row have in common is a bend of the way.
  private double off(int index, int frame, double[] sums) {
    double t = tracks.frames().seconds(frame);
    tracks.placeAt(index, frame, place);
    double squared = 0;
    for (int d = 0; d < 3; d++) {
      double apart = place[d] - way.at(d, t);
      sums[d] += apart;
      squared += apart * apart;
    }
    return squared;
  }

  /// Fits the way through the boxes before `first` and behind `last`; `false` if either side lacks
  /// one near in time.
  private boolean wayAround(int first, int last, int track) {
    way.clear();
    int before = 0;
    for (int i = first - 1; i >= tracks.start(track) && before < SIDE; i--) {
      if (tracks.t[first] - tracks.t[i] > SIDE_SECONDS) {
        break;
      }
      way.add(tracks.t[i], tracks.x[i], tracks.y[i], tracks.z[i]);
      before++;
    }
    int after = 0;
    for (int i = last + 1; i < tracks.end(track) && after < before; i++) {
      if (tracks.t[i] - tracks.t[last] > SIDE_SECONDS) {
        break;
      }
      way.add(tracks.t[i], tracks.x[i], tracks.y[i], tracks.z[i]);
      after++;
    }
    if (before == 0 || after == 0) {
      return false;
    }
    way.solve();
    return true;
  }

  /// All labels from `f` on belong to earlier or later instants.
  private void shifts(int f) {
    Slip best = null;
    for (int by = -MAX_SHIFT; by <= MAX_SHIFT; by++) {
      if (by == 0 || f - by < 0 || f - by + SIDE > tracks.frames().count()) {
        continue;
      }
      reset();
      LabelFrames frames = tracks.frames();
      for (int r = frames.start(f); r < frames.start(f + 1); r++) {
        int i = tracks.indexOf(r);
        if (i >= 0) {
          shift(f, by, i);
        }
      }
      if (convincing(MIN_SHIFT_GAIN, MAX_REMAINING_SHIFT) && (best == null || gain > best.gain())) {
        best = new Slip(Kind.SHIFTED, f, f, by, agreed, cost, repaired);
      }
    }
    // One object may brake or be moved by hand; that all do at once is another matter.
    if (best != null && best.tracks > 1) {
      candidates.add(best);
    }
  }

  private void shift(int f, int by, int i) {
    int track = tracks.track(i);
    if (i - SIDE < tracks.start(track)
        || i + SIDE > tracks.end(track)
        || tracks.frame(i - 1) != f - 1
        || tracks.frame(i + SIDE - 1) != f + SIDE - 1
        || tracks.frame(i - SIDE) != f - SIDE) {
      return;
    }
    way.clear();
    for (int k = i - SIDE; k < i; k++) {
      way.add(tracks.t[k], tracks.x[k], tracks.y[k], tracks.z[k]);
    }
    way.solve();
    double asTheyAre = gap(i, f, 0);
    double otherwise = gap(i, f, by);
    // What stood before and moves now comes from the same place at any time.
    double change = 0;
    double speed = 0;
    for (int d = 0; d < 3; d++) {
      change += (behind.speed(d) - way.speed(d)) * (behind.speed(d) - way.speed(d));
      speed += way.speed(d) * way.speed(d) + behind.speed(d) * behind.speed(d);
    }
    if (change > MAX_SPEED_CHANGE * MAX_SPEED_CHANGE * speed / 2) {
      return;
    }
    vote(asTheyAre, otherwise);
  }

  /// Squared distance of the ways before and behind `f` half-way between them, in squared sigmas,
  /// if the labels from there on are late by so many instants.
  private double gap(int i, int f, int by) {
    behind.clear();
    LabelFrames frames = tracks.frames();
    for (int k = 0; k < SIDE; k++) {
      tracks.placeAt(i + k, f + k - by, place);
      behind.add(frames.seconds(f + k - by), place[0], place[1], place[2]);
    }
    behind.solve();
    double middle = (frames.seconds(f - 1) + frames.seconds(f - by)) / 2;
    double squared = 0;
    for (int d = 0; d < 3; d++) {
      double apart = behind.at(d, middle) - way.at(d, middle);
      squared += apart * apart;
    }
    double s = sigma(i);
    double reach = Math.abs(middle - frames.seconds(f - 1)) + SIDE * frames.periodSeconds() / 2;
    double bent = motion.reach(i, reach * reach) / 2;
    return squared / (s * s * (way.variance(middle) + behind.variance(middle)) + bent * bent)
        + (way.residual() + behind.residual()) / (s * s);
  }

  /// Instants all of whose boxes repeat those of the instant before.
  private void repeated(List<FrozenRuns.Run> frozen) {
    LabelFrames frames = tracks.frames();
    int[] proven = new int[frames.count()];
    double[] squares = new double[frames.count()];
    for (FrozenRuns.Run run : frozen) {
      for (int i = run.first(); i <= run.last(); i++) {
        proven[tracks.frame(i)]++;
        double sigmas = run.off() / Math.max(1e-6, run.bound() / FrozenRuns.SIGMAS);
        squares[tracks.frame(i)] += Math.min(TRACK_CAP, sigmas * sigmas);
      }
    }
    for (int f = 1; f < frames.count(); f++) {
      if (proven[f] == 0) {
        continue;
      }
      int common = 0;
      int same = 0;
      for (int r = frames.start(f); r < frames.start(f + 1); r++) {
        int i = tracks.indexOf(r);
        if (i > 0 && i > tracks.start(tracks.track(i)) && tracks.frame(i - 1) == f - 1) {
          common++;
          same += tracks.identical(i - 1, i) ? 1 : 0;
        }
      }
      if (same >= STALE_SHARE * common && (proven[f] > 1 || common == 1)) {
        candidates.add(new Slip(Kind.REPEATED, f, f, 1, proven[f], squares[f], 0));
      }
    }
  }

  /// Accepts the candidates that gain most, each instant once; shifts first, because where one
  /// begins an exchange removes most of the unevenness, too.
  private List<Slip> settle() {
    if (candidates.isEmpty()) {
      // The usual case; comparators are made at run time, which takes longer than the search.
      return new ArrayList<>();
    }
    candidates.sort(
        Comparator.comparing((Slip slip) -> slip.kind != Kind.SHIFTED)
            .thenComparing(Comparator.comparingDouble(Slip::gain).reversed())
            .thenComparingInt(Slip::first)
            .thenComparingInt(Slip::last));
    boolean[] taken = new boolean[tracks.frames().count()];
    List<Slip> slips = new ArrayList<>();
    for (Slip slip : candidates) {
      boolean free = true;
      for (int f = slip.first; f <= slip.last; f++) {
        free &= !taken[f];
      }
      if (free) {
        slips.add(slip);
        // What a shift tears apart looks odd at the instants on both sides.
        int margin = slip.kind == Kind.SHIFTED ? SIDE : 0;
        for (int f = Math.max(0, slip.first - margin);
            f <= Math.min(taken.length - 1, slip.last + margin);
            f++) {
          taken[f] = true;
        }
      }
    }
    slips.sort(Comparator.comparingInt(Slip::first));
    return joined(slips);
  }

  /// Repetitions of one instant in a row are one.
  private static List<Slip> joined(List<Slip> slips) {
    List<Slip> joined = new ArrayList<>();
    for (Slip slip : slips) {
      Slip before = joined.isEmpty() ? null : joined.getLast();
      if (before != null
          && slip.kind == Kind.REPEATED
          && before.kind == Kind.REPEATED
          && slip.first == before.last + 1) {
        joined.set(
            joined.size() - 1,
            new Slip(
                Kind.REPEATED,
                before.first,
                slip.last,
                before.by,
                Math.max(before.tracks, slip.tracks),
                before.cost + slip.cost,
                0));
      } else {
        joined.add(slip);
      }
    }
    return joined;
  }
}
