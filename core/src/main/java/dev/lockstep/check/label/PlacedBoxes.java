package dev.lockstep.check.label;

import org.jspecify.annotations.Nullable;

/// Where the boxes of tracks stand once labels that belong to other instants are back at theirs:
/// what is judged next rests on labels in order.
final class PlacedBoxes {
  private final Tracks tracks;
  private double[] x;
  private double[] y;
  private double[] z;

  /// Box whose numbers stand in the place of each; null while nothing was put back.
  private int @Nullable [] from;

  /// Boxes of which nothing is known any more: theirs is an instant at which the track has none.
  private boolean[] lost = {};

  private final double[] place = new double[3];

  PlacedBoxes(Tracks tracks) {
    this.tracks = tracks;
    x = tracks.x;
    y = tracks.y;
    z = tracks.z;
  }

  /// Whether all stand where they were given.
  boolean asGiven() {
    return from == null;
  }

  /// Adds box `i` to a way; nothing where it is lost.
  void add(int i, StraightFit way) {
    if (!isLost(i)) {
      way.add(tracks.t[i], x[i], y[i], z[i]);
    }
  }

  /// Adds the middle of `n` boxes from `first` on: the same in any order.
  void addMiddle(int first, int n, StraightFit way) {
    double sumT = 0;
    double sumX = 0;
    double sumY = 0;
    double sumZ = 0;
    for (int i = first; i < first + n; i++) {
      sumT += tracks.t[i];
      sumX += x[i];
      sumY += y[i];
      sumZ += z[i];
    }
    way.add(sumT / n, sumX / n, sumY / n, sumZ / n);
  }

  /// Whether the place of any of `n` boxes in a row is lost.
  boolean anyLost(int first, int n) {
    for (int i = first; i < first + n; i++) {
      if (isLost(i)) {
        return true;
      }
    }
    return false;
  }

  /// Whether nothing is known of a box.
  boolean isLost(int i) {
    return from != null && lost[i];
  }

  /// Writes where a box would be if it were a label of instant `frame`.
  void at(int i, int frame, double[] out) {
    int[] known = from;
    if (known != null) {
      tracks.placeAt(known[i], frame, out);
    } else {
      tracks.placeAt(i, frame, out);
    }
  }

  /// Puts the labels of the instants from `first` on back: those of `first + k` belong to `first +
  /// order[k]`.
  void putBack(int first, int[] order) {
    int[] known = from;
    if (known == null) {
      known = new int[tracks.size()];
      for (int i = 0; i < known.length; i++) {
        known[i] = i;
      }
      from = known;
      lost = new boolean[known.length];
      x = x.clone();
      y = y.clone();
      z = z.clone();
    }
    int n = order.length;
    int[] box = new int[n];
    int[] content = new int[n];
    LabelFrames frames = tracks.frames();
    for (int k = 0; k < n; k++) {
      for (int r = frames.start(first + k); r < frames.start(first + k + 1); r++) {
        int i = tracks.indexOf(r);
        if (i < 0 || k > 0 && i > tracks.start(tracks.track(i)) && tracks.frame(i - 1) >= first) {
          // No box, or the track was seen at an instant before.
          continue;
        }
        boolean whole = k == 0 && i + n <= tracks.end(tracks.track(i));
        whole = whole && tracks.frame(i + n - 1) == first + n - 1;
        if (!whole) {
          for (int j = i; j < tracks.end(tracks.track(i)) && tracks.frame(j) < first + n; j++) {
            lost[j] |= order[tracks.frame(j) - first] != tracks.frame(j) - first;
          }
          continue;
        }
        for (int m = 0; m < n; m++) {
          box[m] = i + order[m];
          content[m] = known[i + m];
        }
        for (int m = 0; m < n; m++) {
          known[box[m]] = content[m];
          tracks.placeAt(content[m], first + order[m], place);
          x[box[m]] = place[0];
          y[box[m]] = place[1];
          z[box[m]] = place[2];
        }
      }
    }
  }
}
