package dev.lockstep.check.label;

import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds where labels go on as if instants between them had never been: all objects go a multiple
/// of their way in one step, and are as fast before it as behind it. No acceleration does that, and
/// no single track shows it where objects are slow.
///
/// Ways are taken in the frame of the labels, so that in that of a moving sensor all that stands
/// tells, too. In images a camera that is hit moves all boxes alike: there the multiple must
/// explain what no common shift does.
final class SkippedInstants {
  /// Most instants that are looked for; judged.
  private static final int MOST = 10;

  /// Boxes on either side of the step that tell how fast an object is.
  private static final int SIDE = 3;

  /// Tracks that must go so far in a step that it tells; judged.
  private static final int FEWEST_FLAT = 4;

  private static final int FEWEST_SOLID = 2;

  /// Such a way, in sigmas of a step; judged.
  private static final double FAR = 3;

  /// Gain from which on a step is one of several instants, squared sigmas; judged: a chance of one
  /// in a million is 24.
  private static final double GAIN = 80;

  /// Largest share of the cost that the multiple may leave.
  private static final double LEFT = 0.35;

  /// Largest cost that it may leave a track, squared sigmas in a plane.
  private static final double FITS = 8;

  /// How much more it costs than the steps beside it.
  private static final double ALONE = 3;

  /// Share of the tracks that must speak for it.
  private static final double MOSTLY = 0.8;

  /// A single track says no more than this.
  private static final double CAP = 400;

  /// Largest change of an object's way from the one side to the other, of the way; judged.
  private static final double STEADY = 0.4;

  private static final double NOISE_PIXELS = 0.4;
  private static final double NOISE_METERS = 0.03;
  private static final double NOISE_SHARE_OF_RANGE = 0.001;

  /// Steps that noise is measured by, at least; judged.
  private static final int FEWEST_STEPS = 10;

  /// Noise is not less than this share of what is assumed, in squares; judged.
  private static final double LEAST_NOISE = 0.15;

  /// @param frame first instant behind the step
  /// @param instants how many are skipped
  /// @param tracks tracks that tell
  /// @param cost cost of all tracks as the labels are
  /// @param left cost with the step as long as it seems
  record Skip(int frame, int instants, int tracks, double cost, double left) {}

  private final Tracks tracks;
  private final boolean flat;

  /// Places as their labels say.
  private final double[] x;

  private final double[] y;

  private double[] dx = new double[16];
  private double[] dy = new double[16];
  private double[] vx = new double[16];
  private double[] vy = new double[16];
  private double[] variance = new double[16];
  private int count;
  private double scale = 1;

  private SkippedInstants(Tracks tracks) {
    this.tracks = tracks;
    this.flat = tracks.flat();
    x = flat ? middles(tracks, 0) : tracks.givenX();
    y = flat ? middles(tracks, 1) : tracks.givenY();
  }

  private static double[] middles(Tracks tracks, int axis) {
    float[] boxes = tracks.labels().boxes2d();
    double[] middles = new double[tracks.size()];
    for (int i = 0; i < middles.length; i++) {
      int at = tracks.row(i) * LabelSet.BOX_2D + axis;
      middles[i] = (boxes[at] + (double) boxes[at + 2]) / 2;
    }
    return middles;
  }

  /// The skips of a label set whose rate is known.
  static List<Skip> find(Tracks tracks) {
    return new SkippedInstants(tracks).find();
  }

  private List<Skip> find() {
    List<Skip> skips = new ArrayList<>();
    LabelFrames frames = tracks.frames();
    double[] costs = new double[frames.count()];
    double[] all = new double[frames.count()];
    int[] telling = new int[frames.count()];
    addUp(all, telling);
    int known = 0;
    for (int f = 0; f < all.length; f++) {
      if (telling[f] > 0) {
        costs[known++] = all[f] / telling[f];
      }
    }
    if (known < FEWEST_STEPS) {
      return skips;
    }
    Arrays.sort(costs, 0, known);
    // The noise of these labels, by what most steps cost: two a track if it is as assumed.
    scale = Math.clamp(costs[known / 2] / 2, LEAST_NOISE, 1 / LEAST_NOISE);
    for (int f = SIDE; f + 1 + SIDE < frames.count(); f++) {
      if (all[f] / scale < GAIN || all[f] < ALONE * Math.max(all[f - 1], all[f + 1])) {
        continue;
      }
      gather(f);
      Skip skip = judge(f + 1);
      if (skip != null) {
        skips.add(skip);
      }
    }
    return skips;
  }

  /// What the steps behind each instant cost as they are, and how many tracks tell: track by track,
  /// so that the numbers are read one after the other.
  private void addUp(double[] all, int[] telling) {
    boolean[] even = new boolean[all.length];
    for (int f = SIDE; f + 1 + SIDE < all.length; f++) {
      even[f] = even(f);
    }
    for (int track = 0; track < tracks.count(); track++) {
      for (int i = tracks.start(track) + SIDE; i + 1 + SIDE < tracks.end(track); i++) {
        int f = tracks.frame(i);
        if (even[f] && isWhole(i, f)) {
          count = 0;
          add(i);
          if (count > 0) {
            all[f] += cost(0, 1, 0, 0);
            telling[f]++;
          }
        }
      }
    }
  }

  /// Whether a box and those around it stand at instants in a row.
  private boolean isWhole(int i, int f) {
    return tracks.frame(i - SIDE) == f - SIDE && tracks.frame(i + 1 + SIDE) == f + 1 + SIDE;
  }

  /// The tracks that have boxes at the instants around the step behind instant `f`.
  private void gather(int f) {
    count = 0;
    LabelFrames frames = tracks.frames();
    if (!even(f)) {
      return;
    }
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i < 0) {
        continue;
      }
      int track = tracks.track(i);
      boolean whole =
          i - SIDE >= tracks.start(track) && i + 1 + SIDE < tracks.end(track) && isWhole(i, f);
      if (whole) {
        add(i);
      }
    }
  }

  /// Whether the instants around the step come at one rate.
  private boolean even(int f) {
    LabelFrames frames = tracks.frames();
    double period = frames.periodSeconds();
    for (int k = f - SIDE; k < f + 1 + SIDE; k++) {
      double step = frames.seconds(k + 1) - frames.seconds(k);
      if (Math.abs(step / period - 1) > 0.25) {
        return false;
      }
    }
    return true;
  }

  private void add(int i) {
    if (count == dx.length) {
      int room = 2 * count;
      dx = Arrays.copyOf(dx, room);
      dy = Arrays.copyOf(dy, room);
      vx = Arrays.copyOf(vx, room);
      vy = Arrays.copyOf(vy, room);
      variance = Arrays.copyOf(variance, room);
    }
    double beforeX = (x[i] - x[i - SIDE]) / SIDE;
    double beforeY = (y[i] - y[i - SIDE]) / SIDE;
    double behindX = (x[i + 1 + SIDE] - x[i + 1]) / SIDE;
    double behindY = (y[i + 1 + SIDE] - y[i + 1]) / SIDE;
    double sigma = noise(i);
    double wayX = (beforeX + behindX) / 2;
    double wayY = (beforeY + behindY) / 2;
    double change = length(behindX - beforeX, behindY - beforeY);
    if (change > STEADY * length(wayX, wayY) + FAR * sigma) {
      return;
    }
    dx[count] = x[i + 1] - x[i];
    dy[count] = y[i + 1] - y[i];
    vx[count] = wayX;
    vy[count] = wayY;
    // How far the way may change within a step is not known better than how far it does.
    variance[count] = scale * (sigma * sigma + change * change / 36);
    count++;
  }

  /// Noise of a place: how uneven the way is around the step but for the step itself.
  private double noise(int i) {
    double uneven = 0;
    for (int k = 1; k < SIDE; k++) {
      uneven += second(i - k) + second(i + 1 + k);
    }
    // Each of these has six times the variance of a place, along each of two axes.
    return Math.max(floor(i), Math.sqrt(uneven / (2 * (SIDE - 1) * 2 * 6)));
  }

  private double second(int i) {
    double along = x[i - 1] - 2 * x[i] + x[i + 1];
    double across = y[i - 1] - 2 * y[i] + y[i + 1];
    return along * along + across * across;
  }

  private double floor(int i) {
    return flat ? NOISE_PIXELS : NOISE_METERS + NOISE_SHARE_OF_RANGE * length(x[i], y[i]);
  }

  /// Without the care of [Math#hypot] for numbers that no place has: a sixth of the time of all
  /// rules about tracks went there.
  private static double length(double x, double y) {
    return Math.sqrt(x * x + y * y);
  }

  private @Nullable Skip judge(int frame) {
    int movers = 0;
    for (int k = 0; k < count; k++) {
      movers += moves(k) ? 1 : 0;
    }
    if (movers < (flat ? FEWEST_FLAT : FEWEST_SOLID)) {
      return null;
    }
    double cost = cost(1, 0, 0);
    if (cost < GAIN) {
      return null;
    }
    int best = 1;
    double left = cost;
    for (int n = 2; n <= MOST + 1; n++) {
      double other = cost(n, 0, 0);
      if (other < left) {
        left = other;
        best = n;
      }
    }
    int speaking = 0;
    for (int k = 0; k < count; k++) {
      speaking += moves(k) && cost(k, best, 0, 0) < cost(k, 1, 0, 0) ? 1 : 0;
    }
    boolean tells =
        best > 1
            && cost - left >= GAIN
            && left <= LEFT * cost
            && left <= FITS * count
            && speaking >= MOSTLY * movers;
    if (!tells || flat && left > LEFT * cost(1, common(dx, vx), common(dy, vy))) {
      return null;
    }
    return new Skip(frame, best - 1, speaking, cost, left);
  }

  private boolean moves(int k) {
    return length(vx[k], vy[k]) >= FAR * Math.sqrt(stepNoise(1) * variance[k]);
  }

  /// The middle one of what tracks go further than they should.
  private double common(double[] d, double[] v) {
    double[] further = new double[count];
    for (int k = 0; k < count; k++) {
      further[k] = d[k] - v[k];
    }
    Arrays.sort(further);
    return further[count / 2];
  }

  /// Variance of a step of `n` instants against `n` times the mean of those around it, of that of a
  /// place.
  private static double stepNoise(int n) {
    return 2 + (double) n * n / (SIDE * SIDE);
  }

  private double cost(int times, double shiftX, double shiftY) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += cost(k, times, shiftX, shiftY);
    }
    return sum;
  }

  private double cost(int k, int times, double shiftX, double shiftY) {
    double ex = dx[k] - times * vx[k] - shiftX;
    double ey = dy[k] - times * vy[k] - shiftY;
    return Math.min(CAP, (ex * ex + ey * ey) / (stepNoise(times) * variance[k]));
  }
}
