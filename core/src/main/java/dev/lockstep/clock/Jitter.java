package dev.lockstep.clock;

/// How the stamps of one stream scatter around its lattice, gathered in bounded memory.
///
/// Residuals are taken window by window (1,024 stamps, fewer before a step and at the end) against
/// that window's own least-squares line, so clock drift within a recording does not count as
/// jitter. Stamps reported as displaced are not in it. Positive is late.
public final class Jitter {

  /// Lags, in messages, at which wander is measured.
  static final int[] LAGS = {1, 10, 100};

  private static final int PIECE = 64;

  private final LogHistogram residuals = new LogHistogram();
  private double sum;
  private double sumOfSquares;
  private double sumOfCubes;
  private double sumOfProducts;
  private double squaresInProducts;
  private final double[] wanderSquares = new double[LAGS.length];
  private final long[] wanderCounts = new long[LAGS.length];

  Jitter() {}

  /// Adds one window of residuals, in pieces: what is called often is compiled long before what
  /// loops long.
  void addWindow(double[] residualNs, int count) {
    for (int from = 0; from < count; from += PIECE) {
      addPiece(residualNs, from, Math.min(count, from + PIECE));
    }
  }

  private void addPiece(double[] residualNs, int from, int to) {
    for (int i = from; i < to; i++) {
      double r = residualNs[i];
      residuals.add(r);
      double square = r * r;
      sum += r;
      sumOfSquares += square;
      sumOfCubes += square * r;
      if (i > 0) {
        sumOfProducts += r * residualNs[i - 1];
        squaresInProducts += square;
      }
    }
  }

  /// Adds sums of squared second differences, and how many each holds, for each of `LAGS`.
  void addWander(double[] squares, long[] terms) {
    for (int lag = 0; lag < LAGS.length; lag++) {
      wanderSquares[lag] += squares[lag];
      wanderCounts[lag] += terms[lag];
    }
  }

  /// Number of stamps measured.
  public long count() {
    return residuals.count();
  }

  /// Robust standard deviation: 1.4826 times the median magnitude, within 1.6 %.
  public double sigmaNs() {
    return LatticeFit.MAD_TO_SIGMA * residuals.magnitudeQuantile(0.5);
  }

  /// The magnitude that a share of the residuals does not exceed, within 1.6 %.
  ///
  /// @param share 0 to 1
  public double magnitudeNs(double share) {
    return residuals.magnitudeQuantile(share);
  }

  /// The signed residual that a share of the residuals does not exceed, within 1.6 %.
  ///
  /// @param share 0 to 1
  public double quantileNs(double share) {
    return residuals.quantile(share);
  }

  /// The earliest residual, exact.
  public double minNs() {
    return residuals.min();
  }

  /// The latest residual, exact.
  public double maxNs() {
    return residuals.max();
  }

  /// Third standardised moment: 0 for symmetric jitter, above 1.5 where stamps come late at times
  /// and never early (queueing, or a header that takes the first returned point). 0 without
  /// scatter.
  public double skewness() {
    long n = residuals.count();
    if (n == 0) {
      return 0;
    }
    double mean = sum / n;
    double variance = sumOfSquares / n - mean * mean;
    if (!(variance > 0)) {
      return 0;
    }
    double third = sumOfCubes / n - 3 * mean * sumOfSquares / n + 2 * mean * mean * mean;
    return third / Math.pow(variance, 1.5);
  }

  /// Correlation of each residual with the one before: near 0 for independent jitter, towards 1
  /// where the clock itself wanders. 0 without scatter.
  public double lagOneCorrelation() {
    return squaresInProducts > 0 ? sumOfProducts / squaresInProducts : 0;
  }

  /// Root mean square of `x[i+2m] - 2 x[i+m] + x[i]` over root 6, for lag `m`.
  ///
  /// Independent jitter gives its own standard deviation at every lag; a wandering clock grows with
  /// the lag (the value is lag times period times Allan deviation over root 3). Only stretches
  /// without a lost message count. NaN where the recording is too short for the lag.
  ///
  /// @param lag 1, 10 or 100 messages
  /// @throws IllegalArgumentException on another lag
  public double wanderNs(int lag) {
    for (int i = 0; i < LAGS.length; i++) {
      if (LAGS[i] == lag) {
        return wanderCounts[i] == 0
            ? Double.NaN
            : Math.sqrt(wanderSquares[i] / wanderCounts[i] / 6);
      }
    }
    throw new IllegalArgumentException("lag: " + lag + " (expected 1, 10 or 100)");
  }
}
