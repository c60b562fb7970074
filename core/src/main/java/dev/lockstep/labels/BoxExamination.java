package dev.lockstep.labels;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds boxes that cannot exist, whatever they label: sizes that are no positive numbers,
/// orientations that are no rotations, edges in the wrong order, values beyond any sensor.
public final class BoxExamination {
  /// How far the length of an orientation's quaternion may be from 1. Judged: single precision and
  /// four printed decimals stay below a tenth of it.
  public static final double QUATERNION_TOLERANCE = 1e-3;

  /// Largest edge of a box, meters. Judged: the longest road train has 53.5 m, a tram 60 m, a
  /// labelled train 200 m.
  public static final double MAX_SIZE_METERS = 500;

  /// Largest coordinate of a centre in a frame that moves with a sensor or the vehicle, meters.
  /// Judged: ten times the range of the longest-range LiDAR and radar.
  public static final double MAX_RANGE_METERS = 5_000;

  /// Largest coordinate of a centre in the world, meters: half the Earth's circumference, which no
  /// map projection exceeds.
  public static final double MAX_WORLD_METERS = 20_037_509;

  /// Largest edge coordinate, pixels. Judged: ten times the widest sensor.
  public static final double MAX_PIXELS = 200_000;

  private static final String[] SIZES = {"length", "width", "height"};
  private static final String[] CENTRE = {"centre x", "centre y", "centre z"};
  private static final String[] EDGES = {"left edge", "top edge", "right edge", "bottom edge"};

  private final LabelSet labels;
  private final double maxCentre;

  private BoxExamination(LabelSet labels) {
    this.labels = labels;
    this.maxCentre =
        labels.frameOfReference() == LabelSet.Frame.WORLD ? MAX_WORLD_METERS : MAX_RANGE_METERS;
  }

  /// Looks at every box of a sealed set. Boxes of one track that follow each other with the same
  /// fault make one [DefectKind#BOX_INVALID].
  ///
  /// @return number of boxes looked at
  public static long examine(LabelSet labels, Consumer<Defect> defects) {
    BoxExamination examination = new BoxExamination(labels);
    int[] rows = labels.trackRows();
    for (int track = 0; track < labels.trackCount(); track++) {
      examination.examineTrack(
          rows, labels.trackStart(track), labels.trackStart(track + 1), defects);
    }
    int[] tracks = labels.tracks();
    for (int row = 0; row < labels.size(); row++) {
      if (tracks[row] == LabelSet.NO_TRACK) {
        Evidence fault = examination.fault(row);
        if (fault != null) {
          defects.accept(Defect.of(DefectKind.BOX_INVALID, labels.location(row, row), fault));
        }
      }
    }
    return labels.size();
  }

  private void examineTrack(int[] rows, int from, int to, Consumer<Defect> defects) {
    @Nullable Evidence running = null;
    int first = 0;
    int last = 0;
    for (int i = from; i < to; i++) {
      int row = rows[i];
      Evidence fault = fault(row);
      if (running != null && (fault == null || !fault.what().equals(running.what()))) {
        defects.accept(Defect.of(DefectKind.BOX_INVALID, labels.location(first, last), running));
        running = null;
      }
      if (fault != null && running == null) {
        running = fault;
        first = row;
      }
      last = row;
    }
    if (running != null) {
      defects.accept(Defect.of(DefectKind.BOX_INVALID, labels.location(first, last), running));
    }
  }

  /// The first thing that is wrong with the box of a row, or null.
  private @Nullable Evidence fault(int row) {
    Evidence fault = labels.has3d(row) || hasSize(row) ? fault3d(row) : null;
    return fault != null || !labels.has2d(row) ? fault : fault2d(row);
  }

  /// A centre that is NaN does not make a size disappear.
  private boolean hasSize(int row) {
    return !Double.isNaN(labels.boxes3d()[row * LabelSet.BOX_3D + 3]);
  }

  private @Nullable Evidence fault3d(int row) {
    double[] b = labels.boxes3d();
    int at = row * LabelSet.BOX_3D;
    for (int i = 0; i < 3; i++) {
      if (!(Math.abs(b[at + i]) <= maxCentre)) {
        return new Evidence.OutOfRange(CENTRE[i], b[at + i], -maxCentre, maxCentre, "m");
      }
    }
    for (int i = 0; i < 3; i++) {
      double size = b[at + 3 + i];
      if (!(size > 0 && size <= MAX_SIZE_METERS)) {
        return new Evidence.Violation(
            "box " + SIZES[i],
            Numbers.text(size) + " m",
            "above 0, at most " + Numbers.text(MAX_SIZE_METERS) + " m");
      }
    }
    double norm =
        Math.sqrt(
            b[at + 6] * b[at + 6]
                + b[at + 7] * b[at + 7]
                + b[at + 8] * b[at + 8]
                + b[at + 9] * b[at + 9]);
    if (!(Math.abs(norm - 1) <= QUATERNION_TOLERANCE)) {
      return new Evidence.OutOfRange(
          "length of the orientation quaternion",
          norm,
          1 - QUATERNION_TOLERANCE,
          1 + QUATERNION_TOLERANCE,
          "");
    }
    return null;
  }

  private @Nullable Evidence fault2d(int row) {
    float[] b = labels.boxes2d();
    int at = row * LabelSet.BOX_2D;
    for (int i = 0; i < 4; i++) {
      if (!(Math.abs(b[at + i]) <= MAX_PIXELS)) {
        return new Evidence.OutOfRange(EDGES[i], b[at + i], -MAX_PIXELS, MAX_PIXELS, "px");
      }
    }
    if (b[at + 2] < b[at]) {
      return new Evidence.OutOfRange("right edge", b[at + 2], b[at], null, "px");
    }
    if (b[at + 3] < b[at + 1]) {
      return new Evidence.OutOfRange("bottom edge", b[at + 3], b[at + 1], null, "px");
    }
    // Beside a box in space, a point says that there is none in the image.
    if (b[at + 2] == b[at] && b[at + 3] == b[at + 1] && !labels.has3d(row)) {
      return new Evidence.Violation(
          "box in the image",
          "a point at " + Numbers.text(b[at]) + ", " + Numbers.text(b[at + 1]) + " px",
          "a width or a height");
    }
    return null;
  }
}
