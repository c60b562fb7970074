package dev.lockstep.check.label;

import dev.lockstep.model.Order;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds instants whose boxes are all off their ways as if the whole instant had been moved, turned
/// or scaled: by far less than a single box must be to be told.
///
/// How far each box lies aside is measured against the smooth way of its own track, and four
/// numbers (two of a move, a turn, a scale) are fitted to all of them. Chance leaves most of the
/// unevenness in place; a wrong pose or calibration leaves none. What a frame that moves with the
/// sensor does by itself, a small turn about the vehicle and a small move, is taken off first: a
/// turn about anything else is none of it. Where several of four instants in a row are wrong, each
/// way leads through the others; what was found is put back before the next are judged.
final class CommonShift {
  /// What may remain of the unevenness, in squares (judged).
  private static final double MAX_REMAINING = 0.15;

  /// Share of the smallest shift by which boxes must be off their ways to be looked at: where two
  /// instants in a row are off, half of it.
  private static final double LEAST_OFF = 0.45;

  private static final int SPAN = 4;

  /// Which of four instants in a row are wrong, the first among them, by bits, simple ones first.
  private static final int[] PATTERNS = {0b1, 0b11, 0b101, 0b1001, 0b111, 0b1011, 0b1101};

  /// Share of the unevenness at two instants in a row from which on it is a leap (judged; two
  /// shifts against each other make 0.9).
  private static final double LEAP = 0.93;

  /// Instants of which some are taken for wrong: the first, and the others by bits from it on.
  ///
  /// @param cost what remains, more for more instants
  private record Candidate(int from, int pattern, double cost) {}

  private final Tracks tracks;
  private final Motion motion;
  private final double share;
  private final ShiftFit[] fits = new ShiftFit[3];

  /// Instants that may be off, and of which nothing was found yet.
  private final BitSet off = new BitSet();

  /// Places, with what was found put back.
  private double[] x;

  private double[] y;
  private boolean copied;

  private CommonShift(Tracks tracks, Motion motion, LabelLimits limits) {
    this.tracks = tracks;
    this.motion = motion;
    share = limits.place();
    x = tracks.x;
    y = tracks.y;
    for (int i = 0; i < fits.length; i++) {
      fits[i] = new ShiftFit(tracks, motion, limits);
    }
  }

  /// All such instants, in order.
  static List<ShiftFit.Shift> find(Tracks tracks, Motion motion, LabelLimits limits) {
    CommonShift search = new CommonShift(tracks, motion, limits);
    List<ShiftFit.Shift> found = search.find();
    found.sort(Order.byInt(ShiftFit.Shift::frame));
    return found;
  }

  private List<ShiftFit.Shift> find() {
    look();
    List<ShiftFit.Shift> found = new ArrayList<>();
    // What is put back lets others be seen.
    int had = -1;
    while (found.size() > had) {
      had = found.size();
      accept(candidates(), found);
    }
    return found;
  }

  private List<Candidate> candidates() {
    List<Candidate> candidates = new ArrayList<>();
    for (int f = off.nextSetBit(0); f >= 0; f = off.nextSetBit(f + 1)) {
      for (int pattern : PATTERNS) {
        List<ShiftFit.Shift> shifts = judge(f, pattern);
        if (!shifts.isEmpty()) {
          // Each instant that may be off makes it easier to explain the rest.
          double cost = shifts.size() * shifts.getFirst().remaining();
          candidates.add(new Candidate(f, pattern, cost));
        }
      }
    }
    candidates.sort(
        Order.byDouble(Candidate::cost)
            .thenComparingInt(Candidate::from)
            .thenComparingInt(Candidate::pattern));
    return candidates;
  }

  /// Takes those that explain most, and puts them back, each where no other was near.
  private void accept(List<Candidate> candidates, List<ShiftFit.Shift> found) {
    BitSet touched = new BitSet();
    for (Candidate candidate : candidates) {
      int first = Math.max(0, candidate.from - ShiftFit.SIDE);
      int end = candidate.from + SPAN + ShiftFit.SIDE;
      int next = touched.nextSetBit(first);
      if (next < 0 || next >= end) {
        touched.set(first, end);
        List<ShiftFit.Shift> shifts = judge(candidate.from, candidate.pattern);
        putBack(shifts.size());
        shifts.forEach(shift -> off.clear(shift.frame()));
        found.addAll(shifts);
      }
    }
  }

  /// Notes the instants whose boxes are off the ways between their neighbours at all. Track by
  /// track, so that the numbers are read one after the other.
  private void look() {
    int n = tracks.frames().count();
    int[] judged = new int[n];
    double[] squares = new double[n];
    for (int track = 0; track < tracks.count(); track++) {
      for (int i = tracks.start(track) + 1; i < tracks.end(track) - 1; i++) {
        int f = tracks.frame(i);
        judged[f]++;
        squares[f] += motion.squaredBend(i);
      }
    }
    double least = share * LEAST_OFF * ShiftFit.LEAST_METERS;
    for (int f = 0; f < n; f++) {
      boolean most = judged[f] >= ShiftFit.MIN_BOXES && squares[f] >= judged[f] * least * least;
      off.set(f, most && fits[0].bends(f, least));
    }
  }

  /// Whether an instant is one of the wrong ones.
  static boolean isIn(int pattern, int from, int frame) {
    int bit = frame - from;
    return bit >= 0 && bit < SPAN && (pattern >> bit & 1) != 0;
  }

  private List<ShiftFit.Shift> judge(int from, int pattern) {
    if (from + 31 - Integer.numberOfLeadingZeros(pattern) >= tracks.frames().count()) {
      return List.of();
    }
    int n = 0;
    int last = from;
    for (int f = from; f < from + SPAN; f++) {
      if (isIn(pattern, from, f)) {
        // In the middle of several that are off as one, ways between neighbours look straight.
        boolean end = f == from || pattern >> (f - from) == 1;
        if (end && !off.get(f)) {
          return List.of();
        }
        if (!fits[n++].fit(f, from, pattern, x, y)) {
          return List.of();
        }
        last = f;
      }
    }
    double cost = 0;
    double left = 0;
    for (int k = 0; k < n; k++) {
      for (int j = 0; j < fits[k].count(); j++) {
        int i = fits[k].used(j);
        if (i >= 0) {
          // Each box of an instant counts with the bends on both sides of it.
          cost += unevenness(i, 0);
          left += unevenness(i, n);
        }
      }
    }
    if (!(left <= MAX_REMAINING * cost) || n > 1 && isLeap(n, from, last)) {
      return List.of();
    }
    List<ShiftFit.Shift> shifts = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      ShiftFit.@Nullable Shift found = fits[k].shift(left / cost);
      if (found == null) {
        return List.of();
      }
      shifts.add(found);
    }
    return shifts;
  }

  /// Whether hardly anything but the bends at two instants in a row is uneven: ways that leap
  /// between them, and go on from there.
  private boolean isLeap(int n, int from, int last) {
    double[] uneven = new double[last - from + 3];
    double all = 0;
    for (int k = 0; k < n; k++) {
      for (int j = 0; j < fits[k].count(); j++) {
        int at = fits[k].used(j);
        for (int i = at - 1; at >= 0 && i <= at + 1; i++) {
          if (motion.hasBend(i)) {
            double bend = bend(i, 0);
            uneven[tracks.frame(i) - from + 1] += bend;
            all += bend;
          }
        }
      }
    }
    for (int f = 0; f + 1 < uneven.length; f++) {
      if (uneven[f] + uneven[f + 1] > LEAP * all) {
        return true;
      }
    }
    return false;
  }

  /// Squared distances of a box and of those beside it from the ways between their neighbours, with
  /// the first `n` fits put back.
  private double unevenness(int i, int n) {
    double sum = 0;
    for (int k = i - 1; k <= i + 1; k++) {
      sum += motion.hasBend(k) ? bend(k, n) : 0;
    }
    return sum;
  }

  private double bend(int k, int n) {
    double part = (tracks.t[k] - tracks.t[k - 1]) / (tracks.t[k + 1] - tracks.t[k - 1]);
    double bx = x[k] - (1 - part) * x[k - 1] - part * x[k + 1];
    double by = y[k] - (1 - part) * y[k - 1] - part * y[k + 1];
    for (int w = 0; w < n; w++) {
      for (int m = k - 1; m <= k + 1; m++) {
        if (tracks.frame(m) == fits[w].frame()) {
          double much = m == k ? 1 : m < k ? part - 1 : -part;
          double[] shift = fits[w].place(m);
          bx -= much * shift[0];
          by -= much * shift[1];
        }
      }
    }
    return bx * bx + by * by;
  }

  private void putBack(int n) {
    if (!copied) {
      x = x.clone();
      y = y.clone();
      copied = true;
    }
    LabelFrames frames = tracks.frames();
    for (int k = 0; k < n; k++) {
      for (int r = frames.start(fits[k].frame()); r < frames.start(fits[k].frame() + 1); r++) {
        int i = tracks.indexOf(r);
        if (i >= 0) {
          double[] shift = fits[k].place(i);
          x[i] -= shift[0];
          y[i] -= shift[1];
        }
      }
    }
  }
}
