package dev.lockstep.agreement;

/// How often people like these do a thing, as far as others show: a beta distribution, which is
/// wide where little was seen, so that few cases of one person are not compared with a number that
/// nobody knows.
///
/// @param did cases in which it was done, of a prior and of others
/// @param not cases in which it was not
public record PeerRate(double did, double not) {
  /// What is held for likely before anything was seen: a share, and of how many cases it is worth.
  public static PeerRate of(double share, double cases) {
    return new PeerRate(share * cases, (1 - share) * cases);
  }

  /// With `some` more of `all` cases.
  public PeerRate with(double some, double all) {
    return new PeerRate(did + some, not + all - some);
  }

  /// The mean share.
  public double rate() {
    return did / (did + not);
  }

  /// How likely a person of these does it `some` times or more in `all` cases (beta-binomial).
  public double atLeast(int some, int all) {
    double log = 0;
    for (int i = 0; i < all; i++) {
      log += Math.log((not + i) / (did + not + i));
    }
    double sum = 0;
    for (int k = 0; k <= all; k++) {
      sum += k >= some ? Math.exp(log) : 0;
      if (k < all) {
        log += Math.log((all - k) * (did + k) / ((k + 1.0) * (not + all - k - 1)));
      }
    }
    return Math.min(1, sum);
  }
}
