package dev.lockstep.check.label;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Labels that tests build and damage, one object a box.
final class LabelTable {
  final LabelSet.Frame frameOfReference;
  final StampSource stampSource;
  final List<Box> boxes = new ArrayList<>();

  LabelTable(LabelSet.Frame frameOfReference, StampSource stampSource) {
    this.frameOfReference = frameOfReference;
    this.stampSource = stampSource;
  }

  static final class Box implements Cloneable {
    long stampNs;
    long frame;
    String track;
    String category;
    double x = Double.NaN;
    double y;
    double z;
    double length;
    double width;
    double height;
    double qw;
    double qx;
    double qy;
    double qz;
    double left = Double.NaN;
    double top;
    double right;
    double bottom;
    int points = -1;
    double truncated = Double.NaN;
    double occluded = Double.NaN;

    Box at(long stampNs, long frame, String track, String category) {
      this.stampNs = stampNs;
      this.frame = frame;
      this.track = track;
      this.category = category;
      return this;
    }

    Box solid(double x, double y, double z, double length, double width, double height) {
      this.x = x;
      this.y = y;
      this.z = z;
      this.length = length;
      this.width = width;
      this.height = height;
      return yaw(0);
    }

    Box flat(double left, double top, double right, double bottom) {
      this.left = left;
      this.top = top;
      this.right = right;
      this.bottom = bottom;
      return this;
    }

    Box yaw(double yaw) {
      qw = Math.cos(yaw / 2);
      qx = 0;
      qy = 0;
      qz = Math.sin(yaw / 2);
      return this;
    }

    /// Turns the box about its own up axis.
    void turn(double angle) {
      double c = Math.cos(angle / 2);
      double s = Math.sin(angle / 2);
      double w = qw * c - qz * s;
      double a = qx * c + qy * s;
      double b = qy * c - qx * s;
      double d = qz * c + qw * s;
      qw = w;
      qx = a;
      qy = b;
      qz = d;
    }

    Box copy() {
      try {
        return (Box) clone();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// The boxes of `labels`, in order of their rows.
  static LabelTable of(LabelSet labels) {
    LabelTable table = new LabelTable(labels.frameOfReference(), labels.stampSource());
    for (int row = 0; row < labels.size(); row++) {
      int track = labels.tracks()[row];
      Box box =
          table
              .add(new Box())
              .at(
                  labels.stampsNs()[row],
                  labels.frames()[row],
                  track < 0 ? null : labels.trackName(track),
                  labels.categoryName(labels.categories()[row]));
      if (labels.has3d(row)) {
        double[] b = labels.boxes3d();
        int at = row * LabelSet.BOX_3D;
        box.solid(b[at], b[at + 1], b[at + 2], b[at + 3], b[at + 4], b[at + 5]);
        box.qw = b[at + 6];
        box.qx = b[at + 7];
        box.qy = b[at + 8];
        box.qz = b[at + 9];
      }
      if (labels.has2d(row)) {
        float[] b = labels.boxes2d();
        int at = row * LabelSet.BOX_2D;
        box.flat(b[at], b[at + 1], b[at + 2], b[at + 3]);
      }
      box.points = labels.points()[row];
      box.truncated = labels.truncated()[row];
      box.occluded = labels.occluded()[row];
    }
    return table;
  }

  Box add(Box box) {
    boxes.add(box);
    return box;
  }

  LabelTable copy() {
    return where(b -> true);
  }

  LabelTable where(Predicate<Box> kept) {
    LabelTable copy = new LabelTable(frameOfReference, stampSource);
    for (Box box : boxes) {
      if (kept.test(box)) {
        copy.add(box.copy());
      }
    }
    return copy;
  }

  /// Boxes of each track, in order of time.
  List<List<Box>> tracks() {
    Map<String, List<Box>> tracks = new LinkedHashMap<>();
    for (Box box : boxes) {
      if (box.track != null && !box.track.startsWith("-")) {
        tracks.computeIfAbsent(box.track, k -> new ArrayList<>()).add(box);
      }
    }
    for (List<Box> track : tracks.values()) {
      track.sort(Comparator.comparingLong(b -> b.stampNs));
    }
    return new ArrayList<>(tracks.values());
  }

  LabelSet build() {
    LabelSet set = new LabelSet("labels", frameOfReference, stampSource);
    int line = 0;
    for (Box b : boxes) {
      int row = set.add(b.stampNs, b.frame, b.track, b.category, "labels.txt", ++line);
      if (!Double.isNaN(b.x)) {
        set.setBox3d(row, b.x, b.y, b.z, b.length, b.width, b.height, b.qw, b.qx, b.qy, b.qz);
      }
      if (!Double.isNaN(b.left)) {
        set.setBox2d(row, b.left, b.top, b.right, b.bottom);
      }
      if (b.points >= 0) {
        set.setPoints(row, b.points);
      }
      set.setVisibility(row, b.truncated, b.occluded);
    }
    set.seal();
    return set;
  }
}
