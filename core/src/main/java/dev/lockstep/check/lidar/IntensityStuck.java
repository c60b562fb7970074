package dev.lockstep.check.lidar;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.SweepShape;

/// LID015: all points of a sweep have one intensity, where those of other sweeps differ.
public final class IntensityStuck extends SweepRule {
  private static final CheckCard.Parameter POINTS =
      new CheckCard.Parameter(
          "min-points", "points", 256, "that were looked at; judged: fewer may be of one thing");
  private static final CheckCard.Parameter SWEEPS =
      new CheckCard.Parameter(
          "min-sweeps", "sweeps", 3, "of differing intensities in front; judged");

  private static final CheckCard CARD =
      CheckCard.of(
          "LID015",
          IntensityStuck.class,
          Severity.WARNING,
          "All points of a sweep have the same intensity, where those of sweeps before differ.",
          POINTS,
          SWEEPS);

  /// The rule.
  public IntensityStuck() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Intensities(stream, sink);
  }

  private static final class Intensities extends SweepObserver {
    private long varied;
    private long examined;

    Intensities(StreamInfo stream, CheckSink sink) {
      super(stream, sink);
    }

    @Override
    void sweep(long message, long stampNs, SweepProfile profile) {
      SweepShape shape = profile.shape();
      if (shape == null || !shape.hasIntensities() || shape.returns() < POINTS.value()) {
        return;
      }
      if (shape.intensitiesVary()) {
        varied++;
      } else if (varied >= SWEEPS.value()) {
        fault(
            "all points of the sweep have the same intensity",
            message,
            stampNs,
            Severity.WARNING,
            0,
            new Evidence.Violation(
                "intensities of the points looked at",
                "one",
                "different ones, as in sweeps before"));
      }
      examined += varied >= SWEEPS.value() ? 1 : 0;
    }

    @Override
    Conclusion conclude() {
      return Conclusion.examined(
          examined, "points have no intensities, or the same one from the first sweep on");
    }
  }
}
