package dev.lockstep.shadow;

import dev.lockstep.model.LabelSet;

/// Geometry of pairs of rows.
final class Boxes {
  private final Side a;
  private final Side b;
  private final Tolerance tolerance;
  private final float[] edges;

  Boxes(Side a, Side b, Tolerance tolerance) {
    this(a, b, tolerance, a.flat());
  }

  /// @param edges edges of the original's 2D boxes, which may be others than it says
  Boxes(Side a, Side b, Tolerance tolerance, float[] edges) {
    this.a = a;
    this.b = b;
    this.tolerance = tolerance;
    this.edges = edges;
  }

  /// Whether both rows have a box of the same sort.
  boolean comparable(int rowA, int rowB) {
    return a.labels().has2d(rowA) && b.labels().has2d(rowB)
        || a.labels().has3d(rowA) && b.labels().has3d(rowB);
  }

  /// Whether the boxes are the same as far as both have them.
  boolean same(int rowA, int rowB) {
    if (!comparable(rowA, rowB)) {
      return !a.boxed(rowA) && !b.boxed(rowB);
    }
    return (!a.labels().has2d(rowA)
            || !b.labels().has2d(rowB)
            || edges(edges, rowA, b.flat(), rowB) <= tolerance.pixels())
        && (!a.labels().has3d(rowA)
            || !b.labels().has3d(rowB)
            || sameSolid(a.solid(), rowA, b.solid(), rowB));
  }

  /// Whether two rows of the export have the same boxes.
  boolean sameInExport(int row, int other) {
    return b.labels().has2d(row) == b.labels().has2d(other)
        && b.labels().has3d(row) == b.labels().has3d(other)
        && (!b.labels().has2d(row) || edges(b.flat(), row, b.flat(), other) <= tolerance.pixels())
        && (!b.labels().has3d(row) || sameSolid(b.solid(), row, b.solid(), other));
  }

  private boolean sameSolid(double[] p, int rowA, double[] q, int rowB) {
    int i = rowA * LabelSet.BOX_3D;
    int j = rowB * LabelSet.BOX_3D;
    for (int k = 0; k < 6; k++) {
      if (!(Math.abs(p[i + k] - q[j + k]) <= tolerance.meters())) {
        return false;
      }
    }
    return turn(p, i + 6, q, j + 6) <= tolerance.radians();
  }

  private static double edges(float[] p, int rowA, float[] q, int rowB) {
    double largest = 0;
    for (int k = 0; k < LabelSet.BOX_2D; k++) {
      double off = Math.abs(p[rowA * LabelSet.BOX_2D + k] - (double) q[rowB * LabelSet.BOX_2D + k]);
      largest = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(largest, off);
    }
    return largest;
  }

  /// How far apart two boxes are, of the size of the first: 0 where they are the same.
  double distance(int rowA, int rowB) {
    if (a.labels().has3d(rowA) && b.labels().has3d(rowB)) {
      int i = rowA * LabelSet.BOX_3D;
      int j = rowB * LabelSet.BOX_3D;
      double[] p = a.solid();
      double[] q = b.solid();
      double size = Math.max(1, Math.hypot(p[i + 3], p[i + 4]));
      return Math.hypot(Math.hypot(p[i] - q[j], p[i + 1] - q[j + 1]), p[i + 2] - q[j + 2]) / size;
    }
    if (a.labels().has2d(rowA) && b.labels().has2d(rowB)) {
      int i = rowA * LabelSet.BOX_2D;
      double size = Math.max(1, Math.hypot(edges[i + 2] - edges[i], edges[i + 3] - edges[i + 1]));
      return edges(edges, rowA, b.flat(), rowB) / size;
    }
    return Double.POSITIVE_INFINITY;
  }

  /// Whether 3D boxes are certainly further apart than `limit`, as [#distance] has it: told from
  /// the largest of three coordinates, without a root.
  boolean isBeyond(int rowA, int rowB, double limit) {
    if (!a.labels().has3d(rowA) || !b.labels().has3d(rowB)) {
      return false;
    }
    int i = rowA * LabelSet.BOX_3D;
    int j = rowB * LabelSet.BOX_3D;
    double[] p = a.solid();
    double[] q = b.solid();
    // No hypotenuse is longer than both sides together; a little more for what is rounded.
    double most = limit * Math.max(1, Math.abs(p[i + 3]) + Math.abs(p[i + 4])) * (1 + 1e-9);
    return Math.abs(p[i] - q[j]) > most
        || Math.abs(p[i + 1] - q[j + 1]) > most
        || Math.abs(p[i + 2] - q[j + 2]) > most;
  }

  /// Angle between two orientations, radians; the sign of a quaternion says nothing.
  static double turn(double[] p, int i, double[] q, int j) {
    double np = norm(p, i);
    double nq = norm(q, j);
    double same = 0;
    double opposite = 0;
    for (int k = 0; k < 4; k++) {
      double s = p[i + k] / np;
      double t = q[j + k] / nq;
      same += (s - t) * (s - t);
      opposite += (s + t) * (s + t);
    }
    double chord = Math.sqrt(Math.min(same, opposite));
    return 4 * Math.asin(Math.min(1, chord / 2));
  }

  private static double norm(double[] p, int i) {
    return Math.sqrt(p[i] * p[i] + p[i + 1] * p[i + 1] + p[i + 2] * p[i + 2] + p[i + 3] * p[i + 3]);
  }
}
