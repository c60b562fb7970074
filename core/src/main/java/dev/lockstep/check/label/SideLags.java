package dev.lockstep.check.label;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Stretches in which the 2D boxes of labels fit the 3D boxes of other instants better than their
/// own.
final class SideLags {
  static final int MAX_LAG = 3;
  static final double WINDOW_SECONDS = 2.5;
  static final int MIN_BOXES = 15;
  static final int MIN_WINDOWS = 2;

  /// Overlap that another instant has to gain (measured: in clean labels it never does).
  static final double MIN_GAIN = 0.015;

  /// The same of one window alone (judged).
  static final double STRONG_GAIN = 0.045;

  /// So many boxes of a window tell, also of one track alone, where another instant gains that much
  /// and fits that well (judged; a box that passes a quarter of its width in one instant).
  static final int FEW_BOXES = 8;

  static final double CLEAR_GAIN = 0.2;
  private static final double CLEAR_FIT = 0.85;

  /// Overlap that it has to reach: otherwise both are wrong (judged).
  private static final double MIN_FIT = 0.75;

  private static final double MARGIN_PIXELS = 4;
  private static final double MIN_TRACKS = 2;

  /// A stretch.
  ///
  /// @param firstFrame first instant
  /// @param lastFrame last instant
  /// @param boxes boxes that tell
  /// @param lag how many instants late the 2D boxes are
  /// @param own overlap with the 3D boxes of the same instants
  /// @param other overlap with those of the instants that they fit
  record Run(int firstFrame, int lastFrame, int boxes, int lag, double own, double other) {
    /// What the other instants gain.
    double gain() {
      return other - own;
    }
  }

  private final List<Run> runs = new ArrayList<>();
  private int decided;

  private SideLags() {}

  /// The stretches of a label set, found once.
  static SideLags of(LabelSet labels, LabelCheck.Context context) {
    SideFit fit = SideFit.of(labels, context);
    return context
        .shared(labels)
        .get(
            SideLags.class,
            () -> {
              SideLags lags = new SideLags();
              if (fit.reason() == null && labels.trackCount() > 0) {
                lags.find(labels, fit, LabelFrames.of(labels));
              }
              return lags;
            });
  }

  /// What was found.
  List<Run> runs() {
    return runs;
  }

  /// Boxes of the windows that could be judged.
  int decided() {
    return decided;
  }

  private void find(LabelSet labels, SideFit fit, LabelFrames frames) {
    int[][] rows = rows(labels, frames);
    List<Run> open = new ArrayList<>();
    for (int from = 0; from < frames.count(); ) {
      int to = from + 1;
      while (to < frames.count() && frames.seconds(to) - frames.seconds(from) < WINDOW_SECONDS) {
        to++;
      }
      Run window = window(labels, fit, frames, rows, from, to);
      from = to;
      if (window.boxes == 0) {
        // Nothing tells, or nothing moves.
        continue;
      }
      boolean lags = window.lag != 0;
      if (!open.isEmpty() && (!lags || open.getLast().lag != window.lag)) {
        close(open);
      }
      if (lags) {
        open.add(window);
      }
    }
    close(open);
  }

  /// Rows of each track by instant: `[track]` holds rows at `frame - first`.
  private static int[][] rows(LabelSet labels, LabelFrames frames) {
    int[][] rows = new int[labels.trackCount()][];
    for (int track = 0; track < rows.length; track++) {
      int start = labels.trackStart(track);
      int end = labels.trackStart(track + 1);
      int first = end > start ? frames.frameOf(labels.trackRows()[start]) : 0;
      int last = end > start ? frames.frameOf(labels.trackRows()[end - 1]) : 0;
      int[] at = new int[first < 0 ? 1 : last - first + 2];
      Arrays.fill(at, -1);
      at[0] = first;
      for (int i = start; i < end; i++) {
        int frame = frames.frameOf(labels.trackRows()[i]);
        if (first >= 0 && frame >= first) {
          at[1 + frame - first] = labels.trackRows()[i];
        }
      }
      rows[track] = at;
    }
    return rows;
  }

  private Run window(
      LabelSet labels, SideFit fit, LabelFrames frames, int[][] rows, int from, int to) {
    double[] sums = new double[2 * MAX_LAG + 1];
    Set<Integer> tracks = new HashSet<>();
    int[] telling = new int[frames.start(to) - frames.start(from)];
    int n = 0;
    for (int row = frames.start(from); row < frames.start(to); row++) {
      int track = labels.tracks()[row];
      if (track < 0 || !fit.whole(row, MARGIN_PIXELS)) {
        continue;
      }
      double[] own = new double[sums.length];
      boolean all = true;
      for (int lag = -MAX_LAG; lag <= MAX_LAG && all; lag++) {
        int at = 1 + frames.frameOf(row) - lag - rows[track][0];
        int other = at >= 1 && at < rows[track].length ? rows[track][at] : -1;
        all = other >= 0 && fit.has(other);
        own[lag + MAX_LAG] = all ? fit.overlap(row, other) : 0;
      }
      if (all) {
        telling[n++] = row;
        tracks.add(track);
        for (int i = 0; i < sums.length; i++) {
          sums[i] += own[i];
        }
      }
    }
    int best = MAX_LAG;
    for (int i = 0; i < sums.length; i++) {
      best = sums[i] > sums[best] ? i : best;
    }
    boolean enough = n >= MIN_BOXES && tracks.size() >= MIN_TRACKS;
    decided += enough ? n : 0;
    double least = Arrays.stream(sums).min().orElse(0);
    enough &= sums[best] - least >= MIN_GAIN * n;
    double gain = sums[best] - sums[MAX_LAG];
    boolean clear = n >= FEW_BOXES && gain >= CLEAR_GAIN * n && sums[best] >= CLEAR_FIT * n;
    boolean lags =
        (enough || clear)
            && sums[best] >= MIN_FIT * n
            && gain >= MIN_GAIN * n
            && fit.movedOverlap(Arrays.copyOf(telling, n)) < sums[best] / n;
    enough |= lags;
    return new Run(
        from,
        to - 1,
        enough ? n : 0,
        lags ? best - MAX_LAG : 0,
        n == 0 ? 0 : sums[MAX_LAG] / n,
        n == 0 ? 0 : sums[best] / n);
  }

  private void close(List<Run> open) {
    boolean strong = open.size() == 1 && open.getFirst().gain() >= STRONG_GAIN;
    if (open.size() >= MIN_WINDOWS || strong) {
      int boxes = open.stream().mapToInt(Run::boxes).sum();
      double own = open.stream().mapToDouble(r -> r.own * r.boxes).sum() / boxes;
      double other = open.stream().mapToDouble(r -> r.other * r.boxes).sum() / boxes;
      runs.add(
          new Run(
              open.getFirst().firstFrame,
              open.getLast().lastFrame,
              boxes,
              open.getFirst().lag,
              own,
              other));
    }
    open.clear();
  }
}
