package dev.lockstep.check.lidar;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;

/// LID013: the points of a sweep lie turned, mirrored, scaled or lifted against those of the sweep
/// before.
public final class SweepTurned extends SweepRule {
  static final CheckCard.Parameter TURN =
      new CheckCard.Parameter(
          "min-turn",
          "degrees",
          10,
          "between two sweeps of which neither neighbour turned; judged: no vehicle does that");
  static final CheckCard.Parameter RATE =
      new CheckCard.Parameter(
          "min-rate", "degrees/s", 90, "of such a turn; judged: cars were measured below 60");

  private static final CheckCard CARD =
      CheckCard.of(
          "LID013",
          SweepTurned.class,
          Severity.ERROR,
          "The points of a sweep lie turned, mirrored, scaled or lifted against the sweep before.",
          TURN,
          RATE);

  /// The rule.
  public SweepTurned() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Turns(stream, sink, SweepMoves.of(shared));
  }

  private static final class Turns extends SweepObserver {
    private final SweepMoves moves;

    Turns(StreamInfo stream, CheckSink sink, SweepMoves moves) {
      super(stream, sink);
      this.moves = moves;
    }

    @Override
    void sweep(long message, long stampNs, SweepProfile profile) {
      moves.accept(message, stampNs, profile);
      moves.takeTurned(this::report);
    }

    private void report(SweepMoves.Moved moved) {
      fault(
          title(moved.sides()),
          moved.message(),
          moved.stampNs(),
          Severity.ERROR,
          0,
          moved.sides().move() == SweepSides.Move.LIFTED
              ? new Evidence.Violation(
                  "mean height of the points",
                  Numbers.fixed(moved.sides().amount(), 2) + " m above the sweep before",
                  "within 0.5 m of it")
              : new Evidence.Violation(
                  "distances on all sides", words(moved.sides()), "those of the sweep before"));
    }

    private static String title(SweepSides sides) {
      return switch (sides.move()) {
        case MIRRORED -> "the sweep is mirrored";
        case SCALED -> "the sweep is in another unit of length";
        case LIFTED -> "the sweep lies at another height";
        default -> "the sweep is turned";
      };
    }

    private static String words(SweepSides sides) {
      return switch (sides.move()) {
        case MIRRORED -> "those of the sweep before, mirrored";
        case SCALED -> "those of the sweep before times " + factor(sides.amount());
        default ->
            "those of the sweep before, turned by "
                + Math.round(sides.amount())
                + " degrees counter-clockwise";
      };
    }

    private static String factor(double amount) {
      return amount >= 10
          ? Long.toString(Math.round(amount))
          : Numbers.fixed(amount, amount >= 1 ? 2 : 4);
    }

    @Override
    boolean misleads() {
      return true;
    }

    @Override
    Conclusion conclude() {
      moves.end();
      moves.takeTurned(this::report);
      if (moves.compared() > 0) {
        sink.measure("sweeps-apart", moves.usualApart(), "octaves");
      }
      return Conclusion.examined(
          moves.compared(),
          "fewer than " + SweepMoves.LEARNED + " sweeps with distances on most sides");
    }
  }
}
