package dev.lockstep.check.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Stretches of a track whose boxes move to and fro, although the rest of the track is steady, or
/// much more than other tracks of the set do.
///
/// Jitter is measured by fourth differences of places: speed, acceleration and even changes of
/// acceleration vanish in them, so that the limit need not leave room for the motion of objects, at
/// any rate.
final class JitterRuns {
  /// Boxes in a row that are looked at together: one misplaced box spoils five of them.
  private static final int WINDOW = 15;

  /// Boxes by which the ends of a run are found.
  private static final int EDGE = 4;

  /// Share of the run's jitter that four of five of its boxes show.
  private static final double CLEAR_SHARE = 0.6;

  /// Boxes on each side that a fourth difference needs.
  private static final int REACH = 2;

  /// Boxes of the track outside of the window, from which its history is known.
  private static final int MIN_HISTORY = 10;

  /// Jitter against the track's own history, or that of the set: medians of so few boxes of white
  /// noise reach 2.6 (measured).
  static final double MIN_RATIO = 2.5;

  /// Least jitter, and what is added with range: what hands do (measured, see the rule's page).
  static final double MIN_METERS = 0.08;

  /// The same where too little of the track is left to know its history (measured: 0.22 m at 49 m
  /// in one clean track).
  static final double MIN_METERS_UNKNOWN = 0.15;

  private static final double MIN_SHARE = 0.002;
  private static final double UNKNOWN_RANGE_METERS = 30;

  /// Share of what the largest acceleration does between two boxes that may begin or end within the
  /// window (judged).
  private static final double MOTION_SHARE = 0.1;

  /// Of the pairs of neighbours, those that lie on opposite sides of the way: eleven of fourteen
  /// for white noise on average (correlation -2/3), one or two for a bend.
  private static final int MIN_TURNS = 9;

  /// Variance of a fourth difference, in those of a place along one axis, and the median of the
  /// distance in a plane, in deviations.
  private static final double MEDIAN = 1.177 * Math.sqrt(70);

  /// @param first index of the first box
  /// @param last index of the last
  /// @param deviation jitter, meters
  /// @param history jitter of the rest of the track, or of the set, meters
  /// @param bound jitter that was allowed, meters
  /// @param ownHistory whether enough is left of the track to know its history
  record Run(
      int first, int last, double deviation, double history, double bound, boolean ownHistory) {}

  private final Tracks tracks;
  private final Motion motion;
  private final double share;
  private double[] offs = {};
  private double[] whole = {};
  private int wholeCount;
  private double[] sorted = {};
  private double ofSet = Double.NaN;

  JitterRuns(Tracks tracks, Motion motion, LabelLimits limits) {
    share = limits.jitter();
    this.tracks = tracks;
    this.motion = motion;
  }

  /// All of them, in order of tracks and time.
  List<Run> find() {
    List<Run> runs = new ArrayList<>();
    for (int track = 0; track < tracks.count(); track++) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      if (end - start >= WINDOW + 2 * REACH) {
        find(start, end, runs);
      }
    }
    return runs;
  }

  /// Jitter of box `i` by its neighbours, meters; NaN where they are not the next instants.
  private double jitter(int i) {
    if (tracks.frame(i + REACH) - tracks.frame(i - REACH) != 2 * REACH) {
      return Double.NaN;
    }
    double x = fourth(tracks.x, i);
    double y = fourth(tracks.y, i);
    return Math.sqrt(x * x + y * y) / MEDIAN;
  }

  private static double fourth(double[] p, int i) {
    return p[i - 2] + p[i + 2] - 4 * (p[i - 1] + p[i + 1]) + 6 * p[i];
  }

  private void find(int start, int end, List<Run> runs) {
    int n = end - start - 2 * REACH;
    if (offs.length < n) {
      offs = new double[n];
      sorted = new double[n];
    }
    wholeCount = -1;
    // Of most windows, too few boxes lie off for their middle to do so.
    int off = 0;
    for (int k = 0; k < n; k++) {
      offs[k] = jitter(start + REACH + k);
      off += k < WINDOW - 1 && isOff(k) ? 1 : 0;
    }
    int from = -1;
    double deviation = 0;
    double bound = 0;
    int until = -1;
    for (int k = 0; k + WINDOW <= n; k++) {
      off += isOff(k + WINDOW - 1) ? 1 : 0;
      boolean few = off <= WINDOW / 2;
      off -= isOff(k) ? 1 : 0;
      if (few) {
        continue;
      }
      double local = median(offs, k, k + WINDOW);
      int first = start + REACH + k;
      if (!(local > share * MIN_METERS)) {
        continue;
      }
      double allowed = allowed(first + WINDOW / 2, MIN_METERS);
      if (local <= allowed || turns(first) < MIN_TURNS) {
        continue;
      }
      if (from >= 0 && first > until + 1) {
        add(start, end, from, until, deviation, bound, runs);
        from = -1;
      }
      if (from < 0) {
        from = first;
        deviation = 0;
      }
      until = first + WINDOW - 1;
      if (local > deviation) {
        deviation = local;
        bound = allowed;
      }
    }
    if (from >= 0) {
      add(start, end, from, until, deviation, bound, runs);
    }
  }

  private boolean isOff(int k) {
    return offs[k] > share * MIN_METERS;
  }

  private double allowed(int index, double least) {
    double range = tracks.range[index];
    double steps =
        (tracks.t[index] - tracks.t[index - 1]) * (tracks.t[index + 1] - tracks.t[index]);
    return share
        * (least
            + MIN_SHARE * (Double.isNaN(range) ? UNKNOWN_RANGE_METERS : range)
            + MOTION_SHARE * motion.reach(index, steps));
  }

  /// Neighbours from box `first` on that lie on opposite sides of the way.
  private int turns(int first) {
    int turns = 0;
    for (int i = first; i < first + WINDOW - 1; i++) {
      double dot = 0;
      dot += bend(tracks.x, i) * bend(tracks.x, i + 1);
      dot += bend(tracks.y, i) * bend(tracks.y, i + 1);
      turns += dot < 0 ? 1 : 0;
    }
    return turns;
  }

  private double bend(double[] values, int i) {
    double share = (tracks.t[i] - tracks.t[i - 1]) / (tracks.t[i + 1] - tracks.t[i - 1]);
    return values[i] - values[i - 1] - share * (values[i + 1] - values[i - 1]);
  }

  /// Median of some values; NaN where one of them is.
  private double median(double[] values, int from, int to) {
    System.arraycopy(values, from, sorted, 0, to - from);
    Arrays.sort(sorted, 0, to - from);
    return Double.isNaN(sorted[to - from - 1]) ? Double.NaN : sorted[(to - from) / 2];
  }

  /// Adds a run if the rest of the track is steady, or, where hardly any is left, the other tracks
  /// are.
  private void add(
      int start, int end, int first, int last, double deviation, double bound, List<Run> runs) {
    int places = end - start - 2 * REACH;
    int inside =
        measured(Math.max(0, first - start - 2 * REACH), Math.min(places, last - start + 1));
    if (wholeCount < 0) {
      wholeCount = sortWhole(places);
    }
    int n = wholeCount - inside;
    boolean known = n >= MIN_HISTORY;
    double history;
    double most = bound;
    if (known) {
      // Where all boxes of a set are placed by hand, a few that lie well are no history.
      history = Math.max(beside(inside, n / 2), ofSet());
    } else {
      history = ofSet();
      most = allowed((first + last) / 2, MIN_METERS_UNKNOWN);
    }
    most = Math.max(most, share * MIN_RATIO * history);
    if (deviation > most) {
      // The window reaches over both ends; there the boxes are steady.
      int from = first;
      int to = last;
      double clear = Math.max(most, CLEAR_SHARE * deviation);
      while (from < to && !unsteady(from - start - REACH, 1, clear)) {
        from++;
      }
      while (to > from && !unsteady(to - start - REACH, -1, clear)) {
        to--;
      }
      // A fourth difference sees the next box as well as its own.
      if (to - from > 2 * REACH) {
        from++;
        to--;
      }
      runs.add(new Run(from, to, deviation, history, most, known));
    }
  }

  /// Sorts what is known of some places of the track into `sorted`, and returns how much that is.
  private int measured(int from, int to) {
    int n = 0;
    for (int k = from; k < to; k++) {
      if (!Double.isNaN(offs[k])) {
        sorted[n++] = offs[k];
      }
    }
    Arrays.sort(sorted, 0, n);
    return n;
  }

  private int sortWhole(int places) {
    whole = Arrays.copyOf(offs, places);
    Arrays.sort(whole);
    int n = places;
    while (n > 0 && Double.isNaN(whole[n - 1])) {
      n--;
    }
    return n;
  }

  /// Value of a rank of the whole track without the first `inside` of `sorted`. Tracks with many
  /// runs are not sorted anew for each.
  private double beside(int inside, int rank) {
    int low = 0;
    int high = wholeCount - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      double value = whole[middle];
      if (upTo(whole, wholeCount, value) - upTo(sorted, inside, value) > rank) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return whole[low];
  }

  /// How many of some sorted values are no larger.
  private static int upTo(double[] values, int count, double value) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (values[middle] <= value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Whether most boxes from one on jitter.
  private boolean unsteady(int k, int direction, double most) {
    int over = 0;
    for (int j = 0; j < EDGE; j++) {
      int at = k + j * direction;
      over += at >= 0 && at < offs.length && offs[at] > most ? 1 : 0;
    }
    return over >= EDGE - 1;
  }

  /// Median jitter of all boxes of the set.
  private double ofSet() {
    if (!Double.isNaN(ofSet)) {
      return ofSet;
    }
    double[] all = new double[tracks.size()];
    int n = 0;
    for (int track = 0; track < tracks.count(); track++) {
      for (int i = tracks.start(track) + REACH; i < tracks.end(track) - REACH; i++) {
        double jitter = jitter(i);
        if (!Double.isNaN(jitter)) {
          all[n++] = jitter;
        }
      }
    }
    Arrays.sort(all, 0, n);
    ofSet = n == 0 ? 0 : all[n / 2];
    return ofSet;
  }
}
