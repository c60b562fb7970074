package dev.lockstep.check.rig;

import java.util.Arrays;

/// Medians of measured values.
final class Medians {
  private static final double MAD_TO_SIGMA = 1.4826;

  private Medians() {}

  /// The lower median; NaN of nothing.
  static double of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[(sorted.length - 1) / 2];
  }

  /// The robust standard deviation of values around their median; NaN of nothing.
  static double sigma(double[] values, double median) {
    double[] off = new double[values.length];
    for (int i = 0; i < off.length; i++) {
      off[i] = Math.abs(values[i] - median);
    }
    return MAD_TO_SIGMA * of(off);
  }

  /// The least of some values.
  static double least(double... values) {
    return Arrays.stream(values).min().orElse(Double.NaN);
  }
}
