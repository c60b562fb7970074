package dev.lockstep.check.label;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
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

  /// A step that no rounding makes: who copies a box because its object stands does not label it
  /// anew by as little, either (judged).
  static final double MIN_STEP_METERS = 0.01;

  /// Step out of a repetition, of those around it, that shows that the object did not rest: that of
  /// an object that stops and starts evenly is half as long, that of one that never stopped twice
  /// as long, and that of one that hardly moves in noise as long (judged between the first two).
  private static final double MIN_JUMP = 0.75;

  /// The same where other boxes of the set repeat those before, because their objects stand and
  /// somebody copied them: no object comes out of a rest as fast (judged).
  private static final double MIN_JUMP_BESIDE_OTHERS = 1.5;

  /// What each of the next boxes adds to it; it would be 1 for an object that never stopped
  /// (judged).
  private static final double MIN_JUMP_MORE = 0.4;

  private static final int MOST_MORE = 3;

  /// @param track track
  /// @param first index of the first box that repeats the one before
  /// @param last index of the last
  /// @param off furthest that one is from where it should be
  /// @param bound how far it might be
  /// @param stepped whether these are the step out of the repetition and what it might be, because
  ///   the way cannot tell
  record Run(int track, int first, int last, double off, double bound, boolean stepped) {}

  /// Boxes that repeat the one before although their track moves before and behind.
  ///
  /// @param track track
  /// @param first index of the first box that repeats the one before
  /// @param last index of the last
  /// @param jump step behind the last, meters; NaN where the track ends
  /// @param needed step that shows that the object did not rest; NaN where too few are known
  /// @param around step of the boxes around them; NaN where none is known
  record Lonely(int track, int first, int last, double jump, double needed, double around) {}

  /// How far two steps that cancel each other may differ, of the first (judged).
  private static final double UNLIKE = 0.35;

  private final Tracks tracks;
  private final Motion motion;
  private final StraightFit fit = new StraightFit();
  private final double[] spreads = new double[2];
  private final BitSet unjudged = new BitSet();
  private final BitSet repeated = new BitSet();
  private final List<Lonely> lonely = new ArrayList<>();

  /// Boxes that repeat the one before, of tracks that are at other places, too, without the lonely.
  private int resting;

  FrozenRuns(Tracks tracks, Motion motion) {
    this.tracks = tracks;
    this.motion = motion;
  }

  /// All of them, track by track.
  List<Run> find() {
    List<Run> runs = new ArrayList<>();
    List<Lonely> open = new ArrayList<>();
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
        if (stepsAside(start, end, i - 1, last)) {
          i = last;
          continue;
        }
        Lonely alone = alone(track, start, end, i, last);
        Run run = judge(track, start, end, i, last);
        if (run != null) {
          runs.add(run);
        } else if (alone != null) {
          open.add(alone);
        }
        if (alone != null) {
          lonely.add(alone);
        } else if (run == null && last - i + 2 < end - start) {
          resting += last - i + 1;
        }
        i = last;
      }
    }
    for (Lonely alone : open) {
      Run run = judge(alone);
      if (run != null) {
        runs.add(run);
      }
    }
    runs.sort(Order.byInt(Run::first));
    return runs;
  }

  /// Whether a track steps aside to box `first` and the same way back behind box `last`, which no
  /// object does whose boxes stand still while it moves: it goes on.
  private boolean stepsAside(int start, int end, int first, int last) {
    if (first - 1 < start || last + 1 >= end) {
      return false;
    }
    double inX = tracks.x[first] - tracks.x[first - 1];
    double inY = tracks.y[first] - tracks.y[first - 1];
    double outX = tracks.x[last + 1] - tracks.x[last];
    double outY = tracks.y[last + 1] - tracks.y[last];
    double in = Math.sqrt(inX * inX + inY * inY);
    double unlike = Math.sqrt((inX + outX) * (inX + outX) + (inY + outY) * (inY + outY));
    return in > MIN_METERS && unlike < UNLIKE * in;
  }

  private @Nullable Lonely alone(int track, int start, int end, int first, int last) {
    double before = first - 2 >= start ? step(first - 2) : Double.NaN;
    double jump = last + 1 < end ? step(last) : Double.NaN;
    double behind = last + 2 < end ? step(last + 1) : Double.NaN;
    if (before < MIN_STEP_METERS
        || jump < MIN_STEP_METERS
        || Double.isNaN(before) && Double.isNaN(jump)
        || tracks.frame(last) - tracks.frame(first - 1) != last - first + 1) {
      return null;
    }
    double around =
        Double.isNaN(before) ? behind : Double.isNaN(behind) ? before : (before + behind) / 2;
    return new Lonely(track, first, last, jump, needed(MIN_JUMP, around, last - first), around);
  }

  private static double needed(double least, double around, int more) {
    return around * (least + MIN_JUMP_MORE * Math.min(MOST_MORE, more));
  }

  /// Judges boxes by the step behind them.
  private @Nullable Run judge(Lonely run) {
    double needed =
        resting == 0
            ? run.needed
            : needed(MIN_JUMP_BESIDE_OTHERS, run.around, run.last - run.first);
    // Both steps must be known, or one would be compared with nothing of its kind.
    boolean known = run.first - 2 >= tracks.start(run.track) && !Double.isNaN(needed);
    double bound = Math.max(2 * MIN_METERS, needed);
    return known && run.jump > bound
        ? new Run(run.track, run.first, run.last, run.jump, bound, true)
        : null;
  }

  /// Distance of box `i` from the next of its track, as the labels have them.
  double step(int i) {
    double[] boxes = tracks.labels().boxes3d();
    int a = tracks.row(i) * LabelSet.BOX_3D;
    int b = tracks.row(i + 1) * LabelSet.BOX_3D;
    double x = boxes[b] - boxes[a];
    double y = boxes[b + 1] - boxes[a + 1];
    double z = boxes[b + 2] - boxes[a + 2];
    return Math.sqrt(x * x + y * y + z * z);
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
        ? new Run(track, first, last, off, bound, false)
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

  /// Those of them whose track moves before and behind.
  List<Lonely> lonely() {
    return lonely;
  }

  /// Whether box `i` repeats the one before, but has too few neighbours to tell whether it should.
  boolean unjudged(int i) {
    return unjudged.get(i);
  }
}
