package dev.lockstep.geometry;

import dev.lockstep.model.PoseSeries;

/// Rigid transforms as seven doubles in an array: quaternion (w first), then translation in meters,
/// as in [PoseSeries#values()]. A transform `a_T_b` maps points given in frame b to frame a.
///
/// Quaternions need not be of unit length exactly; those of length 0 or not finite give results
/// that are not finite. Nothing is allocated.
public final class Rigid {
  /// Doubles a transform takes.
  public static final int STRIDE = PoseSeries.STRIDE;

  /// Below this sine of the half angle, spherical and linear interpolation agree to 1e-12.
  private static final double NEARLY_PARALLEL = 1e-6;

  private Rigid() {}

  /// Rotation about the up axis of a quaternion, radians, -pi to pi: the direction that the turned
  /// x axis takes on the ground.
  public static double yaw(double qw, double qx, double qy, double qz) {
    return Math.atan2(headingY(qw, qx, qy, qz), headingX(qw, qx, qy, qz));
  }

  /// The first coordinate of the direction of a yaw, which is as long as the box's front is level.
  public static double headingX(double qw, double qx, double qy, double qz) {
    return qw * qw + qx * qx - qy * qy - qz * qz;
  }

  /// The second.
  public static double headingY(double qw, double qx, double qy, double qz) {
    return 2 * (qw * qz + qx * qy);
  }

  /// Writes the quaternion of a rotation by `yaw` about the up axis to `out[at..at+3]`.
  public static void quaternionOfYaw(double yaw, double[] out, int at) {
    out[at] = Math.cos(yaw / 2);
    out[at + 1] = 0;
    out[at + 2] = 0;
    out[at + 3] = Math.sin(yaw / 2);
  }

  /// Maps point `(x, y, z)` by the transform at `t[at..]` and writes it to `out[to..to+2]`.
  public static void apply(double[] t, int at, double x, double y, double z, double[] out, int to) {
    double w = t[at];
    double a = t[at + 1];
    double b = t[at + 2];
    double c = t[at + 3];
    double s = 2 / (w * w + a * a + b * b + c * c);
    double ux = b * z - c * y;
    double uy = c * x - a * z;
    double uz = a * y - b * x;
    out[to] = t[at + 4] + x + s * (w * ux + b * uz - c * uy);
    out[to + 1] = t[at + 5] + y + s * (w * uy + c * ux - a * uz);
    out[to + 2] = t[at + 6] + z + s * (w * uz + a * uy - b * ux);
  }

  /// Writes the quaternion at `q[from..]`, turned by the transform at `t[at..]`, to `out[to..]`.
  public static void turn(double[] t, int at, double[] q, int from, double[] out, int to) {
    double w = t[at];
    double a = t[at + 1];
    double b = t[at + 2];
    double c = t[at + 3];
    double qw = q[from];
    double qx = q[from + 1];
    double qy = q[from + 2];
    double qz = q[from + 3];
    out[to] = w * qw - a * qx - b * qy - c * qz;
    out[to + 1] = w * qx + a * qw + b * qz - c * qy;
    out[to + 2] = w * qy - a * qz + b * qw + c * qx;
    out[to + 3] = w * qz + a * qy - b * qx + c * qw;
  }

  /// Writes `a_T_c = a_T_b * b_T_c` to `out[to..]`, which must not overlap the inputs.
  public static void compose(double[] ab, int i, double[] bc, int j, double[] out, int to) {
    apply(ab, i, bc[j + 4], bc[j + 5], bc[j + 6], out, to + 4);
    double w = ab[i];
    double a = ab[i + 1];
    double b = ab[i + 2];
    double c = ab[i + 3];
    double qw = bc[j];
    double qx = bc[j + 1];
    double qy = bc[j + 2];
    double qz = bc[j + 3];
    out[to] = w * qw - a * qx - b * qy - c * qz;
    out[to + 1] = w * qx + a * qw + b * qz - c * qy;
    out[to + 2] = w * qy - a * qz + b * qw + c * qx;
    out[to + 3] = w * qz + a * qy - b * qx + c * qw;
  }

  /// Writes the inverse of the transform at `t[at..]` to `out[to..]`, which must not overlap it.
  public static void invert(double[] t, int at, double[] out, int to) {
    out[to] = t[at];
    out[to + 1] = -t[at + 1];
    out[to + 2] = -t[at + 2];
    out[to + 3] = -t[at + 3];
    out[to + 4] = 0;
    out[to + 5] = 0;
    out[to + 6] = 0;
    apply(out, to, -t[at + 4], -t[at + 5], -t[at + 6], out, to + 4);
  }

  /// Writes the transform at `share` (0 to 1) of the way from `p[i..]` to `q[j..]` to `out[to..]`:
  /// the rotation turns evenly the shorter way (spherical), the translation runs straight.
  public static void interpolate(
      double[] p, int i, double[] q, int j, double share, double[] out, int to) {
    double dot = p[i] * q[j] + p[i + 1] * q[j + 1] + p[i + 2] * q[j + 2] + p[i + 3] * q[j + 3];
    double sign = dot < 0 ? -1 : 1;
    double angle = Math.acos(Math.min(1, dot * sign));
    double sine = Math.sin(angle);
    double first = 1 - share;
    double second = share;
    if (sine > NEARLY_PARALLEL) {
      first = Math.sin((1 - share) * angle) / sine;
      second = Math.sin(share * angle) / sine;
    }
    second *= sign;
    for (int k = 0; k < 4; k++) {
      out[to + k] = first * p[i + k] + second * q[j + k];
    }
    for (int k = 4; k < STRIDE; k++) {
      out[to + k] = p[i + k] + share * (q[j + k] - p[i + k]);
    }
  }
}
