package dev.lockstep.check.label;

/// A straight way through a few places in space, by least squares.
final class StraightFit {
  private int n;
  private double sumT;
  private double sumTt;
  private double originT;
  private final double[] sums = new double[3];
  private final double[] timed = new double[3];
  private double squares;
  private final double[] mean = new double[3];
  private final double[] speed = new double[3];
  private double meanT;
  private double spreadT;

  /// Begins anew.
  void clear() {
    n = 0;
    sumT = 0;
    sumTt = 0;
    squares = 0;
    for (int d = 0; d < 3; d++) {
      sums[d] = 0;
      timed[d] = 0;
    }
  }

  /// Adds a place at a time, seconds.
  void add(double t, double x, double y, double z) {
    if (n == 0) {
      originT = t;
      mean[0] = x;
      mean[1] = y;
      mean[2] = z;
    }
    double s = t - originT;
    n++;
    sumT += s;
    sumTt += s * s;
    add(0, s, x - mean[0]);
    add(1, s, y - mean[1]);
    add(2, s, z - mean[2]);
  }

  private void add(int d, double s, double value) {
    sums[d] += value;
    timed[d] += s * value;
    squares += value * value;
  }

  /// Computes the way; two places at different times at least.
  void solve() {
    meanT = sumT / n;
    spreadT = sumTt - n * meanT * meanT;
    for (int d = 0; d < 3; d++) {
      double m = sums[d] / n;
      speed[d] = spreadT > 0 ? (timed[d] - meanT * sums[d]) / spreadT : 0;
      squares -= n * m * m + spreadT * speed[d] * speed[d];
      mean[d] += m;
    }
    meanT += originT;
  }

  /// Coordinate `d` at a time.
  double at(int d, double t) {
    return mean[d] + speed[d] * (t - meanT);
  }

  /// Speed along coordinate `d`.
  double speed(int d) {
    return speed[d];
  }

  /// Variance of the way at a time, in variances of a place.
  double variance(double t) {
    return 1.0 / n + (spreadT > 0 ? (t - meanT) * (t - meanT) / spreadT : 0);
  }

  /// Sum of squared distances of the places from the way.
  double residual() {
    return Math.max(0, squares);
  }
}
