package dev.lockstep.labels;

import dev.lockstep.model.LabelSet;
import java.util.EnumSet;
import java.util.Set;

/// What files of a format can say, and how exactly: what two exports can be compared by.
///
/// Everything is about files as our writers make them; foreign files may be finer or coarser.
///
/// @param fields what a row can hold
/// @param frames frames of reference in which its boxes can be given
/// @param pixelDecimals decimals of 2D edges, pixels; [#FULL] where nothing is cut
/// @param meterDecimals decimals of 3D coordinates and sizes, meters
/// @param angleDecimals decimals of angles in `angleUnit`, or of quaternion parts
/// @param timeBase what says when
/// @param anchor2d which points give a 2D box
/// @param anchor3d which point gives the place of a 3D box
/// @param axes axes of the 3D boxes
/// @param rotation how the orientation is given
/// @param visibility how truncation and occlusion are given
public record LabelCapabilities(
    Set<LabelField> fields,
    Set<LabelSet.Frame> frames,
    int pixelDecimals,
    int meterDecimals,
    int angleDecimals,
    TimeBase timeBase,
    Anchor2d anchor2d,
    Anchor3d anchor3d,
    Axes axes,
    Rotation rotation,
    Visibility visibility) {
  /// Every digit of a double is kept.
  public static final int FULL = 17;

  /// Everything that a [LabelSet] can hold, as it holds it.
  public static final LabelCapabilities EVERYTHING =
      new LabelCapabilities(
          EnumSet.allOf(LabelField.class),
          EnumSet.allOf(LabelSet.Frame.class),
          FULL,
          FULL,
          FULL,
          TimeBase.NANOSECONDS,
          Anchor2d.EDGES,
          Anchor3d.CENTRE,
          Axes.Z_UP,
          Rotation.QUATERNION_WXYZ,
          Visibility.SHARE);

  /// Copies the sets.
  public LabelCapabilities {
    fields = Set.copyOf(fields);
    frames = Set.copyOf(frames);
  }

  /// What says when a box is.
  public enum TimeBase {
    /// Absolute, nanoseconds.
    NANOSECONDS,
    /// Absolute, microseconds.
    MICROSECONDS,
    /// Frame numbers from 0.
    FRAMES_FROM_0,
    /// Frame numbers from 1.
    FRAMES_FROM_1,
    /// Position in a list.
    POSITION
  }

  /// Which points give a 2D box.
  public enum Anchor2d {
    /// There are none.
    NONE,
    /// Left, top, right, bottom.
    EDGES,
    /// Left, top, width, height.
    CORNER_AND_SIZE,
    /// Left, top, width, height, in percent of the image.
    CORNER_AND_SIZE_PERCENT,
    /// Centre, width, height.
    CENTRE_AND_SIZE
  }

  /// Which point gives the place of a 3D box.
  public enum Anchor3d {
    /// There are none.
    NONE,
    /// The middle.
    CENTRE,
    /// The middle of the bottom face.
    BOTTOM
  }

  /// Directions of the axes.
  public enum Axes {
    /// There are none.
    NONE,
    /// x forward (or east), y left (or north), z up.
    Z_UP,
    /// x right, y down, z forward.
    CAMERA,
    /// As the file declares for each coordinate system.
    DECLARED
  }

  /// How an orientation is given.
  public enum Rotation {
    /// There is none.
    NONE,
    /// Angle about the upright axis, radians.
    YAW,
    /// Angle about the camera's downward axis, radians.
    YAW_DOWN,
    /// Yaw, radians, 0 along +y.
    YAW_FROM_Y,
    /// Angles about x, then y, then z, radians.
    EULER_XYZ,
    /// Quaternion, w first.
    QUATERNION_WXYZ,
    /// Quaternion, w last.
    QUATERNION_XYZW
  }

  /// How much of an object can be seen.
  public enum Visibility {
    /// Nothing is said.
    NONE,
    /// Whether it is hidden or cut off at all.
    FLAG,
    /// None, partly, fully.
    LEVELS,
    /// A share from 0 to 1.
    SHARE
  }

  /// Whether a row can hold a field.
  public boolean carries(LabelField field) {
    return fields.contains(field);
  }

  /// Makes sure that 3D boxes of a set are in a frame of reference that files can hold.
  ///
  /// @throws IllegalArgumentException if they are not
  public void requireFrame(LabelSet labels, String format) {
    if (!carries(LabelField.BOX_3D) || frames.contains(labels.frameOfReference())) {
      return;
    }
    for (int row = 0; row < labels.size(); row++) {
      if (labels.has3d(row)) {
        throw new IllegalArgumentException(
            "label set "
                + labels.name()
                + ": its boxes are in frame "
                + labels.frameOfReference()
                + " (format "
                + format
                + " holds "
                + frames.stream().sorted().toList()
                + ")");
      }
    }
  }

  /// Half a unit of the last decimal: how far a written value may lie from what it was.
  public static double tolerance(int decimals) {
    return decimals >= FULL ? 0 : 0.5 * Math.pow(10, -decimals);
  }

  /// Capabilities of a format of 2D boxes alone.
  public static LabelCapabilities flat(
      Set<LabelField> fields,
      int pixelDecimals,
      TimeBase timeBase,
      Anchor2d anchor,
      Visibility visibility) {
    return new LabelCapabilities(
        fields,
        Set.of(LabelSet.Frame.IMAGE),
        pixelDecimals,
        0,
        0,
        timeBase,
        anchor,
        Anchor3d.NONE,
        Axes.NONE,
        Rotation.NONE,
        visibility);
  }
}
