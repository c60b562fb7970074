package dev.lockstep.check.annotator;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.Pieces.Piece;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.List;
import java.util.Map;

/// ANN006: boxes that are declared as drawn lie exactly between their neighbours.
public final class KeyframesComputed implements LabelCheck {
  private static final double MAX_SHARE = 0.6;
  private static final int MIN_BOXES = 100;
  private static final double MOVING_METERS = 0.1;

  private static final CheckCard CARD =
      CheckCard.of(
          "ANN006",
          KeyframesComputed.class,
          Severity.WARNING,
          "Boxes declared as drawn lie exactly on the line between their neighbours.",
          new CheckCard.Parameter("max-share", "", MAX_SHARE, "of an object's keyframes; judged"),
          new CheckCard.Parameter("min-boxes", "", MIN_BOXES, "of such objects, moving; judged"),
          new CheckCard.Parameter("exact", "m", Pieces.EXACT_METERS, "below the digits of formats"),
          new CheckCard.Parameter(
              "moving", "m", MOVING_METERS, "distance between the neighbours; judged"));

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
    Pieces pieces = Pieces.of(labels, context);
    if (pieces.coarse()) {
      return Conclusion.undecided(
          "coordinates are rounded to whole pixels or tenths: drawn lines look computed");
    }
    long examined = 0;
    for (Map.Entry<String, List<Piece>> each : pieces.byAnnotator().entrySet()) {
      Thinned thinned = new Thinned();
      long moving = 0;
      for (Piece piece : each.getValue()) {
        moving += count(labels, pieces, piece, thinned);
      }
      examined += moving >= MIN_BOXES ? moving : 0;
      if (thinned.boxes >= MIN_BOXES) {
        sink.report(
            Severity.WARNING,
            "keyframes of " + each.getKey() + " are computed",
            labels.location(thinned.firstRow, thinned.firstRow).withTrack(null),
            Evidence.OutOfRange.rounded(
                "share on the line of their neighbours, "
                    + thinned.boxes
                    + " keyframes of "
                    + thinned.objects
                    + " objects"
                    + spacing(thinned.spacings),
                (double) thinned.exact / thinned.boxes,
                null,
                MAX_SHARE,
                2,
                ""),
            new Cause("keyframes-thinned", "few were drawn, and a tool computed those between"));
      }
    }
    return Conclusion.examined(
        examined, "no annotator declares " + MIN_BOXES + " keyframes of moving objects");
  }

  /// What an annotator's objects hold of which most keyframes were computed.
  private static final class Thinned {
    private final int[] spacings = new int[64];
    private int objects;
    private int boxes;
    private int exact;
    private int firstRow = -1;
  }

  /// Adds an object to `thinned` if most of its keyframes were computed; gives the number of those
  /// that move.
  private static int count(LabelSet labels, Pieces pieces, Piece piece, Thinned thinned) {
    int moving = 0;
    int exact = 0;
    int last = 0;
    int[] spacings = new int[thinned.spacings.length];
    for (int i = 1; i < piece.rows().length - 1; i++) {
      if (!labels.details().has(piece.rows()[i], LabelDetails.KEYFRAME)
          || pieces.stride(piece, i) < MOVING_METERS) {
        continue;
      }
      moving++;
      if (pieces.offLine(piece, i) <= pieces.exactMeters()) {
        exact++;
      } else {
        spacings[Math.min(i - last, spacings.length - 1)]++;
        last = i;
      }
    }
    if (exact > MAX_SHARE * moving) {
      for (int n = 0; n < spacings.length; n++) {
        thinned.spacings[n] += spacings[n];
      }
      thinned.firstRow = thinned.objects == 0 ? piece.rows()[0] : thinned.firstRow;
      thinned.objects++;
      thinned.boxes += moving;
      thinned.exact += exact;
    }
    return moving;
  }

  /// How far drawn boxes usually stand apart, where one distance is usual.
  private static String spacing(int[] spacings) {
    int most = 0;
    long all = 0;
    for (int n = 0; n < spacings.length; n++) {
      most = spacings[n] > spacings[most] ? n : most;
      all += spacings[n];
    }
    return most > 1 && 2L * spacings[most] > all ? " (every " + most + ". was drawn)" : "";
  }
}
