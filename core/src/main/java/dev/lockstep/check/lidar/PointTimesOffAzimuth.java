package dev.lockstep.check.lidar;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;

/// LID016: the times of a sweep's points are not those at which the beam crossed their directions.
public final class PointTimesOffAzimuth extends SweepRule {
  static final CheckCard.Parameter OFF =
      new CheckCard.Parameter(
          "max-off",
          "degrees",
          5,
          "from the direction that the sweeps before let expect; judged: two packets");
  static final CheckCard.Parameter SIGMAS =
      new CheckCard.Parameter(
          "sigmas", "", 8, "judged: beams that wander by themselves are held to their own spread");

  private static final CheckCard CARD =
      CheckCard.of(
          "LID016",
          PointTimesOffAzimuth.class,
          Severity.ERROR,
          "The times of a sweep's points are not those at which the beam crossed their directions.",
          OFF,
          SIGMAS);

  /// The rule.
  public PointTimesOffAzimuth() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Beams(stream, sink, SweepMoves.of(shared));
  }

  private static final class Beams extends SweepObserver {
    private final SweepMoves moves;

    Beams(StreamInfo stream, CheckSink sink, SweepMoves moves) {
      super(stream, sink);
      this.moves = moves;
    }

    @Override
    void sweep(long message, long stampNs, SweepProfile profile) {
      moves.accept(message, stampNs, profile);
      moves.takeMistimed(this::report);
    }

    private void report(SweepMoves.Moved sweep) {
      String moved = words(sweep);
      String what =
          switch (sweep.sides().move()) {
            case TURNED -> ", and distances show that the points are turned";
            case MIRRORED -> ", and distances show that the points are mirrored";
            case NONE, SCALED, LIFTED -> "";
          };
      fault(
          "points do not lie where the beam was at their times",
          sweep.message(),
          sweep.stampNs(),
          Severity.ERROR,
          0,
          new Evidence.Violation(
              "beam",
              moved + what,
              "within " + Math.round(moves.limitDegrees()) + " degrees of its course"));
    }

    private static String words(SweepMoves.Moved sweep) {
      return sweep.backward()
          ? "runs backward"
          : SweepMoves.disordered(sweep)
              ? "turns unevenly"
              : Math.round(sweep.degrees()) + " degrees off its course";
    }

    @Override
    boolean misleads() {
      return true;
    }

    @Override
    Conclusion conclude() {
      moves.end();
      moves.takeMistimed(this::report);
      return Conclusion.examined(moves.beamsExamined(), moves.beamUnknown());
    }
  }
}
