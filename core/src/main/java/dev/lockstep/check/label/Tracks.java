package dev.lockstep.check.label;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.geometry.PoseLookup;
import dev.lockstep.geometry.Rigid;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Times;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Boxes of a label set by track, in order of time: what the rules about motion look at.
///
/// An *index* counts these boxes, all of one track in a row, from `start(track)` to `start(track +
/// 1)`; instants ascend strictly along a track. Left out are boxes without geometry, rows without a
/// stamp or identity, regions to be ignored, and, because it cannot be known which is meant, all
/// boxes of a track at an instant that holds it twice.
///
/// Positions are fixed to the ground where the set is in the world frame, or in the vehicle's with
/// poses at all its instants; otherwise they are as given. Sets without 3D boxes are *flat*: x and
/// y are the centre in pixels, sizes are width and height.
final class Tracks {
  /// Poses further apart than this are not interpolated (judged: a vehicle at 1.5 rad/s turns 9
  /// degrees in 0.1 s, of which interpolation leaves less than 0.2).
  private static final long MAX_POSE_GAP_NS = 200 * Times.MILLISECOND;

  /// Where the frame moves with the sensor, longer steps hide what happens in them (measured: at
  /// 0.2 s no clean box jumps, at 0.5 s one in a hundred seems to).
  private static final double MAX_MOVING_PERIOD_SECONDS = 0.25;

  private final LabelSet labels;
  private final LabelFrames frames;
  private final boolean flat;
  private final boolean grounded;
  private final ObjectKind[] kindOfCategory;
  private final boolean[] identity;
  private final int[] starts;
  private final int[] rows;
  private final int[] indexOf;
  private final int[] frameOf;
  private final int[] trackOf;
  private final int[] categoryOf;
  private final double @Nullable [] poses;

  final double[] t;
  final double[] x;
  final double[] y;
  final double[] z;
  final double[] range;
  private final double[] givenX;
  private final double[] givenY;
  private final double[] yaw;

  /// Headings on the ground as directions, of no particular length.
  private final double[] headX;

  private final double[] headY;
  private final double[][] sizes;

  /// The tracks of sealed `labels`; rules share those of [SharedEvidence].
  ///
  /// @param kinds kinds of the categories of the set
  /// @param identity which of its tracks are identities
  Tracks(LabelSet labels, LabelCheck.Context context, ObjectKind[] kinds, boolean[] identity) {
    this.labels = labels;
    this.frames = LabelFrames.of(labels);
    this.kindOfCategory = kinds;
    this.identity = identity;
    this.flat = isFlat(labels);
    this.poses = poses(labels, frames, context);
    this.grounded = !flat && (labels.frameOfReference() == LabelSet.Frame.WORLD || poses != null);
    int n = labels.size();
    int trackCount = labels.trackCount();
    int[] next = new int[trackCount + 1];
    indexOf = new int[n];
    for (int r = 0; r < n; r++) {
      indexOf[r] = -1;
      if (usable(r)) {
        indexOf[r] = 0;
        next[labels.tracks()[r] + 1]++;
      }
    }
    for (int i = 0; i < trackCount; i++) {
      next[i + 1] += next[i];
    }
    int kept = next[trackCount];
    starts = next.clone();
    rows = new int[kept];
    boolean repeats = false;
    for (int r = 0; r < n; r++) {
      if (indexOf[r] >= 0) {
        int track = labels.tracks()[r];
        int index = next[track]++;
        rows[index] = r;
        indexOf[r] = index;
        repeats |= index > starts[track] && frames.frameOf(rows[index - 1]) == frames.frameOf(r);
      }
    }
    if (repeats) {
      leaveRepeatsOut();
      kept = starts[trackCount];
      Arrays.fill(indexOf, -1);
      for (int i = 0; i < kept; i++) {
        indexOf[rows[i]] = i;
      }
    }
    t = new double[kept];
    x = new double[kept];
    y = new double[kept];
    z = new double[kept];
    range = new double[kept];
    givenX = poses == null ? x : new double[kept];
    givenY = poses == null ? y : new double[kept];
    yaw = new double[kept];
    Arrays.fill(yaw, Double.NaN);
    headX = new double[flat ? 0 : kept];
    headY = new double[flat ? 0 : kept];
    frameOf = new int[kept];
    trackOf = new int[kept];
    categoryOf = new int[kept];
    sizes = new double[flat ? 2 : 3][kept];
    if (flat) {
      placeInImage();
    } else {
      placeInSpace();
    }
  }

  private static boolean isFlat(LabelSet labels) {
    for (int r = 0; r < labels.size(); r++) {
      if (labels.has3d(r)) {
        return false;
      }
    }
    return true;
  }

  private boolean usable(int row) {
    int track = labels.tracks()[row];
    return track >= 0
        && identity[track]
        && frames.frameOf(row) >= 0
        && kindOfCategory[labels.categories()[row]] != ObjectKind.NONE
        && (flat ? labels.has2d(row) : labels.has3d(row));
  }

  private void leaveRepeatsOut() {
    int to = 0;
    for (int track = 0; track < labels.trackCount(); track++) {
      int from = starts[track];
      int end = starts[track + 1];
      starts[track] = to;
      for (int i = from; i < end; ) {
        int frame = frames.frameOf(rows[i]);
        int j = i + 1;
        while (j < end && frames.frameOf(rows[j]) == frame) {
          j++;
        }
        if (j == i + 1) {
          rows[to++] = rows[i];
        }
        i = j;
      }
    }
    starts[labels.trackCount()] = to;
  }

  private static double @Nullable [] poses(
      LabelSet labels, LabelFrames frames, LabelCheck.Context context) {
    PoseSeries series = context.poses();
    if (series == null || frames.count() == 0) {
      return null;
    }
    if (labels.frameOfReference() != LabelSet.Frame.EGO) {
      return null;
    }
    PoseLookup lookup = new PoseLookup(series, MAX_POSE_GAP_NS);
    double[] poses = new double[frames.count() * Rigid.STRIDE];
    for (int f = 0; f < frames.count(); f++) {
      if (!lookup.at(frames.stampNs(f), poses, f * Rigid.STRIDE)) {
        return null;
      }
    }
    return poses;
  }

  /// In order of rows, so that the wide rows are read one after the other, and once.
  private void placeInImage() {
    float[] boxes = labels.boxes2d();
    for (int r = 0; r < labels.size(); r++) {
      int i = indexOf[r];
      if (i < 0) {
        continue;
      }
      place(i, r);
      int at = r * LabelSet.BOX_2D;
      x[i] = (boxes[at] + boxes[at + 2]) / 2.0;
      y[i] = (boxes[at + 1] + boxes[at + 3]) / 2.0;
      sizes[0][i] = (double) boxes[at + 2] - boxes[at];
      sizes[1][i] = (double) boxes[at + 3] - boxes[at + 1];
    }
  }

  private void placeInSpace() {
    double[] boxes = labels.boxes3d();
    double[] point = new double[3];
    double[] turned = new double[4];
    boolean fixed = labels.frameOfReference() == LabelSet.Frame.WORLD;
    double[] known = poses;
    for (int r = 0; r < labels.size(); r++) {
      int i = indexOf[r];
      if (i < 0) {
        continue;
      }
      place(i, r);
      int at = r * LabelSet.BOX_3D;
      double bx = boxes[at];
      double by = boxes[at + 1];
      double bz = boxes[at + 2];
      givenX[i] = bx;
      givenY[i] = by;
      z[i] = bz;
      range[i] = fixed ? Double.NaN : Math.sqrt(bx * bx + by * by + bz * bz);
      for (int d = 0; d < sizes.length; d++) {
        sizes[d][i] = boxes[at + 3 + d];
      }
      at += 6;
      if (known == null) {
        headX[i] = Rigid.headingX(boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]);
        headY[i] = Rigid.headingY(boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]);
      } else {
        int pose = frameOf[i] * Rigid.STRIDE;
        Rigid.apply(known, pose, bx, by, bz, point, 0);
        x[i] = point[0];
        y[i] = point[1];
        z[i] = point[2];
        Rigid.turn(known, pose, boxes, at, turned, 0);
        headX[i] = Rigid.headingX(turned[0], turned[1], turned[2], turned[3]);
        headY[i] = Rigid.headingY(turned[0], turned[1], turned[2], turned[3]);
      }
    }
  }

  private void place(int i, int row) {
    int frame = frames.frameOf(row);
    frameOf[i] = frame;
    t[i] = frames.seconds(frame);
    trackOf[i] = labels.tracks()[row];
    categoryOf[i] = labels.categories()[row];
  }

  /// The labels.
  LabelSet labels() {
    return labels;
  }

  /// Their instants.
  LabelFrames frames() {
    return frames;
  }

  /// Whether boxes are 2D.
  boolean flat() {
    return flat;
  }

  /// Whether positions and headings are fixed to the ground.
  boolean grounded() {
    return grounded;
  }

  /// Whether poses of the vehicle are what fixes them.
  boolean placedByPoses() {
    return poses != null;
  }

  /// Why jumps cannot be told from motion at all, or null if they can.
  @Nullable String blind() {
    double period = frames.periodSeconds();
    return grounded || flat || !(period > MAX_MOVING_PERIOD_SECONDS)
        ? null
        : "boxes stand "
            + Numbers.text(Math.rint(period * 1000) / 1000)
            + " s apart in a frame that moves with the sensor, and no poses are known";
  }

  /// Number of boxes.
  int size() {
    return starts[labels.trackCount()];
  }

  /// Number of tracks, those without boxes included.
  int count() {
    return labels.trackCount();
  }

  /// First index of a track.
  int start(int track) {
    return starts[track];
  }

  /// One past the last index of a track.
  int end(int track) {
    return starts[track + 1];
  }

  /// Row of a box in the label set.
  int row(int index) {
    return rows[index];
  }

  /// Index of a row, or -1 where it was left out.
  int indexOf(int row) {
    return indexOf[row];
  }

  /// Instant of a box.
  int frame(int index) {
    return frameOf[index];
  }

  /// Track of a box.
  int track(int index) {
    return trackOf[index];
  }

  /// Category of a box.
  int category(int index) {
    return categoryOf[index];
  }

  /// Kind of object of a box.
  ObjectKind kind(int index) {
    return kindOfCategory[category(index)];
  }

  /// Length (dimension 0), width (1) or height (2) of a box, meters; of flat ones width (0) and
  /// height (1) in pixels, and 0.
  double dimension(int index, int dimension) {
    return dimension < sizes.length ? sizes[dimension][index] : 0;
  }

  /// Where box `index` would be if it were a label of instant `frame`: with poses, the vehicle
  /// stands elsewhere then. Writes x, y, z to `out`.
  void placeAt(int index, int frame, double[] out) {
    double[] known = poses;
    if (known == null || frame == frame(index)) {
      out[0] = x[index];
      out[1] = y[index];
      out[2] = z[index];
      return;
    }
    double[] boxes = labels.boxes3d();
    int at = rows[index] * LabelSet.BOX_3D;
    Rigid.apply(known, frame * Rigid.STRIDE, boxes[at], boxes[at + 1], boxes[at + 2], out, 0);
  }

  /// Where boxes lie as their labels say, meters: where poses are known, along the vehicle.
  double[] givenX() {
    return givenX;
  }

  /// The same across.
  double[] givenY() {
    return givenY;
  }

  /// Where the vehicle stands at an instant, on the ground: 0 where no poses are known.
  double vehicleX(int frame) {
    return poses == null ? 0 : poses[frame * Rigid.STRIDE + 4];
  }

  /// The same across.
  double vehicleY(int frame) {
    return poses == null ? 0 : poses[frame * Rigid.STRIDE + 5];
  }

  /// Whether where a box would be depends on the instant: poses are known.
  boolean posed() {
    return poses != null;
  }

  /// Whether two 3D boxes have the same numbers to the last bit, as they stand in the labels.
  boolean identical(int a, int b) {
    if (givenX[a] != givenX[b]) {
      return false;
    }
    double[] boxes = labels.boxes3d();
    int i = rows[a] * LabelSet.BOX_3D;
    int j = rows[b] * LabelSet.BOX_3D;
    for (int k = 0; k < LabelSet.BOX_3D; k++) {
      if (boxes[i + k] != boxes[j + k]) {
        return false;
      }
    }
    return true;
  }

  /// Heading on the ground, radians; NaN where boxes are flat. Most are never asked for.
  double yaw(int index) {
    if (Double.isNaN(yaw[index]) && !flat) {
      yaw[index] = Math.atan2(headY[index], headX[index]);
    }
    return yaw[index];
  }

  /// How far a box is turned against another at most, radians: exact for small angles, and half a
  /// turn for all that might be large. Boxes are not flat.
  double turnAtMost(int a, int b) {
    double cross = Math.abs(headX[a] * headY[b] - headY[a] * headX[b]);
    double dot = headX[a] * headX[b] + headY[a] * headY[b];
    // An angle is no larger than its tangent.
    return cross < dot ? cross / dot * (1 + 1e-9) + 1e-12 : Math.PI;
  }

  /// Whether a box points along a direction on the ground, within a right angle.
  boolean pointsAlong(int index, double dx, double dy) {
    return headX[index] * dx + headY[index] * dy > 0;
  }
}
