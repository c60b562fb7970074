package dev.lockstep.geometry;

import dev.lockstep.model.Calibration.Intrinsics;

/// The rectangle that a 3D box takes in the image of a pinhole camera. Nothing is allocated.
public final class BoxProjection {
  /// Nearer corners lie at or behind the lens, where the picture has no edge, meters.
  private static final double MIN_DEPTH_METERS = 0.5;

  private final double[] corner = new double[3];
  private final double[] seen = new double[3];

  /// Writes the edges of a box, pixels, to `out`: left, top, right, bottom, not cut at the border
  /// of the image. Gives `false` where a corner is not in front of the camera.
  ///
  /// @param cameraFromBox transform at `at`, the camera with x to the right, y down, z forward
  /// @param length of the box, along its first axis, meters
  /// @param width along its second
  /// @param height along its third
  public boolean edges(
      double[] cameraFromBox,
      int at,
      double length,
      double width,
      double height,
      Intrinsics camera,
      double[] out) {
    out[0] = Double.POSITIVE_INFINITY;
    out[1] = Double.POSITIVE_INFINITY;
    out[2] = Double.NEGATIVE_INFINITY;
    out[3] = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < 8; i++) {
      corner[0] = (i & 1) == 0 ? length / 2 : -length / 2;
      corner[1] = (i & 2) == 0 ? width / 2 : -width / 2;
      corner[2] = (i & 4) == 0 ? height / 2 : -height / 2;
      Rigid.apply(cameraFromBox, at, corner[0], corner[1], corner[2], seen, 0);
      if (!(seen[2] >= MIN_DEPTH_METERS)) {
        return false;
      }
      double u = camera.cx() + camera.fx() * seen[0] / seen[2];
      double v = camera.cy() + camera.fy() * seen[1] / seen[2];
      out[0] = Math.min(out[0], u);
      out[1] = Math.min(out[1], v);
      out[2] = Math.max(out[2], u);
      out[3] = Math.max(out[3], v);
    }
    return true;
  }
}
