package dev.lockstep.check.label;

import dev.lockstep.check.label.FrameOrder.Kind;
import dev.lockstep.check.label.FrameOrder.Slip;
import java.util.ArrayList;
import java.util.List;

/// Finds instants whose labels are copies, to the last bit, of those of an earlier instant.
///
/// That is known from the numbers alone: boxes that come back to the last bit after they were
/// elsewhere were not labelled there. It does not matter how evenly their objects move, and the
/// noise of the labels makes it more certain, not less.
final class CopiedFrames {
  /// Share of an instant's boxes that repeat those before for the instant to be a repetition.
  static final double STALE_SHARE = 0.8;

  /// Boxes that must have come back for a shift.
  private static final int MIN_RETURNED = 2;

  private final Tracks tracks;
  private final Motion motion;
  private final FrozenRuns repeats;

  CopiedFrames(Tracks tracks, Motion motion, FrozenRuns repeats) {
    this.tracks = tracks;
    this.motion = motion;
    this.repeats = repeats;
  }

  /// What is known of the boxes of each instant.
  private static final class Counts {
    /// Boxes that repeat the one before and are known to lie off their way.
    private final int[] proven;

    /// Boxes in a row of the last of them.
    private final int[] provenLength;

    /// Boxes that repeat the one before, but no other does around them.
    private final int[] lonely;

    /// How far they move once the repetition is over, and what would show that they did not rest.
    private final double[] jumps;

    private final double[] needed;

    /// First instant of these repetitions and how many they are; -1 where they differ, so that they
    /// are no copy of whole instants.
    private final int[] first;

    private final int[] length;

    Counts(int frames) {
      first = new int[frames];
      length = new int[frames];
      proven = new int[frames];
      provenLength = new int[frames];
      lonely = new int[frames];
      jumps = new double[frames];
      needed = new double[frames];
    }
  }

  /// Instants all of whose boxes repeat those of the instant before.
  ///
  /// @param frozen boxes that are known to be copies
  List<Slip> repeated(List<FrozenRuns.Run> frozen) {
    List<Slip> slips = new ArrayList<>();
    if (repeats.repeated().isEmpty()) {
      return slips;
    }
    int n = tracks.frames().count();
    Counts counts = new Counts(n);
    boolean[] stale = new boolean[n];
    for (FrozenRuns.Run run : frozen) {
      for (int i = run.first(); i <= run.last(); i++) {
        counts.proven[tracks.frame(i)]++;
        counts.provenLength[tracks.frame(i)] = run.last() - run.first() + 1;
      }
    }
    countLonely(counts);
    for (int f = 1; f < n; f++) {
      stale[f] = counts.proven[f] + counts.lonely[f] > 0 && repeats(f, counts);
    }
    int[] telling = new int[n];
    double[] squares = new double[n];
    for (FrozenRuns.Run run : frozen) {
      // A box that stands still longer than all others is at fault itself.
      double sigmas = run.off() / Math.max(1e-6, run.bound() / FrozenRuns.SIGMAS);
      for (int i = run.first(); allStale(stale, run.first(), run.last()) && i <= run.last(); i++) {
        telling[tracks.frame(i)]++;
        squares[tracks.frame(i)] += Math.min(FrameOrder.TRACK_CAP, sigmas * sigmas);
      }
    }
    for (int f = 1; f < n; f++) {
      if (stale[f] && wholeLonely(f, counts) && telling[f] < counts.lonely[f]) {
        telling[f] = counts.lonely[f];
        squares[f] = Math.max(squares[f], cost(f));
      }
      if (telling[f] > 0) {
        slips.add(new Slip(Kind.REPEATED, f, f, 1, telling[f], squares[f], 0));
      }
    }
    return slips;
  }

  private boolean allStale(boolean[] stale, int first, int last) {
    boolean all = true;
    for (int i = first; i <= last; i++) {
      all &= stale[tracks.frame(i)];
    }
    return all;
  }

  /// Counts boxes that repeat the one before although their tracks move before and behind.
  private void countLonely(Counts counts) {
    for (FrozenRuns.Lonely run : repeats.lonely()) {
      int begin = tracks.frame(run.first());
      int boxes = run.last() - run.first() + 1;
      for (int f = begin; f < begin + boxes; f++) {
        boolean differs =
            counts.lonely[f] > 0 && (counts.first[f] != begin || counts.length[f] != boxes);
        counts.first[f] = differs ? -1 : begin;
        counts.length[f] = boxes;
        counts.lonely[f]++;
        if (!Double.isNaN(run.jump()) && !Double.isNaN(run.needed())) {
          counts.jumps[f] += run.jump();
          counts.needed[f] += run.needed();
        }
      }
    }
  }

  /// Whether an instant repeats the boxes before; that some of them should have moved is known.
  private boolean repeats(int f, Counts counts) {
    LabelFrames frames = tracks.frames();
    int common = 0;
    int same = 0;
    int unjudged = 0;
    int moving = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i > 0 && i > tracks.start(tracks.track(i)) && tracks.frame(i - 1) == f - 1) {
        common++;
        if (repeats.repeated().get(i)) {
          same++;
        } else if (repeats.step(i - 1) >= FrozenRuns.MIN_STEP_METERS) {
          moving++;
        }
        unjudged += repeats.unjudged(i) ? 1 : 0;
      }
    }
    if (same < STALE_SHARE * common) {
      return false;
    }
    int proven = counts.proven[f];
    int lonely = counts.lonely[f];
    // The only box for several instants is a frozen box as well.
    boolean only = proven == 1 && common == 1 + unjudged && counts.provenLength[f] == 1;
    if (proven > 1 || only) {
      return true;
    }
    return (lonely > 1 || lonely == common && counts.length[f] == 1)
        && lonely >= STALE_SHARE * (lonely + moving)
        && wholeLonely(f, counts);
  }

  /// Whether the lonely boxes of an instant are one fault, and do not rest.
  private static boolean wholeLonely(int f, Counts counts) {
    return counts.first[f] >= 0 && counts.needed[f] > 0 && counts.jumps[f] >= counts.needed[f];
  }

  /// How far the boxes of an instant lie from where their tracks go on, squared sigmas.
  private double cost(int f) {
    LabelFrames frames = tracks.frames();
    double cost = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i > 0 && repeats.repeated().get(i) && i + 1 < tracks.end(tracks.track(i))) {
        double sigmas = repeats.step(i) / motion.sigma(i);
        cost += Math.min(FrameOrder.TRACK_CAP, sigmas * sigmas);
      }
    }
    return cost;
  }

  /// Instants from which on labels come late by two or more instants: they begin with copies of as
  /// many instants before.
  List<Slip> shifted() {
    List<Slip> slips = new ArrayList<>();
    int n = tracks.frames().count();
    int[] returned = new int[FrameOrder.MAX_SHIFT + 1];
    int[] inRow = new int[FrameOrder.MAX_SHIFT + 1];
    for (int f = 2; f < n; f++) {
      for (int by = 2; by <= Math.min(f, FrameOrder.MAX_SHIFT); by++) {
        int back = returned(f, by);
        if (back == 0) {
          inRow[by] = 0;
          returned[by] = 0;
          continue;
        }
        inRow[by]++;
        returned[by] += back;
        if (inRow[by] == by && returned[by] >= MIN_RETURNED) {
          int first = f - by + 1;
          slips.add(new Slip(Kind.SHIFTED, first, first, by, back, cost(first, by), 0));
        }
      }
    }
    return slips;
  }

  /// Boxes that stand where they stood some instants before, but not in between, if they are all
  /// that could; otherwise 0.
  private int returned(int f, int by) {
    LabelFrames frames = tracks.frames();
    int rows = frames.start(f + 1) - frames.start(f);
    int common = 0;
    int same = 0;
    int returned = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      int j = i < 0 ? -1 : before(i, f - by);
      if (j < 0) {
        continue;
      }
      common++;
      if (tracks.identical(j, i)) {
        same++;
        returned +=
            repeats.step(j) >= FrozenRuns.MIN_STEP_METERS
                    && repeats.step(i - 1) >= FrozenRuns.MIN_STEP_METERS
                ? 1
                : 0;
      } else if (common - same > (1 - STALE_SHARE) * rows) {
        return 0;
      }
    }
    return same >= STALE_SHARE * common ? returned : 0;
  }

  /// Box of the same track at an earlier instant, or -1.
  private int before(int i, int frame) {
    int start = tracks.start(tracks.track(i));
    int j = i;
    while (j > start && tracks.frame(j) > frame) {
      j--;
    }
    return tracks.frame(j) == frame ? j : -1;
  }

  private double cost(int f, int by) {
    LabelFrames frames = tracks.frames();
    double cost = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      int j = i < 0 ? -1 : before(i, f - by);
      if (j >= 0 && j < i) {
        double sigmas = repeats.step(i - 1) / motion.sigma(i);
        cost += Math.min(FrameOrder.TRACK_CAP, sigmas * sigmas);
      }
    }
    return cost;
  }
}
