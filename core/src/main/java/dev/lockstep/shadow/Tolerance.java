package dev.lockstep.shadow;

import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.model.LabelSet;

/// How far numbers may lie apart and still be the same: what the formats declare, and what the
/// export's own digits allow.
///
/// @param pixels of 2D edges
/// @param meters of 3D coordinates and sizes
/// @param radians of orientations
/// @param pixelDecimals decimals that the export's edges have, if fewer than the original's; else
///   -1
/// @param meterDecimals decimals that the export's coordinates have, if fewer; else -1
record Tolerance(
    double pixels, double meters, double radians, int pixelDecimals, int meterDecimals) {
  /// 2D edges are single precision: seven digits of thousands of pixels.
  private static final double SINGLE_PRECISION = 2e-4;

  /// Numbers that are sums of two, each of which was written with the declared digits.
  private static final int TERMS = 2;

  /// Angles are rebuilt from quaternions and wrapped; far below any printed angle.
  private static final double ANGLE = 1e-5;

  /// Double arithmetic over coordinates of a planet's size.
  private static final double COORDINATE = 2e-6;

  /// Numbers looked at for digits; judged: enough that a finer number shows.
  private static final int SAMPLE = 20_000;

  private static final int MOST_DECIMALS = 5;

  /// As many as single precision can tell.
  private static final int MOST_EDGE_DECIMALS = 4;

  static Tolerance of(Side a, Side b) {
    double pixels =
        TERMS * (half(a.can().pixelDecimals()) + half(b.can().pixelDecimals())) + SINGLE_PRECISION;
    double meters =
        TERMS * (half(a.can().meterDecimals()) + half(b.can().meterDecimals())) + COORDINATE;
    double radians =
        TERMS * (half(a.can().angleDecimals()) + half(b.can().angleDecimals())) + ANGLE;
    boolean centred = b.can().anchor2d() == LabelCapabilities.Anchor2d.CENTRE_AND_SIZE;
    int flat = fewer(flatDecimals(a.labels(), false), flatDecimals(b.labels(), false));
    if (centred) {
      // Cut are centre and size, and edges are half steps of them.
      int cut = fewer(flatDecimals(a.labels(), true), flatDecimals(b.labels(), true));
      flat = flat < 0 || cut >= 0 && cut < flat ? cut : flat;
    }
    int solid = fewer(solidDecimals(a.labels()), solidDecimals(b.labels()));
    if (flat >= 0) {
      pixels = Math.max(pixels, TERMS * Math.pow(10, -flat) + SINGLE_PRECISION);
    }
    if (solid >= 0) {
      double step = TERMS * Math.pow(10, -solid);
      meters = Math.max(meters, step + COORDINATE);
      radians = Math.max(radians, Math.min(step, 0.05) + ANGLE);
    }
    return new Tolerance(pixels, meters, radians, flat, solid);
  }

  private static double half(int decimals) {
    return LabelCapabilities.tolerance(decimals);
  }

  private static int fewer(int original, int export) {
    return export >= 0 && export < original ? export : -1;
  }

  /// Decimals that are enough for every sampled 2D box, [#MOST_EDGE_DECIMALS] for more; -1 without
  /// boxes.
  ///
  /// @param centred whether to look at centre and size instead of edges
  private static int flatDecimals(LabelSet labels, boolean centred) {
    int needed = -1;
    int step = Math.max(1, labels.size() / SAMPLE);
    for (int row = 0; row < labels.size() && needed < MOST_EDGE_DECIMALS; row += step) {
      if (labels.has2d(row)) {
        int at = row * LabelSet.BOX_2D;
        for (int i = 0; i < LabelSet.BOX_2D; i++) {
          double near = labels.boxes2d()[at + i % 2];
          double far = labels.boxes2d()[at + 2 + i % 2];
          double edge = i < 2 ? near : far;
          double value = !centred ? edge : i < 2 ? (near + far) / 2 : far - near;
          double slack = Math.max(2e-5, Math.max(Math.abs(near), Math.abs(far)) * 1.2e-7);
          needed = Math.max(needed, decimals(value, slack, MOST_EDGE_DECIMALS));
        }
      }
    }
    return needed;
  }

  /// The same of centres (but for the height, which is a sum in some formats) and sizes.
  private static int solidDecimals(LabelSet labels) {
    int needed = -1;
    int step = Math.max(1, labels.size() / SAMPLE);
    for (int row = 0; row < labels.size() && needed < MOST_DECIMALS; row += step) {
      if (labels.has3d(row)) {
        for (int i = 0; i < 6; i++) {
          double value = labels.boxes3d()[row * LabelSet.BOX_3D + i];
          if (i != 2) {
            needed = Math.max(needed, decimals(value, 1e-7, MOST_DECIMALS));
          }
        }
      }
    }
    return needed;
  }

  private static int decimals(double value, double slack, int most) {
    double scale = 1;
    for (int d = 0; d < most; d++) {
      if (Math.abs(value * scale - Math.rint(value * scale)) <= slack * scale) {
        return d;
      }
      scale *= 10;
    }
    return most;
  }
}
