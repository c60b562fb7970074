package dev.lockstep.agreement;

/// Exact one-sided bounds of a share after Clopper and Pearson.
public final class ExactBounds {
  private static final int STEPS = 100;

  /// Confidence of each of the two bounds of an interval of 95 %.
  private static final double TWO_SIDED = 0.975;

  private ExactBounds() {}

  /// The largest share that leaves `k` or fewer of `n` as unlikely as 1 - `confidence`.
  public static double upper(long k, long n, double confidence) {
    if (k >= n) {
      return 1;
    }
    double low = 0;
    double high = 1;
    for (int i = 0; i < STEPS; i++) {
      double p = (low + high) / 2;
      if (atMost(k, n, p) > 1 - confidence) {
        low = p;
      } else {
        high = p;
      }
    }
    return high;
  }

  /// The smallest share that leaves `k` or more of `n` as unlikely as 1 - `confidence`.
  public static double lower(long k, long n, double confidence) {
    return 1 - upper(n - k, n, confidence);
  }

  /// The two-sided interval of 95 % of a share of `k` among `n`, low and high.
  public static double[] interval(long k, long n) {
    return new double[] {lower(k, n, TWO_SIDED), upper(k, n, TWO_SIDED)};
  }

  /// Probability of `k` or fewer among `n` at `p` each: sums of logarithms of the terms.
  private static double atMost(long k, long n, double p) {
    double logP = Math.log(p);
    double logQ = Math.log1p(-p);
    double term = n * logQ;
    double sum = Math.exp(term);
    for (long i = 1; i <= k; i++) {
      term += Math.log((double) (n - i + 1) / i) + logP - logQ;
      sum += Math.exp(term);
    }
    return sum;
  }
}
