package dev.lockstep.check.label;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Boxes that stand still to the last bit while their object moves on: the same numbers as the box
/// before, and the track goes on before and behind as if it had never stopped.
final class FrozenRuns {
  /// Boxes on each side from which the way is taken.
  private static final int SIDE = 3;

  /// Boxes on each side among which they are looked for.
  private static final int REACH = 5;

  /// Boxes that must be known on each side.
  private static final int MIN_SIDE = 2;

  /// What moves less cannot be told from rounding (effective-fault rule of the benchmark is 0.1 m).
  static final double MIN_METERS = 0.05;

  /// How far off its way the box must be, in sigmas.
  static final double SIGMAS = 4;

  /// The way must fit the boxes around: their distance from it, of that of the frozen box. An
  /// object that stops and starts has a way that fits nothing.
  static final double MAX_MISFIT = 0.35;

  /// @param track track
  /// @param first index of the first box that repeats the one before
  /// @param last index of the last
  /// @param off furthest that one is from where it should be
  /// @param bound how far it might be
  record Run(int track, int first, int last, double off, double bound) {}

  private final Tracks tracks;
  private final Motion motion;
  private final StraightFit fit = new StraightFit();
  private final double[] spreads = new double[2];
  private final BitSet unjudged = new BitSet();
  private final BitSet repeated = new BitSet();

  FrozenRuns(Tracks tracks, Motion motion) {
    this.tracks = tracks;
    this.motion = motion;
  }

  /// All of them, track by track.
  List<Run> find() {
    List<Run> runs = new ArrayList<>();
    for (int track = 0; track < tracks.count(); track++) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      for (int i = start + 1; i < end; i++) {
        if (!tracks.identical(i - 1, i)) {
          continue;
        }
        int last = i;
        while (last + 1 < end && tracks.identical(i, last + 1)) {
          last++;
        }
        repeated.set(i, last + 1);
        Run run = judge(track, start, end, i, last);
        if (run != null) {
          runs.add(run);
        }
        i = last;
      }
    }
    return runs;
  }

  private @Nullable Run judge(int track, int start, int end, int first, int last) {
    Run run = judge(track, start, end, first, last, last + 1);
    // Where labels come late, the next box may be that of the instant before.
    return run != null ? run : judge(track, start, end, first, last, last + 2);
  }

  private @Nullable Run judge(int track, int start, int end, int first, int last, int next) {
    fit.clear();
    int before = 0;
    for (int i = first - 1; i >= start && before < SIDE && i >= first - REACH; i--) {
      before += add(i, start);
    }
    int behind = 0;
    for (int i = next; i < end && behind < SIDE && i <= last + REACH; i++) {
      behind += add(i, start);
    }
    if (before < MIN_SIDE || behind < MIN_SIDE) {
      unjudged.set(first, last + 1, next == last + 1 || unjudged.get(first));
      return null;
    }
    fit.solve();
    double off = 0;
    for (int i = first; i <= last; i++) {
      double dx = tracks.x[i] - fit.at(0, tracks.t[i]);
      double dy = tracks.y[i] - fit.at(1, tracks.t[i]);
      off = Math.max(off, Math.sqrt(dx * dx + dy * dy));
    }
    motion.spreads(track, spreads, 0);
    double bound = Math.max(MIN_METERS, SIGMAS * Math.max(spreads[0], spreads[1]));
    double misfit = Math.sqrt(fit.residual() / (before + behind));
    return off > bound && misfit < MAX_MISFIT * off
        ? new Run(track, first, last, off, bound)
        : null;
  }

  /// Adds a box to the way, unless it repeats the one before and may stand still itself.
  private int add(int i, int start) {
    if (i > start && tracks.identical(i - 1, i)) {
      return 0;
    }
    // On the ground plane: a vehicle that nods moves all that is far up and down.
    fit.add(tracks.t[i], tracks.x[i], tracks.y[i], 0);
    return 1;
  }

  /// Boxes that repeat the one before of their track, whatever the reason.
  BitSet repeated() {
    return repeated;
  }

  /// Whether box `i` repeats the one before, but has too few neighbours to tell whether it should.
  boolean unjudged(int i) {
    return unjudged.get(i);
  }
}
