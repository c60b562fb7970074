package dev.lockstep.check.annotator;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.Comparison.Measure;
import dev.lockstep.check.annotator.Comparison.Verdict;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;

/// ANN007: an annotator sets boxes beside, behind or around where others set those of the same
/// objects.
public final class AnnotatorHandDiffers implements LabelCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "ANN007",
          AnnotatorHandDiffers.class,
          Severity.WARNING,
          "An annotator's boxes lie beside, behind or around those of others on the same objects.",
          new CheckCard.Parameter("sigmas", "", Comparison.SIGMAS, "judged"),
          new CheckCard.Parameter("min-off", "m", Measure.X.least, "along an axis; judged"),
          new CheckCard.Parameter("min-delay", "s", Measure.DELAY.least, "judged"),
          new CheckCard.Parameter(
              "min-scatter", "", Comparison.MIN_SCATTER, "times the usual one; judged"),
          new CheckCard.Parameter(
              "min-objects", "", Comparison.MIN_PIECES, "that others drew, too; judged"));

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
    Comparison comparison = Comparison.of(labels, context);
    Pieces pieces = comparison.pieces();
    long examined =
        pieces.byAnnotator().keySet().stream()
            .filter(comparison::judges)
            .mapToLong(comparison::compared)
            .sum();
    for (Verdict verdict : comparison.verdicts()) {
      if (!verdict.changes() && verdict.measure() != Measure.VOLUME) {
        VerdictText.tell(labels, pieces, comparison.tools(), verdict, sink);
      }
    }
    return Conclusion.examined(
        examined, "no annotator drew " + Comparison.MIN_PIECES + " objects that another drew, too");
  }
}
