package dev.lockstep.clock;

import dev.lockstep.model.TurnTrack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How large the turns of one sensor are against those of another, second by second: throughout,
/// and on both sides of the moment that divides them best.
///
/// Both may be mounted in any way: what is compared are the axes about which each turns most in the
/// first half.
///
/// @param scale size of the reference's turns through that of the other's; NaN where too few are
///   large enough
/// @param before slope of the reference's turns over the other's up to the change
/// @param after the same from the change on; equal to `before` where there is none
/// @param referenceLeap how far from where it was the reference goes on at the change, as a part of
///   its turns; 0 where there is none
/// @param otherLeap the same of the other
/// @param changeNs when the slope changes
/// @param endNs when the last second ends
/// @param windows seconds that were compared
/// @param undecided why nothing can be told, or null
public record TurnGain(
    double scale,
    double before,
    double after,
    double referenceLeap,
    double otherLeap,
    long changeNs,
    long endNs,
    int windows,
    @Nullable String undecided) {

  private static final long WINDOW_NS = 500_000_000L;

  /// Turns in a window from which it says something, rad (0.4 degrees in half a second). Judged:
  /// sensors of cars drift by less.
  private static final double LEAST_TURN = 0.007;

  /// Turns in a window whose size says something by itself, rad: more than a gyroscope is off while
  /// it stands (1 degree a second). Judged.
  private static final double SURE_TURN = 0.02;

  private static final int LEAST_WINDOWS = 8;

  /// Windows on each side of a change.
  private static final int LEAST_SIDE = 4;

  /// Largest part of turns that a slope may leave unexplained on the side in front of a change.
  private static final double LEFT = 0.2;

  /// How many times as far as the other one leaps that changed. Judged: a vehicle that begins to
  /// turn at that very moment makes both leap.
  private static final double PLAIN = 3;

  private static final int AXES = TurnTrack.AXES;

  private record Window(long fromNs, double[] reference, double[] other) {}

  /// Compares two tracks.
  public static TurnGain of(TurnTrack reference, TurnTrack other) {
    List<Window> windows = windows(reference, other);
    if (windows.size() < LEAST_WINDOWS) {
      return undecided(
          "only "
              + windows.size()
              + " half seconds in common in which a sensor turned (expected at least "
              + LEAST_WINDOWS
              + ")");
    }
    double sizes = 0;
    double squares = 0;
    int sure = 0;
    for (Window window : windows) {
      double own = norm(window.other);
      double beside = norm(window.reference);
      if (Math.max(own, beside) >= SURE_TURN) {
        sizes += beside * beside;
        squares += own * own;
        sure++;
      }
    }
    double scale = sure < LEAST_WINDOWS ? Double.NaN : Math.sqrt(sizes / squares);
    int half = windows.size() / 2;
    int a = liveliest(windows.subList(0, half), true);
    int b = liveliest(windows.subList(0, half), false);
    double[] x = new double[windows.size()];
    double[] y = new double[windows.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = windows.get(i).other[b];
      y[i] = windows.get(i).reference[a];
    }
    return divided(windows, x, y, scale);
  }

  private static TurnGain divided(List<Window> windows, double[] x, double[] y, double scale) {
    int size = x.length;
    double best = residual(x, y, 0, size);
    double whole = best;
    int at = 0;
    for (int cut = LEAST_SIDE; cut <= size - LEAST_SIDE; cut++) {
      double left = residual(x, y, 0, cut) + residual(x, y, cut, size);
      if (left < best) {
        best = left;
        at = cut;
      }
    }
    // What explains a quarter only is no change.
    boolean divides = at > 0 && best < whole / 4 && residual(x, y, 0, at) < LEFT * energy(y, 0, at);
    double before = slope(x, y, 0, divides ? at : size);
    return new TurnGain(
        scale,
        before,
        divides ? slope(x, y, at, size) : before,
        divides ? leap(y, at) : 0,
        divides ? leap(x, at) : 0,
        divides ? windows.get(at).fromNs : 0,
        windows.getLast().fromNs + WINDOW_NS,
        size,
        null);
  }

  /// By how much turns go on elsewhere behind a cut, as a part of them; the windows beside it may
  /// be of both sides.
  private static double leap(double[] turns, int cut) {
    double before = turns[cut - 2];
    double after = turns[cut + 1];
    return Math.abs(after - before) / (Math.abs(after) + Math.abs(before) + 1e-12);
  }

  /// Whether at the change the reference goes on further from where it was than the other does.
  public boolean ofReference() {
    return referenceLeap > otherLeap;
  }

  /// Whether one of both leaps at the change and the other goes on as it was, so that the two alone
  /// tell which changed.
  public boolean isPlain() {
    return Math.max(referenceLeap, otherLeap) > PLAIN * Math.min(referenceLeap, otherLeap);
  }

  /// Whether a change of another comparison lies where this one's does.
  public boolean isAt(TurnGain other) {
    return Math.abs(changeNs - other.changeNs) <= 2 * WINDOW_NS;
  }

  /// Whether the slope after the change differs from the one in front by more than `share` of the
  /// larger one.
  public boolean changes(double share) {
    return Math.abs(after - before) > share * Math.max(Math.abs(after), Math.abs(before));
  }

  private static TurnGain undecided(String why) {
    return new TurnGain(Double.NaN, Double.NaN, Double.NaN, 0, 0, 0, 0, 0, why);
  }

  private static double slope(double[] x, double[] y, int from, int to) {
    double products = 0;
    double squares = 0;
    for (int i = from; i < to; i++) {
      products += x[i] * y[i];
      squares += x[i] * x[i];
    }
    return squares == 0 ? 0 : products / squares;
  }

  private static double residual(double[] x, double[] y, int from, int to) {
    double slope = slope(x, y, from, to);
    double sum = 0;
    for (int i = from; i < to; i++) {
      double off = y[i] - slope * x[i];
      sum += off * off;
    }
    return sum;
  }

  private static double energy(double[] y, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += y[i] * y[i];
    }
    return sum;
  }

  private static int liveliest(List<Window> windows, boolean reference) {
    double[] energy = new double[AXES];
    for (Window window : windows) {
      for (int axis = 0; axis < AXES; axis++) {
        double turn = reference ? window.reference[axis] : window.other[axis];
        energy[axis] += turn * turn;
      }
    }
    int most = 0;
    for (int axis = 1; axis < AXES; axis++) {
      most = energy[axis] > energy[most] ? axis : most;
    }
    return most;
  }

  private static List<Window> windows(TurnTrack reference, TurnTrack other) {
    List<Window> windows = new ArrayList<>();
    if (reference.size() < 2 || other.size() < 2) {
      return windows;
    }
    long from = Math.max(reference.timesNs()[0], other.timesNs()[0]);
    long end =
        Math.min(reference.timesNs()[reference.size() - 1], other.timesNs()[other.size() - 1]);
    for (; from <= end - WINDOW_NS; from += WINDOW_NS) {
      double[] a = turn(reference, from, from + WINDOW_NS);
      double[] b = turn(other, from, from + WINDOW_NS);
      if (a != null && b != null && Math.max(norm(a), norm(b)) >= LEAST_TURN) {
        windows.add(new Window(from, a, b));
      }
    }
    return windows;
  }

  private static double norm(double[] v) {
    return Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  }

  /// The turn between two instants, or null where the track is broken between.
  private static double @Nullable [] turn(TurnTrack track, long fromNs, long toNs) {
    int first = index(track, fromNs);
    int last = index(track, toNs);
    for (int i = first + 1; i <= Math.min(last + 1, track.size() - 1); i++) {
      if (track.begins(i)) {
        return null;
      }
    }
    double[] turn = new double[AXES];
    for (int axis = 0; axis < AXES; axis++) {
      turn[axis] = angle(track, last, toNs, axis) - angle(track, first, fromNs, axis);
    }
    return turn;
  }

  private static int index(TurnTrack track, long timeNs) {
    int at = Arrays.binarySearch(track.timesNs(), 0, track.size(), timeNs);
    return at >= 0 ? at : Math.max(0, -at - 2);
  }

  private static double angle(TurnTrack track, int i, long timeNs, int axis) {
    double here = track.angles()[i * AXES + axis];
    if (i + 1 >= track.size()) {
      return here;
    }
    long[] times = track.timesNs();
    double share = (double) (timeNs - times[i]) / (times[i + 1] - times[i]);
    return here + share * (track.angles()[(i + 1) * AXES + axis] - here);
  }
}
