package dev.lockstep.labels;

import dev.lockstep.geometry.Rigid;

/// Orientations of boxes, as quaternions with w first.
public final class Rotations {
  private static final double SQRT_HALF = Math.sqrt(0.5);

  /// Turns a camera's axes (x right, y down, z forward) to x forward, y left, z up.
  private static final double[] UP_OF_CAMERA = {0.5, -0.5, 0.5, -0.5};

  /// Turns the axes of a box (length forward, width left, height up) to those of a box in camera
  /// axes (length along x, height along y downwards, width along z).
  private static final double[] CAMERA_OF_BOX = {SQRT_HALF, SQRT_HALF, 0, 0};

  private Rotations() {}

  /// The rotation about x, then y, then z of fixed axes, radians.
  public static double[] ofEuler(double rx, double ry, double rz) {
    double cx = Math.cos(rx / 2);
    double sx = Math.sin(rx / 2);
    double cy = Math.cos(ry / 2);
    double sy = Math.sin(ry / 2);
    double cz = Math.cos(rz / 2);
    double sz = Math.sin(rz / 2);
    return new double[] {
      cx * cy * cz + sx * sy * sz,
      sx * cy * cz - cx * sy * sz,
      cx * sy * cz + sx * cy * sz,
      cx * cy * sz - sx * sy * cz
    };
  }

  /// The angles about x, then y, then z of fixed axes, radians, of a unit quaternion.
  public static double[] toEuler(double[] q) {
    double w = q[0];
    double x = q[1];
    double y = q[2];
    double z = q[3];
    double sine = Math.clamp(2 * (w * y - z * x), -1, 1);
    return new double[] {
      Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)),
      Math.asin(sine),
      Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    };
  }

  /// The rotation `b`, then `a`.
  public static double[] product(double[] a, double[] b) {
    double[] ab = new double[Rigid.STRIDE];
    Rigid.compose(padded(a), 0, padded(b), 0, ab, 0);
    return new double[] {ab[0], ab[1], ab[2], ab[3]};
  }

  private static double[] padded(double[] q) {
    double[] transform = new double[Rigid.STRIDE];
    System.arraycopy(q, 0, transform, 0, 4);
    return transform;
  }

  /// The inverse of a unit quaternion.
  public static double[] inverse(double[] q) {
    return new double[] {q[0], -q[1], -q[2], -q[3]};
  }

  /// Yaw about the up axis, radians.
  public static double yaw(double[] q) {
    return Rigid.yaw(q[0], q[1], q[2], q[3]);
  }

  /// Orientation, with x forward and z up, of a box whose orientation is given in camera axes, with
  /// its length along x, its height along y and its width along z.
  public static double[] fromCamera(double[] q) {
    return product(UP_OF_CAMERA, product(q, CAMERA_OF_BOX));
  }

  /// The inverse of [#fromCamera].
  public static double[] toCamera(double[] q) {
    return product(inverse(UP_OF_CAMERA), product(q, inverse(CAMERA_OF_BOX)));
  }

  /// An angle between -pi and pi.
  public static double wrapped(double radians) {
    return Math.IEEEremainder(radians, 2 * Math.PI);
  }
}
