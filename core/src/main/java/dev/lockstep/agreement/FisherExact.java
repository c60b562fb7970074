package dev.lockstep.agreement;

/// Fisher's exact test of two shares, one-sided.
public final class FisherExact {
  private FisherExact() {}

  /// How likely it is that at least `some` of `all` marked ones fall into a part of `part` of
  /// `whole`, if where they fall is chance.
  public static double chance(int some, int part, int all, int whole) {
    double sum = 0;
    double ways = logChoose(whole, all);
    for (int k = some; k <= Math.min(part, all); k++) {
      if (all - k <= whole - part) {
        sum += Math.exp(logChoose(part, k) + logChoose(whole - part, all - k) - ways);
      }
    }
    return Math.min(1, sum);
  }

  private static double logChoose(int n, int k) {
    double sum = 0;
    for (int i = 1; i <= Math.min(k, n - k); i++) {
      sum += Math.log((double) (n - Math.min(k, n - k) + i) / i);
    }
    return sum;
  }
}
