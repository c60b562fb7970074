package dev.lockstep.check.label;

import dev.lockstep.model.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Finds places where two tracks would both be smoother with their ids exchanged.
///
/// For each pair of near tracks and each step in time two hypotheses are compared over the boxes
/// around the step: the labels as they are, and with the ids exchanged from there on (or for up to
/// three instants). Both use the same boxes, so that noise and hard motion weigh equally on both;
/// the difference of the costs decides.
final class IdentitySwitches {
  /// Boxes on each side of the step that are looked at: the exchange changes the cost of the box
  /// before the step and of the one behind it, each of which rests on its neighbours.
  private static final int SIDE = 2;

  /// Longest exchange whose two ends lie too close together to be judged one by one.
  private static final int SHORT = 3;

  /// How much smoother the exchange must be, in squared sigmas (measured, see the rule's page).
  static final double MIN_GAIN = 40;

  /// The exchange must remove at least this share of the cost: where two objects are hard to follow
  /// in either reading, nothing is claimed (judged).
  static final double MIN_SHARE = 0.5;

  /// What remains after the exchange must itself pass as smooth: four boxes with three positions
  /// and a heading each give 16 squared sigmas on average, and 40 once in a thousand.
  static final double MAX_REMAINING = 40;

  /// Objects further apart than this before the step are not exchanged by mistake (judged; 12 m
  /// apart, and closing at 16 m/s over half a second).
  static final double MAX_DISTANCE_METERS = 20;

  /// The same for 2D boxes, in box heights (judged).
  static final double MAX_DISTANCE_SIZES = 3;

  /// Up to here they may be, where each box behind the step lies nearer to the other object.
  private static final double MAX_CROSSED_METERS = 100;

  /// 2D boxes may be anywhere in the image, if the steps that cross are that much shorter than
  /// those that do not (judged).
  private static final double CROSSED_FLAT = 0.25;

  /// Up to here two boxes stand in one place for all that can be told: an object labelled twice
  /// (judged).
  private static final double SAME_PLACE_SIGMAS = 3;

  /// Boxes that each box of an instant is compared with, in order of x: a bound for files that are
  /// made to be slow; a box of a real street has some hundred within reach.
  private static final int MAX_NEIGHBOURS = 1000;

  /// Longest gap of a track in which its id may have moved.
  private static final int MAX_GAP_FRAMES = 11;

  /// Boxes on either side of a step at which no second exchange is accepted.
  private static final int CLEARANCE = 1;

  private final Tracks tracks;
  private final Motion motion;
  private final int[] window = new int[2 * SIDE + SHORT];
  private final List<Candidate> candidates = new ArrayList<>();
  private final double minGain;

  /// An exchange gains no more than what the steps at its two ends cost both tracks: one of the
  /// four must cost this much.
  private final double minStepCost;

  private long compared;

  private IdentitySwitches(Tracks tracks, Motion motion, double minGain) {
    this.minGain = minGain;
    minStepCost = minGain / 4;
    this.tracks = tracks;
    this.motion = motion;
  }

  /// One exchange of ids.
  ///
  /// @param trackA track of the smaller number
  /// @param trackB the other track
  /// @param firstA index of the first box of A that belongs to the other object
  /// @param firstB the same of B
  /// @param lastA index of the last such box of A
  /// @param lastB the same of B
  /// @param open whether the exchange lasts to the end of a track
  /// @param cost cost of the labels as they are
  /// @param repaired cost with the ids exchanged
  record Switch(
      int trackA,
      int trackB,
      int firstA,
      int firstB,
      int lastA,
      int lastB,
      boolean open,
      double cost,
      double repaired) {}

  private record Candidate(int frame, int a, int b, int length, double cost, double repaired) {
    double gain() {
      return cost - repaired;
    }
  }

  /// What was found.
  ///
  /// @param switches exchanges in order of time
  /// @param compared pairs of tracks and steps that were looked at
  record Result(List<Switch> switches, long compared) {
    /// Boxes, by their index, that an exchange explains: their step from the box in front is an end
    /// of it, or they lie in a short one. A jump in place, size, category or heading there has a
    /// cause.
    BitSet explained(Tracks tracks) {
      BitSet explained = new BitSet();
      for (Switch s : switches) {
        explain(explained, tracks, s.trackA, s.firstA, s.lastA, s.open);
        explain(explained, tracks, s.trackB, s.firstB, s.lastB, s.open);
      }
      return explained;
    }

    private static void explain(
        BitSet explained, Tracks tracks, int track, int first, int last, boolean open) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      explained.set(Math.max(start, first - 1), Math.min(end, first + 2));
      if (!open) {
        int from = last - first < SHORT + 2 ? Math.min(first, last - 1) : last - 1;
        explained.set(Math.max(start, from), Math.min(end, last + 3));
      }
    }
  }

  /// Looks for exchanges in all tracks.
  static Result find(Tracks tracks, Motion motion, LabelLimits limits) {
    IdentitySwitches finder = new IdentitySwitches(tracks, motion, limits.identity() * MIN_GAIN);
    finder.sweep();
    return new Result(finder.settle(), finder.compared);
  }

  /// Goes through the instants and compares all near pairs whose boxes on both sides exist and of
  /// which at least one has a step here that costs something.
  private void sweep() {
    LabelFrames frames = tracks.frames();
    boolean[] costly = costly();
    int[] active = new int[16];
    int[] waiting = new int[16];
    int waitingCount = 0;
    for (int f = 0; f < frames.count(); f++) {
      int n = 0;
      for (int r = frames.start(f); r < frames.start(f + 1); r++) {
        int index = tracks.indexOf(r);
        if (index >= 0 && index + 1 < tracks.end(tracks.track(index))) {
          active = room(active, n);
          active[n++] = index;
        }
      }
      int fresh = n;
      int stillWaiting = 0;
      for (int w = 0; w < waitingCount; w++) {
        int index = waiting[w];
        if (tracks.frame(index + 1) > f) {
          active = room(active, n);
          active[n++] = index;
          waiting[stillWaiting++] = index;
        }
      }
      waitingCount = stillWaiting;
      for (int i = 0; i < fresh; i++) {
        int frameAfter = tracks.frame(active[i] + 1);
        if (frameAfter > f + 1 && frameAfter <= f + MAX_GAP_FRAMES) {
          waiting = room(waiting, waitingCount);
          waiting[waitingCount++] = active[i];
        }
      }
      pairs(f, active, fresh, n, costly);
    }
  }

  private static int[] room(int[] array, int used) {
    return used < array.length ? array : Arrays.copyOf(array, 2 * used);
  }

  /// Boxes with a step behind them whose window costs enough.
  private boolean[] costly() {
    boolean[] costly = new boolean[tracks.size()];
    for (int track = 0; track < tracks.count(); track++) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      double before = 0;
      for (int i = start; i < end - 1; i++) {
        double after = i + 2 < end ? motion.rowCostAtMost(i + 1) : 0;
        double link = motion.linkCost(i, i + 1);
        costly[i] =
            !(link + before + after < minStepCost)
                && link
                        + (i > start ? motion.rowCost(i) : 0)
                        + (i + 2 < end ? motion.rowCost(i + 1) : 0)
                    > minStepCost;
        before = after;
      }
    }
    return costly;
  }

  private void pairs(int frame, int[] active, int fresh, int n, boolean[] costly) {
    boolean any = false;
    for (int i = 0; i < n && !any; i++) {
      any = costly[active[i]];
    }
    int waiting = n - fresh;
    compared += ((long) n * (n - 1) - (long) waiting * (waiting - 1)) / 2;
    if (!any) {
      return;
    }
    double reach = tracks.flat() ? Double.POSITIVE_INFINITY : MAX_CROSSED_METERS;
    long[] order = byX(active, n);
    for (int i = 0; i < n; i++) {
      int at = (int) order[i];
      int a = active[at];
      if (!costly[a]) {
        continue;
      }
      for (int j = i + 1; j <= Math.min(n - 1, i + MAX_NEIGHBOURS); j++) {
        int other = (int) order[j];
        if (tracks.x[active[other]] - tracks.x[a] > reach) {
          break;
        }
        if ((at < fresh || other < fresh) && near(a, active[other])) {
          compare(frame, a, active[other]);
        }
      }
      // Of those on the other side, pairs of two that cost something were compared above.
      for (int j = i - 1; j >= Math.max(0, i - MAX_NEIGHBOURS); j--) {
        int other = (int) order[j];
        int b = active[other];
        if (tracks.x[a] - tracks.x[b] > reach) {
          break;
        }
        if ((at < fresh || other < fresh) && !costly[b] && near(a, b)) {
          compare(frame, a, b);
        }
      }
    }
  }

  private boolean near(int a, int b) {
    double apart = distance(a, b);
    if (tracks.flat()) {
      return apart <= MAX_DISTANCE_SIZES * Math.max(tracks.dimension(a, 1), tracks.dimension(b, 1))
          || crossed(a, b) < CROSSED_FLAT;
    }
    if (apart < SAME_PLACE_SIGMAS * Math.max(motion.sigma(a), motion.sigma(b))) {
      return false;
    }
    return apart <= MAX_DISTANCE_METERS || apart <= MAX_CROSSED_METERS && crossed(a, b) < 1;
  }

  /// How much shorter both steps are if the ids are exchanged: the share that is left.
  private double crossed(int a, int b) {
    return (distance(a, b + 1) + distance(b, a + 1)) / (distance(a, a + 1) + distance(b, b + 1));
  }

  private double distance(int a, int b) {
    double dx = tracks.x[a] - tracks.x[b];
    double dy = tracks.y[a] - tracks.y[b];
    return Math.sqrt(dx * dx + dy * dy);
  }

  /// Places in `active`, ordered by x: the sort key holds x, its low half the place.
  private long[] byX(int[] active, int n) {
    long[] order = new long[n];
    for (int i = 0; i < n; i++) {
      int bits = Float.floatToIntBits((float) tracks.x[active[i]]);
      bits ^= (bits >> 31) & 0x7FFFFFFF;
      order[i] = ((long) bits << 32) | i;
    }
    Arrays.sort(order);
    return order;
  }

  /// Compares the hypotheses for tracks A and B behind boxes `a` and `b`.
  private void compare(int frame, int a, int b) {
    int trackA = tracks.track(a);
    int trackB = tracks.track(b);
    if (trackA > trackB) {
      compare(frame, b, a);
      return;
    }
    int beforeA = Math.min(SIDE, a - tracks.start(trackA) + 1);
    int beforeB = Math.min(SIDE, b - tracks.start(trackB) + 1);
    if (!ordered(a, b)) {
      return;
    }
    Candidate best = null;
    for (int length = 0; length <= SHORT; length++) {
      int endA = tracks.end(trackA) - a - 1;
      int endB = tracks.end(trackB) - b - 1;
      int behindA = Math.min(SIDE + length, endA);
      int behindB = Math.min(SIDE + length, endB);
      if (length > 0 && (behindA <= length || behindB <= length || !aligned(a, b, length))) {
        continue;
      }
      if (beforeA + behindA < 3 && beforeB + behindB < 3) {
        continue;
      }
      double cost = cost(a, beforeA, a, behindA, 0, a) + cost(b, beforeB, b, behindB, 0, b);
      // Behind a lasting exchange stands the other's tail, behind a short one the own one again.
      int behindHeadA = length == 0 ? behindB : behindA;
      int behindHeadB = length == 0 ? behindA : behindB;
      double repaired =
          cost(a, beforeA, b, behindHeadA, length, a) + cost(b, beforeB, a, behindHeadB, length, b);
      if (cost - repaired > minGain
          && repaired < (1 - MIN_SHARE) * cost
          && repaired < MAX_REMAINING
          && (best == null || cost - repaired > best.gain())) {
        best = new Candidate(frame, a, b, length, cost, repaired);
      }
    }
    if (best != null) {
      candidates.add(best);
    }
  }

  /// Whether each track's boxes behind the step lie later than the other's before it.
  private boolean ordered(int a, int b) {
    return tracks.t[b + 1] > tracks.t[a] && tracks.t[a + 1] > tracks.t[b];
  }

  /// Whether the boxes to be exchanged stand at the same instants.
  private boolean aligned(int a, int b, int length) {
    for (int i = 0; i <= length; i++) {
      if (tracks.frame(a + i) != tracks.frame(b + i)) {
        return false;
      }
    }
    return true;
  }

  /// Cost of `before` boxes up to `head`, then `behind` boxes: `length` (or, for 0, all) of those
  /// behind `tail`, and the rest of those behind `home`.
  private double cost(int head, int before, int tail, int behind, int length, int home) {
    int n = 0;
    for (int i = head - before + 1; i <= head; i++) {
      window[n++] = i;
    }
    for (int i = 1; i <= behind; i++) {
      window[n++] = length == 0 || i <= length ? tail + i : home + i;
    }
    return motion.cost(window, n);
  }

  /// Accepts the candidates that gain most, one for each place, and joins an exchange with the one
  /// that takes it back.
  private List<Switch> settle() {
    if (candidates.isEmpty()) {
      return new ArrayList<>();
    }
    candidates.sort(
        Order.byDouble(Candidate::gain)
            .reversed()
            .thenComparingInt(Candidate::frame)
            .thenComparingInt(Candidate::a)
            .thenComparingInt(Candidate::b));
    boolean[] taken = new boolean[tracks.size()];
    List<Candidate> accepted = new ArrayList<>();
    for (Candidate c : candidates) {
      if (free(taken, c.a, c.length) && free(taken, c.b, c.length)) {
        take(taken, c.a, c.length);
        take(taken, c.b, c.length);
        accepted.add(c);
      }
    }
    accepted.sort(
        Order.<Candidate>byInt(c -> tracks.track(c.a))
            .thenComparingInt(c -> tracks.track(c.b))
            .thenComparingInt(Candidate::frame));
    List<Switch> switches = new ArrayList<>();
    for (int i = 0; i < accepted.size(); i++) {
      Candidate c = accepted.get(i);
      if (c.length > 0) {
        switches.add(closed(c, c.a + c.length, c.b + c.length, c.cost, c.repaired));
        continue;
      }
      Candidate back = i + 1 < accepted.size() ? accepted.get(i + 1) : null;
      if (back != null
          && back.length == 0
          && tracks.track(back.a) == tracks.track(c.a)
          && tracks.track(back.b) == tracks.track(c.b)) {
        switches.add(closed(c, back.a, back.b, c.cost + back.cost, c.repaired + back.repaired));
        i++;
      } else {
        switches.add(open(c));
      }
    }
    switches.sort(
        Order.<Switch>byInt(s -> tracks.frame(s.firstA))
            .thenComparingInt(Switch::trackA)
            .thenComparingInt(Switch::trackB));
    return switches;
  }

  private Switch closed(Candidate c, int lastA, int lastB, double cost, double repaired) {
    return new Switch(
        tracks.track(c.a),
        tracks.track(c.b),
        c.a + 1,
        c.b + 1,
        lastA,
        lastB,
        false,
        cost,
        repaired);
  }

  private Switch open(Candidate c) {
    int trackA = tracks.track(c.a);
    int trackB = tracks.track(c.b);
    return new Switch(
        trackA,
        trackB,
        c.a + 1,
        c.b + 1,
        tracks.end(trackA) - 1,
        tracks.end(trackB) - 1,
        true,
        c.cost,
        c.repaired);
  }

  private boolean free(boolean[] taken, int box, int length) {
    int track = tracks.track(box);
    int from = Math.max(tracks.start(track), box - CLEARANCE);
    int to = Math.min(tracks.end(track) - 1, box + length + CLEARANCE);
    for (int i = from; i <= to; i++) {
      if (taken[i]) {
        return false;
      }
    }
    return true;
  }

  private static void take(boolean[] taken, int box, int length) {
    for (int i = box; i <= box + length; i++) {
      taken[i] = true;
    }
  }
}
