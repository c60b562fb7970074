package dev.lockstep.check.label;

import dev.lockstep.geometry.Angles;
import dev.lockstep.geometry.ImageOverlap;
import dev.lockstep.model.LabelSet;

/// Whether an object stays in view between two of its boxes.
final class Visibility {
  /// An object with fewer LiDAR points may have been left out on purpose (judged).
  static final int MIN_POINTS = 5;

  /// An object hidden or cut off by more than this share may have been left out on purpose, and one
  /// that another box covers by as much may be hidden (judged).
  static final double MAX_HIDDEN = 0.5;

  /// A box this near to the outermost edge of all boxes, as a share of the image, may leave it.
  private static final double BORDER = 0.02;

  /// A box of a track that begins in the gap, this near to the expected place, is the object under
  /// another id.
  private static final double SAME_PLACE_METERS = 1;

  private static final double SAME_PLACE_OVERLAP = 0.5;

  private final Tracks tracks;
  private final LabelSet labels;
  private final double[] edges = {
    Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, -Double.MAX_VALUE
  };
  private boolean edgesKnown;

  Visibility(Tracks tracks) {
    this.tracks = tracks;
    this.labels = tracks.labels();
  }

  /// Whether the object of boxes `before` and `after`, neighbours on one track, must be in view at
  /// the instants between them: seen on both sides, not at the image border, and, where the labels
  /// do not say how much of it can be seen, nothing in front.
  boolean inView(int before, int after) {
    if (!seen(tracks.row(before)) || !seen(tracks.row(after))) {
      return false;
    }
    boolean claimed = claims(tracks.row(before)) && claims(tracks.row(after));
    for (int f = tracks.frame(before) + 1; f < tracks.frame(after); f++) {
      double share =
          (tracks.frames().seconds(f) - tracks.t[before]) / (tracks.t[after] - tracks.t[before]);
      if (tracks.flat()
          ? !inView2d(before, after, f, share, claimed)
          : !inView3d(before, after, f, share, claimed)) {
        return false;
      }
    }
    return true;
  }

  /// Whether the label itself claims that enough of the object can be seen, or claims nothing.
  private boolean seen(int row) {
    return !(labels.truncated()[row] > MAX_HIDDEN)
        && !(labels.occluded()[row] > MAX_HIDDEN)
        && (labels.points()[row] < 0 || labels.points()[row] >= MIN_POINTS);
  }

  /// Whether the label says how much of the object can be seen.
  private boolean claims(int row) {
    return !Float.isNaN(labels.occluded()[row]) || labels.points()[row] >= 0;
  }

  private boolean inView2d(int before, int after, int frame, double share, boolean claimed) {
    findEdges();
    float[] boxes = labels.boxes2d();
    int a = tracks.row(before) * LabelSet.BOX_2D;
    int b = tracks.row(after) * LabelSet.BOX_2D;
    double left = boxes[a] + share * (boxes[b] - boxes[a]);
    double top = boxes[a + 1] + share * (boxes[b + 1] - boxes[a + 1]);
    double right = boxes[a + 2] + share * (boxes[b + 2] - boxes[a + 2]);
    double bottom = boxes[a + 3] + share * (boxes[b + 3] - boxes[a + 3]);
    double marginX = BORDER * (edges[2] - edges[0]);
    double marginY = BORDER * (edges[3] - edges[1]);
    if (left < edges[0] + marginX
        || right > edges[2] - marginX
        || top < edges[1] + marginY
        || bottom > edges[3] - marginY) {
      return false;
    }
    double area = (right - left) * (bottom - top);
    for (int r = tracks.frames().start(frame); r < tracks.frames().start(frame + 1); r++) {
      int at = r * LabelSet.BOX_2D;
      double covered =
          ImageOverlap.intersection(
              left, top, right, bottom, boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]);
      if (!claimed && covered > MAX_HIDDEN * area
          || covered > SAME_PLACE_OVERLAP * area && bornInGap(r, tracks.frame(before))) {
        return false;
      }
    }
    return true;
  }

  private void findEdges() {
    if (edgesKnown) {
      return;
    }
    float[] boxes = labels.boxes2d();
    for (int r = 0; r < labels.size(); r++) {
      if (labels.has2d(r)) {
        for (int e = 0; e < 2; e++) {
          edges[e] = Math.min(edges[e], boxes[r * LabelSet.BOX_2D + e]);
          edges[2 + e] = Math.max(edges[2 + e], boxes[r * LabelSet.BOX_2D + 2 + e]);
        }
      }
    }
    edgesKnown = true;
  }

  private boolean inView3d(int before, int after, int frame, double share, boolean claimed) {
    double[] boxes = labels.boxes3d();
    int a = tracks.row(before) * LabelSet.BOX_3D;
    int b = tracks.row(after) * LabelSet.BOX_3D;
    double x = boxes[a] + share * (boxes[b] - boxes[a]);
    double y = boxes[a + 1] + share * (boxes[b + 1] - boxes[a + 1]);
    boolean sensorAtOrigin = labels.frameOfReference() != LabelSet.Frame.WORLD;
    double range = Math.hypot(x, y);
    double halfAngle = halfAngle(a, range);
    for (int r = tracks.frames().start(frame); r < tracks.frames().start(frame + 1); r++) {
      if (!labels.has3d(r)) {
        continue;
      }
      int at = r * LabelSet.BOX_3D;
      double away = Math.hypot(boxes[at] - x, boxes[at + 1] - y);
      if (away < SAME_PLACE_METERS
          && bornInGap(r, tracks.frame(before))
          && !goesOn(r, tracks.frame(after))) {
        return false;
      }
      double otherRange = Math.hypot(boxes[at], boxes[at + 1]);
      if (claimed || !sensorAtOrigin || otherRange >= range) {
        continue;
      }
      double apart =
          Math.abs(Angles.difference(Math.atan2(boxes[at + 1], boxes[at]), Math.atan2(y, x)));
      double covered = Math.min(2 * halfAngle, halfAngle + halfAngle(at, otherRange) - apart);
      if (covered > MAX_HIDDEN * 2 * halfAngle) {
        return false;
      }
    }
    return true;
  }

  /// Half the angle under which a box is seen, taken from its diagonal.
  private double halfAngle(int at, double range) {
    double[] boxes = labels.boxes3d();
    return Math.atan2(Math.hypot(boxes[at + 3], boxes[at + 4]) / 2, Math.max(range, 1));
  }

  /// Whether the track of a row is there beside the one that comes back: then it is another object.
  private boolean goesOn(int row, int frameAfter) {
    int index = tracks.indexOf(row);
    return index >= 0 && tracks.frame(tracks.end(tracks.track(index)) - 1) >= frameAfter;
  }

  private boolean bornInGap(int row, int frameBefore) {
    int index = tracks.indexOf(row);
    return index >= 0 && tracks.frame(tracks.start(tracks.track(index))) > frameBefore;
  }
}
