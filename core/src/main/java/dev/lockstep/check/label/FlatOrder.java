package dev.lockstep.check.label;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds instants of 2D labels that belong to another instant: exchanged with the next or the one
/// after, or repeated from the one before.
///
/// An exchange makes every box step against the way of its track, by the step that the track takes
/// there. So does no turn of the camera: it moves all boxes alike, whichever way they go. What
/// boxes have in common at an instant therefore counts only as far as the camera of this video is
/// steady: residuals are taken as noise of each track plus one motion of the camera, both measured
/// from the labels themselves, and the two readings are weighed under the covariance of that sum.
/// Between an instant's readings only the product of a box's step and its track's step differs:
/// bends of the way cancel.
final class FlatOrder {
  /// How much better the other reading must be, in squared sigmas. In 361 clean videos of people
  /// the best reading that passes the other limits gains less than 4.
  static final double MIN_GAIN = 12;

  /// One track can say no more than this, either way.
  private static final double TRACK_CAP = 50;

  /// Tracks that must speak for it: one alone may turn round.
  private static final int MIN_TRACKS = 2;

  /// Boxes in pixels are hardly ever placed better, and often rounded to whole ones.
  private static final double MIN_SIGMA_PIXELS = 0.5;

  /// A track's own noise counts from this many residuals on; and none is taken for steadier than
  /// half of what is usual (judged).
  private static final int MIN_RESIDUALS = 8;

  private static final double LEAST_OF_USUAL = 0.5;

  /// Share of what is known of the common motion that other tracks than the one in question must
  /// give (judged).
  private static final double MIN_OTHERS = 0.5;

  private static final double MAD_TO_SIGMA = 1.4826;

  /// A camera that seems to stand still may have moved by that, squared pixels.
  private static final double LEAST_CAMERA = 1e-6;

  /// What is a clear word of one track, squared sigmas.
  private static final double CLEAR = 1;

  /// Longest repetition that is looked for, instants, and how far off its way a repeated box must
  /// be to say so, sigmas (judged).
  private static final int MAX_REPEATED = 5;

  private static final double REPEATED_SIGMAS = 4;

  /// Instants on either side of an exchange that are judged anew once it is put back.
  private static final int REACH = 5;

  private record Candidate(FrameOrder.Slip slip, int apart, int version) {}

  private final Tracks tracks;
  private final LabelFrames frames;

  /// Centres of the boxes by index, x and y; exchanges are put back here.
  private final double[][] places;

  /// One over the variance of a residual, by track, along x and y.
  private final double[][] weights;

  /// Variance of the camera's own motion, along x and y.
  private final double[] camera = new double[2];

  private final int[] version;
  private final PriorityQueue<Candidate> candidates =
      new PriorityQueue<>(
          Order.byDouble((Candidate c) -> c.slip.gain())
              .reversed()
              .thenComparingInt(c -> c.slip.first())
              .thenComparingInt(c -> c.apart));

  // Boxes of the hypothesis in question: index of the first of them, by track.
  private int[] at = new int[64];
  private double[] word = new double[64];
  private long examined;

  private FlatOrder(Tracks tracks) {
    this.tracks = tracks;
    frames = tracks.frames();
    places = new double[][] {tracks.x.clone(), tracks.y.clone()};
    weights = new double[2][tracks.count()];
    version = new int[frames.count()];
  }

  /// Looks at all instants of flat `tracks`.
  static FrameOrder.Result find(Tracks tracks) {
    FlatOrder finder = new FlatOrder(tracks);
    finder.measureNoise();
    List<FrameOrder.Slip> slips = finder.repeated();
    boolean[] stale = new boolean[finder.version.length + 1];
    for (FrameOrder.Slip slip : slips) {
      Arrays.fill(stale, slip.first(), slip.last() + 1, true);
    }
    for (int f = 1; f < finder.version.length - 2; f++) {
      finder.exchanges(f, stale);
    }
    slips.addAll(finder.settle(stale));
    slips.sort(Order.byInt(FrameOrder.Slip::first));
    return new FrameOrder.Result(slips, List.of(), finder.examined, 0);
  }

  /// Whether boxes `i - 1` to `i + last` stand on one track at instants in a row.
  private boolean inRow(int i, int last) {
    int track = tracks.track(i);
    return i > tracks.start(track)
        && i + last < tracks.end(track)
        && tracks.frame(i + last) - tracks.frame(i - 1) == last + 1;
  }

  /// Where box `i` would be on the straight line from box `a` to box `b`.
  private double between(double[] place, int a, int b, int i) {
    return place[a]
        + (place[b] - place[a]) * (tracks.t[i] - tracks.t[a]) / (tracks.t[b] - tracks.t[a]);
  }

  /// Noise of each track from what its boxes lie off the line between their neighbours, once what
  /// the boxes of an instant have in common is taken away; and of the camera from the latter.
  private void measureNoise() {
    double[] common = new double[version.length];
    double[] certainty = new double[version.length];
    for (int axis = 0; axis < 2; axis++) {
      Arrays.fill(common, 0);
      weigh(axis, common, null);
      findCommon(axis, common, certainty);
      weigh(axis, common, certainty);
      findCommon(axis, common, certainty);
      int n = 0;
      double[] noise = new double[version.length];
      double[] moved = new double[version.length];
      for (int f = 0; f < version.length; f++) {
        if (certainty[f] > 0) {
          noise[n] = 1 / certainty[f];
          moved[n++] = Math.abs(common[f]);
        }
      }
      double sigma = n == 0 ? 0 : MAD_TO_SIGMA * median(moved, n);
      double known = n == 0 ? 0 : median(noise, n);
      camera[axis] = Math.max(LEAST_CAMERA, sigma * sigma - known);
    }
  }

  /// Sets the weights of tracks along an axis by what their boxes lie off beyond `common`, where
  /// the sum of weights behind it, `certainty`, says that several tracks know it.
  private void weigh(int axis, double[] common, double @Nullable [] certainty) {
    double[] place = places[axis];
    double[] before = weights[axis].clone();
    double[] sigmas = new double[tracks.count()];
    int[] counts = new int[tracks.count()];
    double[] known = new double[tracks.count()];
    double[] off = new double[16];
    int tracksKnown = 0;
    for (int track = 0; track < tracks.count(); track++) {
      int n = 0;
      for (int i = tracks.start(track) + 1; i + 2 < tracks.end(track); i++) {
        if (!inRow(i, 2)) {
          continue;
        }
        int f = tracks.frame(i);
        // What a box says of the common motion goes out of its own residual with it.
        double others = certainty == null ? 1 : 1 - before[track] / certainty[f];
        if (others < MIN_OTHERS) {
          continue;
        }
        if (n == off.length) {
          off = Arrays.copyOf(off, n * 2);
        }
        double residual = place[i] - between(place, i - 1, i + 2, i) - common[f];
        off[n++] = Math.abs(residual) / Math.sqrt(others);
      }
      counts[track] = n;
      sigmas[track] = n == 0 ? 0 : MAD_TO_SIGMA * median(off, n);
      if (n > 0) {
        known[tracksKnown++] = sigmas[track];
      }
    }
    if (certainty != null && tracksKnown == 0) {
      return;
    }
    double usual = tracksKnown == 0 ? 0 : median(known, tracksKnown);
    for (int track = 0; track < tracks.count(); track++) {
      boolean few = counts[track] < MIN_RESIDUALS;
      if (certainty != null && few && before[track] > 0) {
        continue;
      }
      double sigma = Math.max(sigmas[track], few ? usual : LEAST_OF_USUAL * usual);
      sigma = Math.max(MIN_SIGMA_PIXELS, sigma);
      weights[axis][track] = 1 / (sigma * sigma);
    }
  }

  /// What the boxes of each instant have in common along an axis, and the sum of their weights.
  private void findCommon(int axis, double[] common, double[] certainty) {
    double[] place = places[axis];
    Arrays.fill(common, 0);
    Arrays.fill(certainty, 0);
    for (int i = 1; i < tracks.size(); i++) {
      if (inRow(i, 2)) {
        double w = weights[axis][tracks.track(i)];
        common[tracks.frame(i)] += w * (place[i] - between(place, i - 1, i + 2, i));
        certainty[tracks.frame(i)] += w;
      }
    }
    for (int f = 0; f < common.length; f++) {
      common[f] = certainty[f] > 0 ? common[f] / certainty[f] : 0;
    }
  }

  private static double median(double[] values, int n) {
    if (n == 0) {
      return Double.NaN;
    }
    Arrays.sort(values, 0, n);
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
  }

  private void exchanges(int f, boolean[] stale) {
    for (int apart = 1; apart <= 2 && f + apart + 1 < version.length; apart++) {
      if (stale[f] || stale[f + apart]) {
        continue;
      }
      FrameOrder.Slip slip = exchange(f, apart);
      if (slip != null) {
        candidates.add(new Candidate(slip, apart, version[f]));
      }
    }
  }

  /// Weighs that the labels of instants `f` and `f + apart` are exchanged; null where they are not.
  private FrameOrder.@Nullable Slip exchange(int f, int apart) {
    int n = gather(f, apart);
    if (apart == 1) {
      examined += n;
    }
    if (n < MIN_TRACKS) {
      return null;
    }
    Arrays.fill(word, 0, n, 0);
    double cost = 0;
    double repaired = 0;
    double gain = 0;
    for (int axis = 0; axis < 2; axis++) {
      double[] place = places[axis];
      double all = 1 / camera[axis];
      double steps = 0;
      double ways = 0;
      double first = 0;
      double second = 0;
      double firstElse = 0;
      double secondElse = 0;
      for (int k = 0; k < n; k++) {
        int i = at[k];
        double w = weights[axis][tracks.track(i)];
        double a = between(place, i - 1, i + apart + 1, i);
        double b = between(place, i - 1, i + apart + 1, i + apart);
        double here = place[i];
        double there = place[i + apart];
        all += w;
        steps += w * (there - here);
        ways += w * (b - a);
        first += w * (here - a);
        second += w * (there - b);
        firstElse += w * (there - a);
        secondElse += w * (here - b);
        cost += w * ((here - a) * (here - a) + (there - b) * (there - b));
        repaired += w * ((there - a) * (there - a) + (here - b) * (here - b));
      }
      cost -= (first * first + second * second) / all;
      repaired -= (firstElse * firstElse + secondElse * secondElse) / all;
      gain -= 2 * steps * ways / (all * all * camera[axis]);
      for (int k = 0; k < n; k++) {
        int i = at[k];
        double w = weights[axis][tracks.track(i)];
        double way =
            between(place, i - 1, i + apart + 1, i + apart)
                - between(place, i - 1, i + apart + 1, i);
        word[k] -= 2 * w * (place[i + apart] - place[i] - steps / all) * (way - ways / all);
      }
    }
    double opposition = 0;
    int agreed = 0;
    int opposed = 0;
    for (int k = 0; k < n; k++) {
      double by = Math.clamp(word[k], -TRACK_CAP, TRACK_CAP);
      gain += by;
      if (by > CLEAR) {
        agreed++;
      } else if (by < -CLEAR) {
        opposed++;
        opposition -= by;
      }
    }
    if (gain < MIN_GAIN
        || agreed < MIN_TRACKS
        || opposed > FrameOrder.MAX_OPPOSED * agreed
        || opposition > FrameOrder.MAX_OPPOSED * (gain + opposition)
        || repaired > FrameOrder.MAX_REMAINING * cost) {
      return null;
    }
    return new FrameOrder.Slip(
        FrameOrder.Kind.EXCHANGED, f, f + apart, 0, agreed, cost, Math.max(0, repaired));
  }

  /// Boxes at instant `f` whose tracks hold all instants from the one before to the one behind `f +
  /// apart`.
  private int gather(int f, int apart) {
    int n = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i >= 0 && inRow(i, apart + 1)) {
        if (n == at.length) {
          at = Arrays.copyOf(at, n * 2);
          word = Arrays.copyOf(word, n * 2);
        }
        at[n++] = i;
      }
    }
    return n;
  }

  /// Puts the most evident exchange back, judges its neighbourhood anew, and goes on.
  private List<FrameOrder.Slip> settle(boolean[] stale) {
    List<FrameOrder.Slip> slips = new ArrayList<>();
    Set<List<Integer>> done = new HashSet<>();
    while (!candidates.isEmpty()) {
      Candidate best = candidates.remove();
      int f = best.slip.first();
      if (best.version != version[f] || !done.add(List.of(f, best.apart))) {
        continue;
      }
      slips.add(best.slip);
      putBack(f, best.apart);
      int from = Math.max(1, f - REACH);
      int to = Math.min(version.length - 3, best.slip.last() + REACH);
      for (int g = from; g <= to; g++) {
        version[g]++;
        exchanges(g, stale);
      }
    }
    return slips;
  }

  private void putBack(int f, int apart) {
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i < 0) {
        continue;
      }
      int end = tracks.end(tracks.track(i));
      int j = i + 1;
      while (j < end && tracks.frame(j) < f + apart) {
        j++;
      }
      if (j < end && tracks.frame(j) == f + apart) {
        for (double[] place : places) {
          double kept = place[i];
          place[i] = place[j];
          place[j] = kept;
        }
      }
    }
  }

  /// Instants whose boxes are those of the instant before to the last bit, although several of them
  /// should have moved.
  private List<FrameOrder.Slip> repeated() {
    List<FrameOrder.Slip> slips = new ArrayList<>();
    for (int f = 1; f < version.length - 1; f++) {
      int last = f - 1;
      while (last + 1 < version.length - 1 && last - f < MAX_REPEATED && repeats(last + 1)) {
        last++;
      }
      if (last >= f && last - f < MAX_REPEATED) {
        FrameOrder.Slip slip = stale(f, last);
        if (slip != null) {
          slips.add(slip);
        }
      }
      f = Math.max(f, last);
    }
    return slips;
  }

  /// Whether most boxes of an instant have the numbers of the box before.
  private boolean repeats(int f) {
    int same = 0;
    int boxes = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i > 0 && i > tracks.start(tracks.track(i)) && tracks.frame(i - 1) == f - 1) {
        boxes++;
        same += identical(tracks.row(i - 1), r) ? 1 : 0;
      }
    }
    return boxes >= MIN_TRACKS && same >= CopiedFrames.STALE_SHARE * boxes;
  }

  private boolean identical(int a, int b) {
    float[] boxes = tracks.labels().boxes2d();
    for (int k = 0; k < LabelSet.BOX_2D; k++) {
      if (boxes[a * LabelSet.BOX_2D + k] != boxes[b * LabelSet.BOX_2D + k]) {
        return false;
      }
    }
    return true;
  }

  private FrameOrder.@Nullable Slip stale(int f, int last) {
    int moved = 0;
    double cost = 0;
    for (int r = frames.start(f); r < frames.start(f + 1); r++) {
      int i = tracks.indexOf(r);
      if (i < 0 || !inRow(i, last - f + 1)) {
        continue;
      }
      double off = 0;
      for (int axis = 0; axis < 2; axis++) {
        double[] place = places[axis];
        double away = place[i] - between(place, i - 1, i + last - f + 1, i);
        off += away * away * weights[axis][tracks.track(i)];
      }
      if (off > REPEATED_SIGMAS * REPEATED_SIGMAS) {
        moved++;
        cost += off;
      }
    }
    return moved < MIN_TRACKS
        ? null
        : new FrameOrder.Slip(FrameOrder.Kind.REPEATED, f, last, 0, moved, cost, 0);
  }
}
