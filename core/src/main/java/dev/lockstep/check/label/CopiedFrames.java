package dev.lockstep.check.label;

import dev.lockstep.check.label.FrameOrder.Kind;
import dev.lockstep.check.label.FrameOrder.Slip;
import dev.lockstep.model.LabelSet;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.ArrayList;

/// Finds instants whose labels are copies, to the last bit, of those of an earlier instant.
///
/// That is known from the numbers alone: boxes that come back to the last bit after they were
/// elsewhere were not labelled there. It does not matter how evenly their objects move, and the
/// noise of the labels makes it more certain, not less.
final class CopiedFrames {
  /// Share of an instant's boxes that repeat those before for the instant to be a repetition.
  static final double STALE_SHARE = 0.8;

  /// A step that no rounding makes: who copies a box because its object stands does not label it
  /// anew by as little, either (judged).
  private static final double MIN_STEP_METERS = 0.01;

  /// Steps out of a repetition, of those around it, that show that objects did not rest: those of
  /// an object that stops and starts evenly are half as long, those of one that never stopped twice
  /// as long, and those of one that hardly moves in noise as long (judged between the first two).
  private static final double MIN_JUMP = 0.75;

  /// What each further instant of the repetition adds to it; it would be 1 for those that never
  /// stopped (judged).
  private static final double MIN_JUMP_MORE = 0.4;

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

    /// Boxes that repeat the one before, but no other does around them.
    private final int[] lonely;

    /// How far they move once the repetition is over, and what would show that they did not rest.
    private final double[] jumps;

    private final double[] needed;

    Counts(int frames) {
      proven = new int[frames];
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
      if (stale[f] && telling[f] < counts.lonely[f]) {
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
    BitSet repeated = repeats.repeated();
    for (int first = repeated.nextSetBit(0); first >= 0; ) {
      int track = tracks.track(first);
      int last = first;
      while (last + 1 < tracks.end(track) && repeated.get(last + 1)) {
        last++;
      }
      countLonely(counts, track, first, last);
      first = repeated.nextSetBit(last + 1);
    }
  }

  private void countLonely(Counts counts, int track, int first, int last) {
    double before = first - 2 >= tracks.start(track) ? step(first - 2) : Double.NaN;
    double jump = last + 1 < tracks.end(track) ? step(last) : Double.NaN;
    double behind = last + 2 < tracks.end(track) ? step(last + 1) : Double.NaN;
    if (before < MIN_STEP_METERS
        || jump < MIN_STEP_METERS
        || Double.isNaN(before) && Double.isNaN(jump)
        || tracks.frame(last) - tracks.frame(first - 1) != last - first + 1) {
      return;
    }
    double around =
        Double.isNaN(before) ? behind : Double.isNaN(behind) ? before : (before + behind) / 2;
    double needed = around * (MIN_JUMP + MIN_JUMP_MORE * (last - first));
    for (int i = first; i <= last; i++) {
      int f = tracks.frame(i);
      counts.lonely[f]++;
      if (!Double.isNaN(jump) && !Double.isNaN(needed)) {
        counts.jumps[f] += jump;
        counts.needed[f] += needed;
      }
    }
  }

  /// Distance of box `i` from the next of its track, as the labels have them.
  private double step(int i) {
    return apart(i, i + 1);
  }

  private double apart(int i, int j) {
    double[] boxes = tracks.labels().boxes3d();
    int a = tracks.row(i) * LabelSet.BOX_3D;
    int b = tracks.row(j) * LabelSet.BOX_3D;
    double x = boxes[b] - boxes[a];
    double y = boxes[b + 1] - boxes[a + 1];
    double z = boxes[b + 2] - boxes[a + 2];
    return Math.sqrt(x * x + y * y + z * z);
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
        } else if (step(i - 1) >= MIN_STEP_METERS) {
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
    if (proven > 1 || proven > 0 && common == proven + unjudged) {
      return true;
    }
    return (lonely > 1 || lonely == common)
        && lonely >= STALE_SHARE * (lonely + moving)
        && counts.needed[f] > 0
        && counts.jumps[f] >= counts.needed[f];
  }

  /// How far the boxes of an instant lie from where their tracks go on, squared sigmas.
  private double cost(int f) {
    LabelFrames frames = tracks.frames();
    double cost = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i > 0 && repeats.repeated().get(i) && i + 1 < tracks.end(tracks.track(i))) {
        double sigmas = step(i) / motion.sigma(i);
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
    Arrays.fill(returned, 0);
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
        returned += step(j) >= MIN_STEP_METERS && step(i - 1) >= MIN_STEP_METERS ? 1 : 0;
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
        double sigmas = apart(i - 1, i) / motion.sigma(i);
        cost += Math.min(FrameOrder.TRACK_CAP, sigmas * sigmas);
      }
    }
    return cost;
  }
}
