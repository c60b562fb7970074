package dev.lockstep.check.label;

import dev.lockstep.geometry.Angles;

/// Whether a box swaps length and width while it turns by a right angle: the same rectangle,
/// written another way.
final class SideExchange {
  /// Sides and angles agree to this share, and to this angle (judged).
  private static final double SAME = 0.05;

  private static final double RIGHT_ANGLE = Math.toRadians(30);

  private SideExchange() {}

  /// Whether that happens between box `index - 1` and box `index`.
  static boolean at(Tracks tracks, int index) {
    double length = tracks.dimension(index, 0);
    double width = tracks.dimension(index, 1);
    double lengthBefore = tracks.dimension(index - 1, 0);
    double widthBefore = tracks.dimension(index - 1, 1);
    if (!near(length, widthBefore) || !near(width, lengthBefore) || near(length, width)) {
      return false;
    }
    double turned = Math.abs(Angles.difference(tracks.yaw(index), tracks.yaw(index - 1)));
    return Math.abs(turned - Math.PI / 2) < RIGHT_ANGLE;
  }

  private static boolean near(double a, double b) {
    return Math.abs(a - b) <= SAME * Math.max(a, b);
  }
}
