package dev.lockstep.geometry;

/// Overlap of turned boxes in bird's-eye view.
///
/// Holds the working space, so that nothing is allocated per pair; not for use by several threads.
public final class GroundOverlap {
  /// A rectangle cut by four lines has at most eight corners.
  private static final int CORNERS = 8;

  private double[] xs = new double[CORNERS];
  private double[] ys = new double[CORNERS];
  private double[] nextXs = new double[CORNERS];
  private double[] nextYs = new double[CORNERS];

  /// Area in square meters that two rectangles share, each given by centre and size in meters and
  /// `yaw` in radians. The first is turned into the axes of the second and cut by its four sides. 0
  /// where a number is not finite or a size is not positive.
  public double intersection(
      double x1,
      double y1,
      double length1,
      double width1,
      double yaw1,
      double x2,
      double y2,
      double length2,
      double width2,
      double yaw2) {
    double dx = x1 - x2;
    double dy = y1 - y2;
    double reach = diagonal(length1, width1) + diagonal(length2, width2);
    if (!(length1 > 0 && width1 > 0 && length2 > 0 && width2 > 0)
        || !(4 * (dx * dx + dy * dy) < reach * reach)) {
      return 0;
    }
    double cos2 = Math.cos(yaw2);
    double sin2 = Math.sin(yaw2);
    double centreX = cos2 * dx + sin2 * dy;
    double centreY = cos2 * dy - sin2 * dx;
    double cos = Math.cos(yaw1 - yaw2) / 2;
    double sin = Math.sin(yaw1 - yaw2) / 2;
    double lx = length1 * cos;
    double ly = length1 * sin;
    double wx = -width1 * sin;
    double wy = width1 * cos;
    xs[0] = centreX + lx + wx;
    ys[0] = centreY + ly + wy;
    xs[1] = centreX - lx + wx;
    ys[1] = centreY - ly + wy;
    xs[2] = centreX - lx - wx;
    ys[2] = centreY - ly - wy;
    xs[3] = centreX + lx - wx;
    ys[3] = centreY + ly - wy;
    int corners = cut(4, 1, 0, length2 / 2);
    corners = cut(corners, -1, 0, length2 / 2);
    corners = cut(corners, 0, 1, width2 / 2);
    corners = cut(corners, 0, -1, width2 / 2);
    double doubled = 0;
    for (int i = 0, j = corners - 1; i < corners; j = i++) {
      doubled += xs[j] * ys[i] - xs[i] * ys[j];
    }
    return Math.abs(doubled) / 2;
  }

  /// Intersection over union of two rectangles, 0 to 1; arguments as for [#intersection].
  public double iou(
      double x1,
      double y1,
      double length1,
      double width1,
      double yaw1,
      double x2,
      double y2,
      double length2,
      double width2,
      double yaw2) {
    double both = intersection(x1, y1, length1, width1, yaw1, x2, y2, length2, width2, yaw2);
    return both == 0 ? 0 : both / (length1 * width1 + length2 * width2 - both);
  }

  private static double diagonal(double length, double width) {
    return Math.sqrt(length * length + width * width);
  }

  /// Keeps the part of the polygon where `nx * x + ny * y <= limit`; gives its number of corners.
  private int cut(int corners, double nx, double ny, double limit) {
    int kept = 0;
    for (int i = 0, j = corners - 1; i < corners; j = i++) {
      double before = nx * xs[j] + ny * ys[j] - limit;
      double here = nx * xs[i] + ny * ys[i] - limit;
      if (before <= 0 != here <= 0) {
        double share = before / (before - here);
        nextXs[kept] = xs[j] + share * (xs[i] - xs[j]);
        nextYs[kept++] = ys[j] + share * (ys[i] - ys[j]);
      }
      if (here <= 0) {
        nextXs[kept] = xs[i];
        nextYs[kept++] = ys[i];
      }
    }
    double[] swap = xs;
    xs = nextXs;
    nextXs = swap;
    swap = ys;
    ys = nextYs;
    nextYs = swap;
    return kept;
  }
}
