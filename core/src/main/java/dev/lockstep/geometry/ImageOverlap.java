package dev.lockstep.geometry;

/// Overlap of 2D boxes, given by their edges in pixels.
public final class ImageOverlap {
  private ImageOverlap() {}

  /// Area that both boxes cover; 0 where an edge is NaN or a box is inside out.
  public static double intersection(
      double left1,
      double top1,
      double right1,
      double bottom1,
      double left2,
      double top2,
      double right2,
      double bottom2) {
    double width = Math.min(right1, right2) - Math.max(left1, left2);
    double height = Math.min(bottom1, bottom2) - Math.max(top1, top2);
    return width > 0 && height > 0 ? width * height : 0;
  }

  /// Intersection over union, 0 to 1.
  public static double iou(
      double left1,
      double top1,
      double right1,
      double bottom1,
      double left2,
      double top2,
      double right2,
      double bottom2) {
    double both = intersection(left1, top1, right1, bottom1, left2, top2, right2, bottom2);
    if (both == 0) {
      return 0;
    }
    return both
        / ((right1 - left1) * (bottom1 - top1) + (right2 - left2) * (bottom2 - top2) - both);
  }
}
