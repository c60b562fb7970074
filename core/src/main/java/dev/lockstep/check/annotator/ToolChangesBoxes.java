package dev.lockstep.check.annotator;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.ToolShift.Shift;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;

/// ANN010: boxes become larger or smaller with another tool, in the hands of most annotators.
public final class ToolChangesBoxes implements LabelCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "ANN010",
          ToolChangesBoxes.class,
          Severity.WARNING,
          "Boxes of most annotators change their size with the tool.",
          new CheckCard.Parameter("sigmas", "", ToolShift.SIGMAS, "judged"),
          new CheckCard.Parameter("min-share", "", ToolShift.MIN_SHARE, "of the volume; judged"),
          new CheckCard.Parameter(
              "min-annotators", "", ToolShift.MIN_ANNOTATORS, "who used both; judged"),
          new CheckCard.Parameter(
              "min-agreeing", "", ToolShift.MIN_AGREEING, "share of these; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    String obstacle = Pieces.obstacle(labels);
    if (obstacle != null) {
      return Conclusion.undecided(obstacle);
    }
    ToolShift tools = ToolShift.of(labels, context);
    Pieces pieces = tools.shared().pieces();
    for (Shift shift : tools.shifts()) {
      int row = shift.first().rows()[0];
      sink.report(
          Severity.WARNING,
          "boxes change with tool " + shift.tool(),
          labels.location(row, row).withTrack(null),
          new Evidence.Change(
              "volume of boxes",
              "100 % with " + shift.before(),
              Numbers.text(Math.rint(1000 * Math.exp(shift.log())) / 10)
                  + " % with "
                  + shift.tool(),
              shift.agreeing()
                  + " of "
                  + shift.annotators()
                  + " annotators,"
                  + pieces.since(shift.first())
                  + ", "
                  + Numbers.text(Math.rint(10 * Math.abs(shift.z())) / 10)
                  + " sigmas"),
          new Cause(
              "tool-shift",
              "the tool, or the guideline that came with it: no annotator's fault, and left out"
                  + " where annotators are compared"));
    }
    return Conclusion.examined(
        tools.compared(),
        "fewer than "
            + ToolShift.MIN_ANNOTATORS
            + " annotators used two tools for "
            + ToolShift.MIN_PIECES
            + " objects each");
  }
}
