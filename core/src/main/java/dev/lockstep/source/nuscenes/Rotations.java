package dev.lockstep.source.nuscenes;

import dev.lockstep.labels.BoxExamination;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Pose;
import org.jspecify.annotations.Nullable;

/// Transforms as the tables give them: a translation in meters and a rotation with w first.
final class Rotations {
  private Rotations() {}

  /// The transform of a row.
  static Pose pose(Table table, int row) {
    double[] t = table.vectors("translation");
    double[] q = table.vectors("rotation");
    return new Pose(
        q[row * 4],
        q[row * 4 + 1],
        q[row * 4 + 2],
        q[row * 4 + 3],
        t[row * 3],
        t[row * 3 + 1],
        t[row * 3 + 2]);
  }

  /// Why that is no rigid transform, or null.
  static @Nullable Evidence fault(Pose pose) {
    double norm =
        Math.sqrt(
            pose.qw() * pose.qw()
                + pose.qx() * pose.qx()
                + pose.qy() * pose.qy()
                + pose.qz() * pose.qz());
    double tolerance = BoxExamination.QUATERNION_TOLERANCE;
    if (!(Math.abs(norm - 1) <= tolerance)) {
      return new Evidence.OutOfRange(
          "length of the rotation quaternion", norm, 1 - tolerance, 1 + tolerance, "");
    }
    return Double.isFinite(pose.x() + pose.y() + pose.z())
        ? null
        : new Evidence.Violation(
            "translation", pose.x() + ", " + pose.y() + ", " + pose.z() + " m", "finite numbers");
  }
}
