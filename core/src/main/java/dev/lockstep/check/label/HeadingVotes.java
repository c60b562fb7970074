package dev.lockstep.check.label;

import dev.lockstep.geometry.Angles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds tracks that point backwards all along in a frame that moves with the sensor at a speed
/// that nobody knows: by what the headings of all tracks together say about that speed.
///
/// Objects drive forwards. Of one that points the way the sensor goes, its motion in the frame
/// therefore says that the sensor is at least so fast; of one that points the other way, that it is
/// at most so fast. A track that is turned round says one or the other wrongly, and is contradicted
/// by parked and slower objects. Parked itself, it contradicts nobody.
final class HeadingVotes {
  /// Speed against its heading at which an object is not just reversing (see LAB008).
  private final double slowest;

  /// Instants at which a track must be contradicted, and their share of those where it says
  /// anything.
  private static final int MIN_INSTANTS = 10;

  private static final double MOSTLY = 0.8;

  /// Tracks that must contradict it: of two that contradict each other, nobody knows which is
  /// right.
  private static final int MIN_AGAINST = 2;

  /// How many must do so at an instant for each that agrees (judged).
  private static final int MAJORITY = 3;

  /// Headings further from the way of the sensor than this say little of its speed: its cosine.
  private static final double ALONG = 0.8;

  /// Slower frames have no way of their own, m/s.
  private static final double MOVES = 1;

  /// @param track the track
  /// @param against median speed against its heading, m/s
  /// @param instants instants at which others contradict it
  record Flip(int track, double against, int instants) {}

  private final Tracks tracks;
  private double wayX = 1;
  private double wayY;
  private final double[] turning;
  private int[] box = new int[16];
  private double[] says = new double[16];
  private boolean[] least = new boolean[16];
  private int count;
  private boolean opposed;

  HeadingVotes(Tracks tracks, double slowest) {
    this.tracks = tracks;
    this.slowest = slowest;
    turning = new double[tracks.frames().count()];
  }

  /// Tracks that are turned round.
  List<Flip> find() {
    turns();
    way();
    int[] asked = new int[tracks.count()];
    double[][] against = new double[tracks.count()][];
    int[] contradicted = new int[tracks.count()];
    List<Set<Integer>> by = new ArrayList<>();
    for (int track = 0; track < against.length; track++) {
      by.add(new HashSet<>());
    }
    for (int f = 1; f + 1 < turning.length; f++) {
      gather(f);
      for (int k = 0; k < count; k++) {
        int track = tracks.track(box[k]);
        double speed = contradicted(k, by.get(track));
        asked[track] += opposed ? 1 : 0;
        if (speed > 0) {
          double[] known = against[track];
          if (known == null) {
            known = new double[tracks.end(track) - tracks.start(track)];
            against[track] = known;
          }
          known[contradicted[track]++] = speed;
        }
      }
    }
    List<Flip> flips = new ArrayList<>();
    for (int track = 0; track < against.length; track++) {
      int n = contradicted[track];
      if (n >= MIN_INSTANTS && n >= MOSTLY * asked[track] && by.get(track).size() >= MIN_AGAINST) {
        Arrays.sort(against[track], 0, n);
        flips.add(new Flip(track, against[track][n / 2], n));
      }
    }
    return flips;
  }

  private boolean between(int i) {
    int track = tracks.track(i);
    return i > tracks.start(track)
        && i + 1 < tracks.end(track)
        && tracks.frame(i + 1) - tracks.frame(i - 1) == 2;
  }

  private boolean tells(int i) {
    ObjectKind kind = tracks.kind(i);
    return between(i)
        && kind.directed()
        && !Double.isInfinite(kind.maxYawRate())
        && tracks.dimension(i, 0) > 1.2 * tracks.dimension(i, 1);
  }

  /// How fast the frame turns at each instant: as the headings of most objects do, the other way
  /// round.
  private void turns() {
    LabelFrames frames = tracks.frames();
    double[] rates = new double[16];
    for (int f = 1; f + 1 < turning.length; f++) {
      int n = 0;
      for (int r = frames.start(f); r < frames.start(f + 1); r++) {
        int i = tracks.indexOf(r);
        if (i >= 0 && tells(i)) {
          if (n == rates.length) {
            rates = Arrays.copyOf(rates, 2 * n);
          }
          rates[n++] =
              Angles.difference(tracks.yaw(i + 1), tracks.yaw(i - 1))
                  / (tracks.t[i + 1] - tracks.t[i - 1]);
        }
      }
      turning[f] = n == 0 ? 0 : -middle(rates, n);
    }
  }

  private static double middle(double[] values, int n) {
    Arrays.sort(values, 0, n);
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
  }

  private double speedX(int i) {
    double seconds = tracks.t[i + 1] - tracks.t[i - 1];
    return (tracks.x[i + 1] - tracks.x[i - 1]) / seconds - turning[tracks.frame(i)] * tracks.y[i];
  }

  private double speedY(int i) {
    double seconds = tracks.t[i + 1] - tracks.t[i - 1];
    return (tracks.y[i + 1] - tracks.y[i - 1]) / seconds + turning[tracks.frame(i)] * tracks.x[i];
  }

  /// The way of the sensor in its frame: most objects come the other way.
  private void way() {
    double[] xs = new double[tracks.size()];
    double[] ys = new double[tracks.size()];
    int n = 0;
    for (int i = 0; i < tracks.size(); i++) {
      if (between(i)) {
        xs[n] = speedX(i);
        ys[n++] = speedY(i);
      }
    }
    if (n > 0) {
      double x = middle(xs, n);
      double y = middle(ys, n);
      double speed = Math.hypot(x, y);
      if (speed > MOVES) {
        wayX = -x / speed;
        wayY = -y / speed;
      }
    }
  }

  /// Collects what the objects of an instant say of the speed of the sensor.
  private void gather(int f) {
    LabelFrames frames = tracks.frames();
    count = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i < 0 || !tells(i)) {
        continue;
      }
      double hx = Math.cos(tracks.yaw(i));
      double hy = Math.sin(tracks.yaw(i));
      double along = hx * wayX + hy * wayY;
      if (Math.abs(along) < ALONG) {
        continue;
      }
      if (count == box.length) {
        box = Arrays.copyOf(box, 2 * count);
        says = Arrays.copyOf(says, 2 * count);
        least = Arrays.copyOf(least, 2 * count);
      }
      box[count] = i;
      says[count] = -(hx * speedX(i) + hy * speedY(i)) / along;
      least[count++] = along > 0;
    }
  }

  /// By how much most of the others contradict what object `k` says, m/s; 0 if they do not.
  private double contradicted(int k, Set<Integer> by) {
    opposed = false;
    int against = 0;
    int with = 0;
    double[] gaps = new double[count];
    for (int j = 0; j < count; j++) {
      if (least[j] != least[k]) {
        opposed = true;
        double gap = least[k] ? says[k] - says[j] : says[j] - says[k];
        if (gap > slowest) {
          gaps[against++] = gap;
        }
      } else if (j != k) {
        // Another that says the same, no less strongly, is on its side.
        double more = least[k] ? says[j] - says[k] : says[k] - says[j];
        with += more > -slowest ? 1 : 0;
      }
    }
    if (against == 0 || against < MAJORITY * with) {
      return 0;
    }
    for (int j = 0; j < count; j++) {
      double gap = least[k] ? says[k] - says[j] : says[j] - says[k];
      if (least[j] != least[k] && gap > slowest) {
        by.add(tracks.track(box[j]));
      }
    }
    return middle(gaps, against);
  }
}
