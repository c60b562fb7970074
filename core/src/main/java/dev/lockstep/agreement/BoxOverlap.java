package dev.lockstep.agreement;

import dev.lockstep.geometry.GroundOverlap;
import dev.lockstep.geometry.ImageOverlap;
import dev.lockstep.model.LabelSet;

/// Intersection over union of boxes of label sets: of volumes where both are 3D, else of areas in
/// the image. Pitch and roll are left out. Not for use by several threads.
final class BoxOverlap {
  private final GroundOverlap ground = new GroundOverlap();

  /// 0 to 1; 0 where the boxes cannot be compared.
  double of(LabelSet a, int rowA, LabelSet b, int rowB) {
    if (a.has3d(rowA) && b.has3d(rowB)) {
      return solid(a.boxes3d(), rowA * LabelSet.BOX_3D, b.boxes3d(), rowB * LabelSet.BOX_3D);
    }
    if (a.has2d(rowA) && b.has2d(rowB)) {
      float[] p = a.boxes2d();
      float[] q = b.boxes2d();
      int i = rowA * LabelSet.BOX_2D;
      int j = rowB * LabelSet.BOX_2D;
      return ImageOverlap.iou(
          p[i], p[i + 1], p[i + 2], p[i + 3], q[j], q[j + 1], q[j + 2], q[j + 3]);
    }
    return 0;
  }

  private double solid(double[] p, int i, double[] q, int j) {
    double both =
        ground.intersection(
                p[i], p[i + 1], p[i + 3], p[i + 4], yaw(p, i), q[j], q[j + 1], q[j + 3], q[j + 4],
                yaw(q, j))
            * Math.max(
                0,
                Math.min(p[i + 2] + p[i + 5] / 2, q[j + 2] + q[j + 5] / 2)
                    - Math.max(p[i + 2] - p[i + 5] / 2, q[j + 2] - q[j + 5] / 2));
    double all = p[i + 3] * p[i + 4] * p[i + 5] + q[j + 3] * q[j + 4] * q[j + 5] - both;
    return both > 0 ? both / all : 0;
  }

  private static double yaw(double[] b, int at) {
    double w = b[at + 6];
    double x = b[at + 7];
    double y = b[at + 8];
    double z = b[at + 9];
    return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
  }
}
