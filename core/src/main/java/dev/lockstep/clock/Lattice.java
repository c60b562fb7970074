package dev.lockstep.clock;

/// Where the messages of a periodic stream belong: slot `k` lies at `anchorNs + k * periodNs`.
///
/// The anchor is an integer and only differences to it are ever converted to floating point, so a
/// residual is exact to a nanosecond for stamps within 2^53 ns (104 days) of the anchor, whatever
/// the epoch. Slots are numbered from the anchor and may be negative.
///
/// @param anchorNs stamp of slot 0, in nanoseconds of the stream's own clock
/// @param periodNs distance between two slots in nanoseconds, finite and above zero
public record Lattice(long anchorNs, double periodNs) {

  /// Refuses a period that is no distance.
  ///
  /// @throws IllegalArgumentException where the period is not finite and above zero
  public Lattice {
    if (!(periodNs > 0) || Double.isInfinite(periodNs)) {
      throw new IllegalArgumentException(
          "period: " + periodNs + " ns (expected finite and above 0)");
    }
  }

  /// The slot nearest to a stamp; a stamp half way belongs to the later one.
  public long slotOf(long stampNs) {
    return (long) Math.floor((double) (stampNs - anchorNs) / periodNs + 0.5);
  }

  /// The stamp of a slot, rounded to the nanosecond.
  public long stampOf(long slot) {
    return anchorNs + Math.round(slot * periodNs);
  }

  /// How far a stamp lies after (positive) or before its nearest slot, in nanoseconds, within half
  /// a period.
  public double residualNs(long stampNs) {
    return Math.fma((double) -slotOf(stampNs), periodNs, (double) (stampNs - anchorNs));
  }

  /// Messages a second.
  public double rateHz() {
    return 1e9 / periodNs;
  }

  /// How much faster than a declared rate this lattice runs, in parts per million.
  ///
  /// @param declaredHz the expected rate, above zero
  public double ppmAgainst(double declaredHz) {
    return (rateHz() / declaredHz - 1) * 1e6;
  }
}
