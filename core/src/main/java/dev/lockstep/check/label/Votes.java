package dev.lockstep.check.label;

/// What tracks say of one hypothesis: how far their boxes lie off their ways as the labels stand,
/// and how far otherwise, in squared sigmas.
final class Votes {
  /// What is a clear word of one track, squared sigmas.
  private static final double CLEAR = 1;

  /// Up to here a reading fits a track, squared sigmas (judged).
  private static final double FITS = 9;

  private double cost;
  private double repaired;
  private double gain;
  private int agreed;
  private int opposed;
  private double opposition;

  void clear() {
    cost = 0;
    repaired = 0;
    gain = 0;
    agreed = 0;
    opposed = 0;
    opposition = 0;
  }

  /// Adds one track.
  void add(double asTheyAre, double otherwise) {
    // Where neither reading is smooth, something else is wrong with the track.
    double weight = weight(asTheyAre, otherwise);
    double by = gain(asTheyAre, otherwise);
    double scale =
        asTheyAre > FrameOrder.TRACK_CAP ? weight * FrameOrder.TRACK_CAP / asTheyAre : weight;
    cost += asTheyAre * scale;
    repaired += otherwise * scale;
    gain += by;
    if (by > CLEAR) {
      agreed++;
    } else if (by < -CLEAR) {
      opposed++;
      opposition -= by;
    }
  }

  /// What one track says for the hypothesis, below 0 against it.
  static double gain(double asTheyAre, double otherwise) {
    return Math.clamp(asTheyAre - otherwise, -FrameOrder.TRACK_CAP, FrameOrder.TRACK_CAP)
        * weight(asTheyAre, otherwise);
  }

  /// How much one track counts.
  static double weight(double asTheyAre, double otherwise) {
    return 1 / (1 + Math.min(asTheyAre, otherwise) / FITS);
  }

  /// What all say together.
  double gain() {
    return gain;
  }

  /// Whether they say enough, few against it, and the other reading explains what is odd.
  boolean convincing(double least, double maxRemaining) {
    return gain > least
        && agreed > 0
        && (opposed <= FrameOrder.MAX_OPPOSED * agreed
            || opposition <= FrameOrder.MAX_OPPOSED * gain)
        && repaired < maxRemaining * cost;
  }

  /// The hypothesis as a finding.
  FrameOrder.Slip slip(FrameOrder.Kind kind, int first, int last, int by) {
    return new FrameOrder.Slip(kind, first, last, by, agreed, cost, repaired);
  }
}
