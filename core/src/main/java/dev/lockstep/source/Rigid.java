package dev.lockstep.source;

import dev.lockstep.model.Pose;

/// A rotation matrix and a translation: `y = R x + t`.
///
/// @param r rotation, 9 values row by row
/// @param t translation, 3 values, meters
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Rigid(double[] r, double[] t) {
  /// How far the product of a rotation with its transpose may be from the identity, element by
  /// element. Judged: four printed decimals give 2e-4; one wrong digit in them gives more.
  public static final double TOLERANCE = 1e-3;

  /// From 12 values of a 3x4 matrix, row by row.
  public static Rigid of34(double[] m) {
    return new Rigid(
        new double[] {m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]},
        new double[] {m[3], m[7], m[11]});
  }

  /// Largest element of `R Rt - I`.
  public double skewness() {
    double worst = 0;
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double dot = 0;
        for (int k = 0; k < 3; k++) {
          dot += r[3 * i + k] * r[3 * j + k];
        }
        worst = Math.max(worst, Math.abs(dot - (i == j ? 1 : 0)));
      }
    }
    return worst;
  }

  /// Determinant of the rotation: 1, or -1 for a mirror.
  public double determinant() {
    return r[0] * (r[4] * r[8] - r[5] * r[7])
        - r[1] * (r[3] * r[8] - r[5] * r[6])
        + r[2] * (r[3] * r[7] - r[4] * r[6]);
  }

  /// This transform after `first`.
  public Rigid after(Rigid first) {
    double[] product = new double[9];
    double[] moved = new double[3];
    for (int i = 0; i < 3; i++) {
      moved[i] = t[i];
      for (int j = 0; j < 3; j++) {
        moved[i] += r[3 * i + j] * first.t[j];
        for (int k = 0; k < 3; k++) {
          product[3 * i + j] += r[3 * i + k] * first.r[3 * k + j];
        }
      }
    }
    return new Rigid(product, moved);
  }

  /// The transform that undoes this one.
  public Rigid inverse() {
    double[] back = {r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]};
    double[] moved = new double[3];
    for (int i = 0; i < 3; i++) {
      for (int k = 0; k < 3; k++) {
        moved[i] -= back[3 * i + k] * t[k];
      }
    }
    return new Rigid(back, moved);
  }

  /// The same as quaternion and translation.
  public Pose pose() {
    double trace = r[0] + r[4] + r[8];
    double[] q;
    if (trace > 0) {
      double s = 2 * Math.sqrt(1 + trace);
      q = new double[] {s / 4, (r[7] - r[5]) / s, (r[2] - r[6]) / s, (r[3] - r[1]) / s};
    } else if (r[0] > r[4] && r[0] > r[8]) {
      double s = 2 * Math.sqrt(1 + r[0] - r[4] - r[8]);
      q = new double[] {(r[7] - r[5]) / s, s / 4, (r[1] + r[3]) / s, (r[2] + r[6]) / s};
    } else if (r[4] > r[8]) {
      double s = 2 * Math.sqrt(1 + r[4] - r[0] - r[8]);
      q = new double[] {(r[2] - r[6]) / s, (r[1] + r[3]) / s, s / 4, (r[5] + r[7]) / s};
    } else {
      double s = 2 * Math.sqrt(1 + r[8] - r[0] - r[4]);
      q = new double[] {(r[3] - r[1]) / s, (r[2] + r[6]) / s, (r[5] + r[7]) / s, s / 4};
    }
    double norm = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    return new Pose(q[0] / norm, q[1] / norm, q[2] / norm, q[3] / norm, t[0], t[1], t[2]);
  }
}
