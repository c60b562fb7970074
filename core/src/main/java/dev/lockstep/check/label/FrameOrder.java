package dev.lockstep.check.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

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

  private static final double SIDE_SECONDS = 1.1;

  /// Longest shift that is looked for, instants (judged).
  private static final int MAX_SHIFT = 5;

  /// How much better the other reading must be, in squared sigmas (see the rule's page).
  static final double MIN_GAIN = 4;

  /// The same where instants lie far apart: there objects move further between them than labels
  /// stray (measured: noise gains 1.7 at most at 2 Hz).
  static final double MIN_GAIN_SLOW = 3;

  private static final double SLOW_SECONDS = 0.3;

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

  /// Room for what sums in another order differ by.
  private static final double SLACK = 1e-6;

  /// What is a clear word of one track, squared sigmas.
  private static final double CLEAR = 1;

  /// Where one of the boxes in question lies clearly off its way, in variances, and another does
  /// not, of the squared distances: boxes that changed places are all off (judged).
  private static final double CLEAR_OUTLIER = 9;

  private static final double OUTLIER_SHARE = 0.02;

  /// Where a way bends, one of two that changed places may lie on it, too; but then hardly anything
  /// remains once they are back (judged).
  private static final double OUTLIER_REMAINING = 0.1;

  /// Share of an instant's boxes that repeat those before for the instant to be a repetition.
  static final double STALE_SHARE = 0.8;

  /// Labels are placed to that (measured on interpolated ones; see [Motion] for those by hand).
  private static final double NOISE_METERS = 0.012;

  private static final double NOISE_SHARE = 0.0003;

  /// What a track strays more than this is motion, not noise of its labels: at 2 Hz it bends
  /// between its boxes (judged).
  private static final double MAX_NOISE_METERS = 0.3;

  private static final double UNKNOWN_RANGE_METERS = 30;

  /// Exchanges are judged in the plane: a vehicle that nods moves all that is far up and down.
  private static final int PLANE = 2;

  /// How much more a track may stray from a way that is known on one side of it only, in variances
  /// (judged).
  private static final double ONE_SIDED = 2;

  /// Up to here a reading fits a track, squared sigmas (judged).
  private static final double FITS = 9;

  /// How much more an exchange must gain than a shift beside it to explain it (judged).
  private static final double EVIDENT = 2;

  /// Instants on either side of an exchange that are judged anew once it is put back.
  private static final int REACH = SIDE + 2;

  private static final int[] NO_ORDER = {};

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

  private record Candidate(Slip slip, int[] order, int version) {}

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
  private final PlacedBoxes boxes;
  private final StraightFit way = new StraightFit();
  private final StraightFit behind = new StraightFit();
  private final ShiftedTracks shiftable = new ShiftedTracks();
  private final double[] place = new double[3];
  private final double[] common = new double[PLANE];
  private final double[] noise = new double[PLANE];
  private final double[] spreads;
  private final double[] sigmas;
  private final FirstSight sight;
  private final PriorityQueue<Candidate> candidates =
      new PriorityQueue<>(
          Comparator.comparing((Candidate c) -> c.slip.kind != Kind.SHIFTED)
              .thenComparing(Comparator.comparingDouble((Candidate c) -> c.slip.gain()).reversed())
              .thenComparingInt(c -> c.slip.first)
              .thenComparingInt(c -> c.slip.last));

  /// How often each instant was judged; candidates from before the last time are void.
  private final int[] version;

  /// Largest gain of an exchange that begins at each instant.
  private final double[] evident;

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
    boxes = new PlacedBoxes(tracks);
    version = new int[tracks.frames().count()];
    evident = new double[version.length];
    spreads = new double[PLANE * tracks.count()];
    Arrays.fill(spreads, Double.NaN);
    sigmas = new double[tracks.size()];
    for (int track = 0; track < tracks.count(); track++) {
      double spread = Math.min(MAX_NOISE_METERS, motion.spread(track));
      for (int i = tracks.start(track); i < tracks.end(track); i++) {
        sigmas[i] = Math.max(floor(i), spread);
      }
    }
    sight = new FirstSight(tracks, motion, TRACK_CAP, MAX_SHIFT).look(sigmas);
  }

  /// Looks at all instants; finds nothing in images, where a turn of the camera moves all boxes.
  static Result find(Tracks tracks, Motion motion) {
    if (tracks.flat()) {
      return new Result(List.of(), List.of(), 0);
    }
    FrameOrder finder = new FrameOrder(tracks, motion);
    FrozenRuns repeats = new FrozenRuns(tracks, motion);
    List<FrozenRuns.Run> frozen = repeats.find();
    finder.repeated(repeats, frozen);
    long examined = 0;
    int n = tracks.frames().count();
    double[] hints = new double[n + 1];
    for (int f = 0; f < n; f++) {
      examined += finder.instant(f, hints);
    }
    for (int f = 1; f < n - 1; f++) {
      if (hints[f] > 0 || hints[f + 1] > 0) {
        finder.exchanges(f);
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
    return sigmas[index];
  }

  private double floor(int index) {
    double range = tracks.range[index];
    return NOISE_METERS + NOISE_SHARE * (Double.isNaN(range) ? UNKNOWN_RANGE_METERS : range);
  }

  /// The same along each axis, in `noise`: objects often move evenly along one of them only.
  private void noises(int index) {
    int at = PLANE * tracks.track(index);
    if (Double.isNaN(spreads[at])) {
      motion.spreads(tracks.track(index), spreads, at);
    }
    double floor = floor(index);
    for (int d = 0; d < PLANE; d++) {
      noise[d] = Math.max(floor, Math.min(MAX_NOISE_METERS, spreads[at + d]));
    }
  }

  /// Tries shifts from an instant on, and notes in `hints` how much its step goes against the way;
  /// gives the number of boxes looked at.
  private int instant(int f, double[] hints) {
    LabelFrames frames = tracks.frames();
    double hint = 0;
    double step = 0;
    double most = 0;
    int boxes = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i < 0) {
        continue;
      }
      boxes++;
      most += sight.most(i);
      hint -= sight.hint(i);
      step += sight.step(i);
    }
    hints[f] = hint;
    if (step > MIN_SHIFT_GAIN / 2 && !(most <= MIN_SHIFT_GAIN - SLACK)) {
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
    // Where neither reading is smooth, something else is wrong with the track.
    double weight = weight(asTheyAre, otherwise);
    double by = gain(asTheyAre, otherwise);
    double scale = asTheyAre > TRACK_CAP ? weight * TRACK_CAP / asTheyAre : weight;
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

  private static double gain(double asTheyAre, double otherwise) {
    return Math.clamp(asTheyAre - otherwise, -TRACK_CAP, TRACK_CAP) * weight(asTheyAre, otherwise);
  }

  private static double weight(double asTheyAre, double otherwise) {
    return 1 / (1 + Math.min(asTheyAre, otherwise) / FITS);
  }

  private boolean convincing(double least, double maxRemaining) {
    return gain > least
        && agreed > 0
        && (opposed <= MAX_OPPOSED * agreed || opposition <= MAX_OPPOSED * gain)
        && repaired < maxRemaining * cost;
  }

  private void exchanges(int f) {
    for (int[] order : ORDERS) {
      exchange(f, order);
    }
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
      if (i + n > end || tracks.frame(i + n - 1) != f + n - 1 || isLost(i, n)) {
        continue;
      }
      double spread = wayAround(i, n, track);
      if (Double.isNaN(spread)) {
        continue;
      }
      noises(i);
      double asTheyAre = 0;
      double otherwise = 0;
      clear(common);
      double least = Double.POSITIVE_INFINITY;
      double most = 0;
      for (int k = 0; k < n; k++) {
        double off = off(i + k, f + k, common) / spread;
        asTheyAre += off;
        if (order[k] != k) {
          least = Math.min(least, off);
          most = Math.max(most, off);
        }
      }
      double whole = asTheyAre;
      asTheyAre -= squared(common) / (n * spread);
      clear(common);
      for (int k = 0; k < n; k++) {
        otherwise += off(i + k, f + order[k], common) / spread;
      }
      double wholeOtherwise = otherwise;
      otherwise -= squared(common) / (n * spread);
      if (most > CLEAR_OUTLIER
          && least < OUTLIER_SHARE * most
          && otherwise > OUTLIER_REMAINING * asTheyAre) {
        // One box alone lies off: a fault of its own.
        continue;
      }
      double weight = weight(asTheyAre, otherwise);
      wholeCost += whole * weight;
      wholeRepaired += wholeOtherwise * weight;
      vote(asTheyAre, otherwise);
    }
    if (wholeRepaired < MAX_REMAINING_WHOLE * wholeCost
        && convincing(n == 2 ? minGain() : MIN_TRIPLE_GAIN, MAX_REMAINING)) {
      boolean exchanged = n == 2 || order[0] == 2 && order[1] == 1;
      add(
          new Slip(
              exchanged ? Kind.EXCHANGED : Kind.ROTATED, f, f + n - 1, 0, agreed, cost, repaired),
          order);
    }
  }

  private double minGain() {
    return tracks.frames().periodSeconds() > SLOW_SECONDS ? MIN_GAIN_SLOW : MIN_GAIN;
  }

  private void add(Slip slip, int[] order) {
    candidates.add(new Candidate(slip, order, version[slip.first]));
    if (slip.kind == Kind.EXCHANGED) {
      evident[slip.first] = Math.max(evident[slip.first], slip.gain());
    }
  }

  private boolean isLost(int first, int n) {
    for (int i = first; i < first + n; i++) {
      if (boxes.isLost(i)) {
        return true;
      }
    }
    return false;
  }

  private static void clear(double[] sums) {
    sums[0] = 0;
    sums[1] = 0;
  }

  private static double squared(double[] sums) {
    return sums[0] * sums[0] + sums[1] * sums[1];
  }

  /// Squared distance of a box from the way at an instant, if it is a label of that instant, in
  /// squares of the noise; the distance is added to `sums`. What boxes in a row have in common is a
  /// bend of the way.
  private double off(int index, int frame, double[] sums) {
    double t = tracks.frames().seconds(frame);
    boxes.at(index, frame, place);
    double squared = 0;
    for (int d = 0; d < PLANE; d++) {
      double apart = (place[d] - way.at(d, t)) / noise[d];
      sums[d] += apart;
      squared += apart * apart;
    }
    return squared;
  }

  /// Fits the way through the boxes before and behind `n` boxes from `first` on; where a track
  /// begins or ends with them, through those on one side and the middle of the `n`, which is the
  /// same in any order. Gives the variance of distances from it, in those of a place; NaN where
  /// there are no boxes near in time.
  private double wayAround(int first, int n, int track) {
    int last = first + n - 1;
    way.clear();
    int before = 0;
    for (int i = first - 1; i >= tracks.start(track) && before < SIDE; i--) {
      if (tracks.t[first] - tracks.t[i] > SIDE_SECONDS) {
        break;
      }
      boxes.add(i, way);
      before += boxes.isLost(i) ? 0 : 1;
    }
    int most = before == 0 ? SIDE : before;
    int after = 0;
    for (int i = last + 1; i < tracks.end(track) && after < most; i++) {
      if (tracks.t[i] - tracks.t[last] > SIDE_SECONDS) {
        break;
      }
      boxes.add(i, way);
      after += boxes.isLost(i) ? 0 : 1;
    }
    if (before + after == 0) {
      return Double.NaN;
    }
    if (before == 0 || after == 0) {
      boxes.addMiddle(first, n, way);
    }
    way.solve();
    double variance = 2 * (1 + way.variance((tracks.t[first] + tracks.t[last]) / 2));
    return before == 0 || after == 0 ? ONE_SIDED * variance : variance;
  }

  /// All labels from `f` on belong to earlier or later instants.
  private void shifts(int f) {
    findShiftable(f);
    if (shiftable.most <= MIN_SHIFT_GAIN - SLACK) {
      return;
    }
    Slip best = null;
    for (int by = -MAX_SHIFT; by <= MAX_SHIFT; by++) {
      if (by == 0 || f - by < 0 || f - by + SIDE > tracks.frames().count() || !mayGain(f, by)) {
        continue;
      }
      reset();
      for (int k = 0; k < shiftable.count; k++) {
        // All are known by now.
        double otherwise = otherwise(k, f, by);
        if (otherwise >= 0) {
          vote(shiftable.asTheyAre[k], otherwise);
        }
      }
      if (convincing(MIN_SHIFT_GAIN, MAX_REMAINING_SHIFT) && (best == null || gain > best.gain())) {
        best = new Slip(Kind.SHIFTED, f, f, by, agreed, cost, repaired);
      }
    }
    // One object may brake or be moved by hand; that all do at once is another matter.
    if (best != null && best.tracks > 1) {
      add(best, NO_ORDER);
    }
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
      if (i - SIDE < tracks.start(track)
          || i + SIDE > tracks.end(track)
          || tracks.frame(i - 1) != f - 1
          || tracks.frame(i + SIDE - 1) != f + SIDE - 1
          || tracks.frame(i - SIDE) != f - SIDE
          || isLost(i - SIDE, 2 * SIDE)) {
        continue;
      }
      double dx = tracks.x[i - 1] - tracks.x[i - SIDE];
      double dy = tracks.y[i - 1] - tracks.y[i - SIDE];
      shiftable.add(i, boxes.asGiven() ? sight.most(i) : TRACK_CAP, dx * dx + dy * dy);
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
      most += (otherwise < 0 ? 0 : gain(shiftable.asTheyAre[k], otherwise)) - shiftable.bound[k];
      if (most <= MIN_SHIFT_GAIN - SLACK) {
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
    for (int b = i - SIDE; b < i; b++) {
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
    for (int k = 0; k < SIDE; k++) {
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
    double s = sigma(i);
    double reach = Math.abs(middle - frames.seconds(f - 1)) + SIDE * frames.periodSeconds() / 2;
    double bent = motion.reach(i, reach * reach) / 2;
    return squared / (s * s * (before.variance(middle) + behind.variance(middle)) + bent * bent)
        + (before.residual() + behind.residual()) / (s * s);
  }

  /// Instants all of whose boxes repeat those of the instant before.
  private void repeated(FrozenRuns repeats, List<FrozenRuns.Run> frozen) {
    LabelFrames frames = tracks.frames();
    int[] proven = new int[frames.count()];
    double[] squares = new double[frames.count()];
    boolean[] stale = new boolean[frames.count()];
    for (FrozenRuns.Run run : frozen) {
      for (int i = run.first(); i <= run.last(); i++) {
        proven[tracks.frame(i)]++;
      }
    }
    for (int f = 1; f < stale.length; f++) {
      stale[f] = proven[f] > 0 && repeats(f, proven[f], repeats);
    }
    Arrays.fill(proven, 0);
    for (FrozenRuns.Run run : frozen) {
      // A box that stands still longer than all others is at fault itself.
      boolean whole = true;
      for (int i = run.first(); i <= run.last(); i++) {
        whole &= stale[tracks.frame(i)];
      }
      double sigmas = run.off() / Math.max(1e-6, run.bound() / FrozenRuns.SIGMAS);
      for (int i = run.first(); whole && i <= run.last(); i++) {
        proven[tracks.frame(i)]++;
        squares[tracks.frame(i)] += Math.min(TRACK_CAP, sigmas * sigmas);
      }
    }
    for (int f = 1; f < stale.length; f++) {
      if (proven[f] > 0) {
        add(new Slip(Kind.REPEATED, f, f, 1, proven[f], squares[f], 0), NO_ORDER);
      }
    }
  }

  /// Whether an instant repeats the boxes before; that so many of them should have moved is known.
  private boolean repeats(int f, int proven, FrozenRuns repeats) {
    LabelFrames frames = tracks.frames();
    int common = 0;
    int same = 0;
    int unjudged = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i > 0 && i > tracks.start(tracks.track(i)) && tracks.frame(i - 1) == f - 1) {
        common++;
        same += tracks.identical(i - 1, i) ? 1 : 0;
        unjudged += repeats.unjudged(i) ? 1 : 0;
      }
    }
    return same >= STALE_SHARE * common && (proven > 1 || common == proven + unjudged);
  }

  /// Accepts the candidates that gain most, each instant once; shifts first, because where one
  /// begins an exchange removes most of the unevenness, too. What was exchanged is put back before
  /// its neighbours are judged anew.
  private List<Slip> settle() {
    int n = tracks.frames().count();
    boolean[] taken = new boolean[n];
    List<Slip> slips = new ArrayList<>();
    for (Candidate best = candidates.poll(); best != null; best = candidates.poll()) {
      Slip slip = best.slip;
      if (best.version != version[slip.first]
          || anyTaken(taken, slip.first, slip.last)
          || isTornByExchange(slip)) {
        continue;
      }
      slips.add(slip);
      // What a shift tears apart looks odd at the instants on both sides.
      int margin = slip.kind == Kind.SHIFTED ? SIDE : 0;
      Arrays.fill(
          taken, Math.max(0, slip.first - margin), Math.min(n, slip.last + margin + 1), true);
      if (best.order.length > 0) {
        boxes.putBack(slip.first, best.order);
        for (int f = Math.max(1, slip.first - REACH);
            f <= Math.min(n - 2, slip.last + REACH);
            f++) {
          if (!taken[f]) {
            version[f]++;
            evident[f] = 0;
            shifts(f);
            exchanges(f);
          }
        }
      }
    }
    slips.sort(Comparator.comparingInt(Slip::first));
    return joined(slips);
  }

  private static boolean anyTaken(boolean[] taken, int first, int last) {
    for (int f = first; f <= last; f++) {
      if (taken[f]) {
        return true;
      }
    }
    return false;
  }

  /// Whether a shift is nothing but the unevenness that a far more evident exchange beside it
  /// causes.
  private boolean isTornByExchange(Slip slip) {
    if (slip.kind == Kind.SHIFTED) {
      int last = Math.min(evident.length - 1, slip.first + SIDE - 1);
      for (int f = Math.max(0, slip.first - SIDE - 1); f <= last; f++) {
        if (evident[f] > EVIDENT * slip.gain()) {
          return true;
        }
      }
    }
    return false;
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
