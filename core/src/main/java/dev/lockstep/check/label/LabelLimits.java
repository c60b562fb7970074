package dev.lockstep.check.label;

/// The limits of the rules about tracks that were measured on labels, as shares of their defaults:
/// a benchmark that sets them anew without some labels puts them among the shared analyses of a
/// label set.
///
/// @param exchange gain of exchanged instants (LAB017)
/// @param shift gain of shifted instants (LAB017)
/// @param identity gain of exchanged ids (LAB003)
/// @param place sigmas of a box off its way (LAB009)
/// @param jitter meters of boxes that move to and fro, and their ratio to others (LAB020)
public record LabelLimits(
    double exchange, double shift, double identity, double place, double jitter) {
  /// The limits as they are.
  public static final LabelLimits DEFAULT = ofAll(1);

  /// All limits at one share of their defaults.
  public static LabelLimits ofAll(double share) {
    return new LabelLimits(share, share, share, share, share);
  }
}
