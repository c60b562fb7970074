package dev.lockstep.check.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Stretches of a track whose boxes move to and fro, although the rest of the track is steady.
final class JitterRuns {
  /// Boxes in a row that are looked at together.
  private static final int WINDOW = 9;

  /// Boxes of the track outside of the window, from which its history is known.
  private static final int MIN_HISTORY = 10;

  /// Jitter against the track's own history.
  static final double MIN_RATIO = 4;

  /// Least jitter, and what is added with range: what hands do (measured, see the rule's page).
  static final double MIN_METERS = 0.08;

  private static final double MIN_SHARE = 0.002;
  private static final double UNKNOWN_RANGE_METERS = 30;

  /// Of the pairs of neighbours, those that lie on opposite sides of the way: six of eight for
  /// white noise on average (correlation -2/3), one or two for a bend.
  private static final int MIN_TURNS = 5;

  /// Median distance of a box from the middle of its neighbours, in deviations of white noise in a
  /// plane: 1.177 times the root of 1.5.
  private static final double MEDIAN = 1.44;

  /// @param first index of the first box
  /// @param last index of the last
  /// @param deviation jitter, meters
  /// @param history jitter of the rest of the track, meters
  /// @param bound jitter that was allowed, meters
  record Run(int first, int last, double deviation, double history, double bound) {}

  private final Tracks tracks;
  private final Motion motion;
  private double[] offs = {};
  private double[] sorted = {};

  JitterRuns(Tracks tracks, Motion motion) {
    this.tracks = tracks;
    this.motion = motion;
  }

  /// All of them, in order of tracks and time.
  List<Run> find() {
    List<Run> runs = new ArrayList<>();
    for (int track = 0; track < tracks.count(); track++) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      if (end - start >= WINDOW + MIN_HISTORY + 2) {
        find(start, end, runs);
      }
    }
    return runs;
  }

  private void find(int start, int end, List<Run> runs) {
    int n = end - start - 2;
    if (offs.length < n) {
      offs = new double[n];
      sorted = new double[n];
    }
    // Of most windows, too few boxes lie off for their middle to do so.
    int off = 0;
    for (int k = 0; k < n; k++) {
      offs[k] = Math.sqrt(motion.squaredBend(start + k + 1));
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
      int middle = start + 1 + k + WINDOW / 2;
      double allowed = allowed(middle);
      if (local / MEDIAN <= allowed || turns(start + 1 + k) < MIN_TURNS) {
        continue;
      }
      if (from >= 0 && start + 1 + k > until + 1) {
        add(start, end, from, until, deviation, bound, runs);
        from = -1;
      }
      if (from < 0) {
        from = start + 1 + k;
        deviation = 0;
      }
      until = start + k + WINDOW;
      if (local / MEDIAN > deviation) {
        deviation = local / MEDIAN;
        bound = allowed;
      }
    }
    if (from >= 0) {
      add(start, end, from, until, deviation, bound, runs);
    }
  }

  private boolean isOff(int k) {
    return !(offs[k] / MEDIAN <= MIN_METERS);
  }

  private double allowed(int index) {
    double range = tracks.range[index];
    double steps =
        (tracks.t[index] - tracks.t[index - 1]) * (tracks.t[index + 1] - tracks.t[index]);
    return MIN_METERS
        + MIN_SHARE * (Double.isNaN(range) ? UNKNOWN_RANGE_METERS : range)
        + motion.reach(index, steps) / MEDIAN;
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

  private double median(double[] values, int from, int to) {
    System.arraycopy(values, from, sorted, 0, to - from);
    Arrays.sort(sorted, 0, to - from);
    return sorted[(to - from) / 2];
  }

  /// Adds a run if the rest of the track is steady.
  private void add(
      int start, int end, int first, int last, double deviation, double bound, List<Run> runs) {
    int n = 0;
    for (int i = start + 1; i < end - 1; i++) {
      if (i < first - 1 || i > last + 1) {
        sorted[n++] = offs[i - start - 1];
      }
    }
    if (n < MIN_HISTORY) {
      return;
    }
    Arrays.sort(sorted, 0, n);
    double history = sorted[n / 2] / MEDIAN;
    if (deviation > MIN_RATIO * history) {
      double most = Math.max(bound, MIN_RATIO * history);
      // The window reaches over both ends; there the boxes are steady.
      int from = first;
      int to = last;
      while (from < to && offs[from - start - 1] < most) {
        from++;
      }
      while (to > from && offs[to - start - 1] < most) {
        to--;
      }
      runs.add(new Run(from, to, deviation, history, most));
    }
  }
}
