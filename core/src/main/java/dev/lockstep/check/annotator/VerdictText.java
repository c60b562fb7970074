package dev.lockstep.check.annotator;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.annotator.Comparison.Measure;
import dev.lockstep.check.annotator.Comparison.Verdict;
import dev.lockstep.check.annotator.Pieces.Piece;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Says of a difference from others who, since when, what, how much, how sure, and what to do.
final class VerdictText {
  private VerdictText() {}

  static void tell(
      LabelSet labels, Pieces pieces, ToolShift tools, Verdict verdict, CheckSink sink) {
    Piece first = verdict.pieces().get(verdict.shifts().from());
    int row = first.rows()[0];
    int after = verdict.pieces().size() - verdict.shifts().from();
    String objects = " in " + after + " objects";
    String sure = Numbers.text(Math.rint(10 * Math.abs(verdict.shifts().z())) / 10) + " sigmas";
    Measure measure = verdict.measure();
    String later = text(pieces, measure, verdict.shifts().after()) + objects;
    String what =
        what(pieces, measure) + " beside those of " + others(verdict) + " on the same objects";
    Evidence evidence =
        new Evidence.Change(
            what,
            verdict.changes()
                ? text(pieces, measure, verdict.shifts().before())
                    + " in "
                    + verdict.shifts().from()
                    + " objects"
                : "theirs",
            later,
            (verdict.changes()
                    ? (verdict.gradual() ? "slowly," : "at once,") + pieces.since(first) + ", "
                    : "")
                + sure);
    String advice = advice(measure, verdict.shifts().after());
    if (verdict.rival() != null) {
      advice += "; which of the two is right, only a third can tell";
    }
    String before = verdict.changes() ? tool(tools, verdict, verdict.shifts().from() - 1) : null;
    String now = tool(tools, verdict, verdict.shifts().from());
    if (before != null && now != null && !before.equals(now)) {
      advice += "; the tool changes there, too, from " + before + " to " + now;
    }
    sink.report(
        Severity.WARNING,
        verdict.rival() != null
            ? "boxes of " + verdict.annotator() + " and " + verdict.rival() + " disagree"
            : verdict.changes()
                ? "work of " + verdict.annotator() + " changes"
                : measure == Measure.VOLUME
                    ? "boxes of " + verdict.annotator() + " differ from those of the others"
                    : "boxes of " + verdict.annotator() + " lie off those of the others",
        verdict.changes() ? labels.location(row, row) : labels.location(row, row).withTrack(null),
        evidence,
        new Cause(verdict.changes() ? "annotator-drift" : "annotator-bias", advice));
  }

  private static @Nullable String tool(ToolShift tools, Verdict verdict, int index) {
    return index < 0 ? null : tools.tool(verdict.pieces().get(index));
  }

  private static String others(Verdict verdict) {
    int n = verdict.others().size();
    return n == 1 ? Objects.requireNonNull(verdict.others().iterator().next()) : n + " others";
  }

  private static String what(Pieces pieces, Measure measure) {
    return switch (measure) {
      case VOLUME -> pieces.flat() ? "area of boxes" : "volume of boxes";
      case X -> "place along x";
      case Y -> "place along y";
      case Z -> "height of place (z)";
      case DELAY -> "place on the object's way";
      case SCATTER -> "unsteadiness of place";
    };
  }

  private static String text(Pieces pieces, Measure measure, double value) {
    return switch (measure) {
      case VOLUME, SCATTER -> Numbers.text(Math.rint(1000 * Math.exp(value)) / 10) + " %";
      case X, Y, Z ->
          Numbers.text(Math.rint(1000 * pieces.length(value)) / 1000) + " " + pieces.unit();
      case DELAY -> Numbers.text(Math.rint(1000 * value) / 1000) + " s late";
    };
  }

  private static String advice(Measure measure, double value) {
    return switch (measure) {
      case VOLUME ->
          value > 0
              ? "the annotator leaves more room around objects: show how tight boxes are to be"
              : "the annotator cuts objects: show how tight boxes are to be";
      case X, Y, Z ->
          "the annotator sets boxes beside the objects, or has another view or calibration:"
              + " compare screens, then redo";
      case DELAY ->
          value > 0
              ? "boxes are set on an image or sweep before theirs, or keyframes come late: compare"
                  + " frame numbers, then redo"
              : "boxes are set on an image or sweep after theirs: compare frame numbers, then redo";
      case SCATTER -> "the annotator works in haste or without looking: watch, then redo";
    };
  }
}
