package dev.lockstep.synth.scene;

import dev.lockstep.model.Order;
import java.util.ArrayList;
import java.util.List;

/// Convex hull of a few points in the plane.
final class ConvexHull {
  private ConvexHull() {}

  /// The corners of the hull, in order around it (Andrew's monotone chain).
  static double[][] of(List<double[]> points) {
    List<double[]> sorted = new ArrayList<>(points);
    sorted.sort(Order.<double[]>byDouble(point -> point[0]).thenComparingDouble(point -> point[1]));
    double[][] hull = new double[2 * sorted.size()][];
    int size = 0;
    for (int pass = 0; pass < 2; pass++) {
      int floor = size + 1;
      for (int i = 0; i < sorted.size(); i++) {
        double[] point = sorted.get(pass == 0 ? i : sorted.size() - 1 - i);
        while (size > floor && turn(hull[size - 2], hull[size - 1], point) <= 0) {
          size--;
        }
        hull[size++] = point;
      }
      // The last of a pass is the first of the next.
      size--;
    }
    double[][] corners = new double[Math.max(1, size)][];
    System.arraycopy(hull, 0, corners, 0, corners.length);
    return corners;
  }

  private static double turn(double[] a, double[] b, double[] c) {
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  }
}
