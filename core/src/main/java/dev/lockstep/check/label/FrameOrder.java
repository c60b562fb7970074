package dev.lockstep.check.label;

import dev.lockstep.model.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

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
  static final int SIDE = 3;

  private static final double SIDE_SECONDS = 1.1;

  /// Longest shift that is looked for, instants (judged).
  static final int MAX_SHIFT = 5;

  /// How much better the other reading must be, in squared sigmas (measured: noise of 0.05 to 0.2 m
  /// gains 5.2 at most in 80,000 instants; see the rule's page).
  static final double MIN_GAIN = 5.5;

  /// How far an exchange must move the labels of an instant, in variances of their noise, to be
  /// told from it: a reader who knew noise and ways exactly would find half of these at one false
  /// finding in 10,000 instants.
  static final double MIN_POWER = 20;

  /// The same where instants lie far apart: there objects move further between them than labels
  /// stray (measured: noise gains 1.7 at most at 2 Hz).
  static final double MIN_GAIN_SLOW = 3;

  private static final double SLOW_SECONDS = 0.3;

  /// The same for three instants, which can be put in more orders.
  private static final double MIN_TRIPLE_GAIN = 16;

  /// The same for shifts, which rest on ways that are followed beyond their ends.
  static final double MIN_SHIFT_GAIN = 40;

  /// One track can say no more than this, either way.
  static final double TRACK_CAP = 400;

  /// What remains in the other reading, of the cost of the labels as they are.
  static final double MAX_REMAINING = 0.5;

  /// The same with what boxes in a row have in common: where a way bends hard, the rest is chance
  /// (measured: 0.97 on the one clean bend).
  private static final double MAX_REMAINING_WHOLE = 0.85;

  /// Tracks that say clearly that the labels are right, for each that says clearly they are not,
  /// and the same of what they say.
  static final double MAX_OPPOSED = 0.34;

  /// Room for what sums in another order differ by.
  static final double SLACK = 1e-6;

  /// Where one of the boxes in question lies clearly off its way, in variances, and another does
  /// not, of the squared distances: boxes that changed places are all off (judged).
  private static final double CLEAR_OUTLIER = 9;

  private static final double OUTLIER_SHARE = 0.02;

  /// Where a way bends, one of two that changed places may lie on it, too; but then hardly anything
  /// remains once they are back (judged).
  private static final double OUTLIER_REMAINING = 0.1;

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
  ///
  /// @param undecided instants whose labels could have been exchanged with the next without a trace
  record Result(List<Slip> slips, List<FrozenRuns.Run> frozen, long examined, int undecided) {
    /// The same without some slips.
    Result without(Predicate<Slip> some) {
      List<Slip> others = slips.stream().filter(slip -> !some.test(slip)).toList();
      return new Result(others, frozen, examined, undecided);
    }

    /// Whether the labels are shifted from some instant on.
    boolean shifted() {
      return slips.stream().anyMatch(slip -> slip.kind == Kind.SHIFTED);
    }

    /// First instant at which labels are shifted, [Integer#MAX_VALUE] if none are.
    int shiftedFrom() {
      return slips.stream()
          .filter(slip -> slip.kind == Kind.SHIFTED)
          .mapToInt(Slip::first)
          .min()
          .orElse(Integer.MAX_VALUE);
    }

    /// Instants at which a slip explains what is odd. Where a shift begins, tracks that have ended
    /// come back for as many instants.
    ///
    /// @param count number of instants
    BitSet explained(int count) {
      BitSet explained = new BitSet(count);
      for (Slip slip : slips) {
        int around = 1 + (slip.kind == Kind.SHIFTED ? Math.abs(slip.by) : 0);
        int from = Math.max(0, slip.first - around);
        explained.set(from, Math.max(from, Math.min(count, slip.last + around + 1)));
      }
      return explained;
    }
  }

  private final Tracks tracks;
  private final Motion motion;
  private final LabelLimits limits;
  private final PlacedBoxes boxes;
  private final StraightFit way = new StraightFit();
  private final Votes votes = new Votes();
  private final ShiftSearch shifts;
  private final double[] place = new double[3];
  private final double[] common = new double[PLANE];
  private final double[] noise = new double[PLANE];
  private final double[] spreads;
  private final double[] sigmas;
  private final FirstSight sight;
  private final PriorityQueue<Candidate> candidates =
      new PriorityQueue<>(
          Order.by((Candidate c) -> c.slip.kind != Kind.SHIFTED)
              .thenComparing(Order.byDouble((Candidate c) -> c.slip.gain()).reversed())
              .thenComparingInt(c -> c.slip.first)
              .thenComparingInt(c -> c.slip.last));

  /// How often each instant was judged; candidates from before the last time are void.
  private final int[] version;

  /// Largest gain of an exchange that begins at each instant.
  private final double[] evident;

  private int undecided;

  private FrameOrder(Tracks tracks, Motion motion, LabelLimits limits) {
    this.tracks = tracks;
    this.limits = limits;
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
    shifts = new ShiftSearch(tracks, motion, limits, boxes, sight, sigmas);
  }

  /// Looks at all instants.
  static Result find(Tracks tracks, Motion motion, LabelLimits limits) {
    if (tracks.flat()) {
      return FlatOrder.find(tracks);
    }
    FrameOrder finder = new FrameOrder(tracks, motion, limits);
    FrozenRuns repeats = new FrozenRuns(tracks, motion);
    List<FrozenRuns.Run> frozen = repeats.find();
    CopiedFrames copied = new CopiedFrames(tracks, motion, repeats);
    for (Slip slip : copied.repeated(frozen)) {
      finder.add(slip, NO_ORDER);
    }
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
    List<Slip> slips = finder.settle(copied.shifted());
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
    return new Result(slips, single, examined, finder.undecided);
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
    double power = 0;
    int boxes = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i < 0) {
        continue;
      }
      boxes++;
      most += sight.most(i);
      hint -= sight.hint(i);
      power += sight.power(i);
      step += sight.step(i);
    }
    hints[f] = hint;
    undecided += f + 1 < frames.count() && power < MIN_POWER ? 1 : 0;
    double minGain = limits.shift() * MIN_SHIFT_GAIN;
    if (step > minGain / 2 && !(most <= minGain - SLACK)) {
      shifts(f);
    }
    return boxes;
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
    votes.clear();
    double wholeCost = 0;
    double wholeRepaired = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i < 0) {
        continue;
      }
      int track = tracks.track(i);
      int end = tracks.end(track);
      if (i + n > end || tracks.frame(i + n - 1) != f + n - 1 || boxes.anyLost(i, n)) {
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
      double weight = Votes.weight(asTheyAre, otherwise);
      wholeCost += whole * weight;
      wholeRepaired += wholeOtherwise * weight;
      votes.add(asTheyAre, otherwise);
    }
    if (wholeRepaired < MAX_REMAINING_WHOLE * wholeCost
        && votes.convincing(
            limits.exchange() * (n == 2 ? minGain() : MIN_TRIPLE_GAIN), MAX_REMAINING)) {
      boolean exchanged = n == 2 || order[0] == 2 && order[1] == 1;
      add(votes.slip(exchanged ? Kind.EXCHANGED : Kind.ROTATED, f, f + n - 1, 0), order);
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
    Slip slip = shifts.at(f);
    if (slip != null) {
      add(slip, NO_ORDER);
    }
  }

  /// Accepts the candidates that gain most, each instant once; shifts first, because where one
  /// begins an exchange removes most of the unevenness, too. What was exchanged is put back before
  /// its neighbours are judged anew.
  ///
  /// @param proven shifts that are known for certain
  private List<Slip> settle(List<Slip> proven) {
    int n = tracks.frames().count();
    boolean[] taken = new boolean[n];
    List<Slip> slips = new ArrayList<>(proven);
    for (Slip slip : proven) {
      Arrays.fill(taken, Math.max(0, slip.first - SIDE), Math.min(n, slip.first + SIDE + 1), true);
    }
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
    slips.sort(Order.byInt(Slip::first));
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
