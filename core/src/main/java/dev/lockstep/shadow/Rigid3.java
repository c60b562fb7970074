package dev.lockstep.shadow;

/// The rotation and translation that take one set of points onto another with the least squares.
///
/// The quaternion is the eigenvector of the largest eigenvalue of a symmetric matrix made from the
/// points (B. K. P. Horn, 1987).
final class Rigid3 {
  private static final int STEPS = 400;

  private final double[] q = {1, 0, 0, 0};
  private final double[] t = new double[3];

  /// @param from points, three numbers each
  /// @param to where they come to lie
  /// @param upright whether only turns about the third axis are allowed
  static Rigid3 fit(double[] from, double[] to, int n, boolean upright) {
    Rigid3 fit = new Rigid3();
    double[] cf = centre(from, n);
    double[] ct = centre(to, n);
    double[] s = new double[9];
    for (int i = 0; i < n; i++) {
      for (int r = 0; r < 3; r++) {
        for (int c = 0; c < 3; c++) {
          s[3 * r + c] += (from[3 * i + r] - cf[r]) * (to[3 * i + c] - ct[c]);
        }
      }
    }
    if (upright) {
      double yaw = Math.atan2(s[1] - s[3], s[0] + s[4]);
      fit.q[0] = Math.cos(yaw / 2);
      fit.q[3] = Math.sin(yaw / 2);
    } else {
      fit.largest(s);
    }
    double[] moved = new double[3];
    fit.turn(cf, 0, moved);
    for (int k = 0; k < 3; k++) {
      fit.t[k] = ct[k] - moved[k];
    }
    return fit;
  }

  private static double[] centre(double[] points, int n) {
    double[] c = new double[3];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < 3; k++) {
        c[k] += points[3 * i + k] / n;
      }
    }
    return c;
  }

  private void largest(double[] s) {
    double[][] m = {
      {s[0] + s[4] + s[8], s[5] - s[7], s[6] - s[2], s[1] - s[3]},
      {s[5] - s[7], s[0] - s[4] - s[8], s[1] + s[3], s[6] + s[2]},
      {s[6] - s[2], s[1] + s[3], s[4] - s[0] - s[8], s[5] + s[7]},
      {s[1] - s[3], s[6] + s[2], s[5] + s[7], s[8] - s[0] - s[4]}
    };
    double shift = 0;
    for (double[] row : m) {
      double sum = 0;
      for (double value : row) {
        sum += Math.abs(value);
      }
      shift = Math.max(shift, sum);
    }
    // Repeated squaring: the power iteration converges however near the eigenvalues lie.
    for (int k = 0; k < 4; k++) {
      m[k][k] += shift;
    }
    for (int step = 0; step < STEPS / 10; step++) {
      double scale = 0;
      for (double[] row : m) {
        for (double value : row) {
          scale = Math.max(scale, Math.abs(value));
        }
      }
      if (scale == 0) {
        return;
      }
      double[][] next = new double[4][4];
      for (int r = 0; r < 4; r++) {
        for (int c = 0; c < 4; c++) {
          for (int k = 0; k < 4; k++) {
            next[r][c] += m[r][k] / scale * (m[k][c] / scale);
          }
        }
      }
      m = next;
    }
    int best = 0;
    for (int k = 1; k < 4; k++) {
      best = m[k][k] > m[best][best] ? k : best;
    }
    double norm = 0;
    for (int k = 0; k < 4; k++) {
      norm += m[k][best] * m[k][best];
    }
    norm = Math.sqrt(norm);
    for (int k = 0; k < 4 && norm > 0; k++) {
      q[k] = m[k][best] / norm;
    }
  }

  private void turn(double[] p, int at, double[] out) {
    double x = p[at];
    double y = p[at + 1];
    double z = p[at + 2];
    double tx = 2 * (q[2] * z - q[3] * y);
    double ty = 2 * (q[3] * x - q[1] * z);
    double tz = 2 * (q[1] * y - q[2] * x);
    out[0] = x + q[0] * tx + q[2] * tz - q[3] * ty;
    out[1] = y + q[0] * ty + q[3] * tx - q[1] * tz;
    out[2] = z + q[0] * tz + q[1] * ty - q[2] * tx;
  }

  /// Where a point comes to lie.
  void place(double[] p, int at, double[] out) {
    turn(p, at, out);
    for (int k = 0; k < 3; k++) {
      out[k] += t[k];
    }
  }

  double[] rotation() {
    return q.clone();
  }

  double[] translation() {
    return t.clone();
  }
}
