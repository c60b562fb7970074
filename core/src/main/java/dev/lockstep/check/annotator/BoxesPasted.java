package dev.lockstep.check.annotator;

import dev.lockstep.agreement.ExactBounds;
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
import java.util.TreeMap;

/// ANN011: an annotator leaves boxes of moving objects where they were and catches up by jumps.
public final class BoxesPasted implements LabelCheck {
  private static final double MIN_SHARE = 0.3;
  private static final int MIN_BOXES = 30;
  private static final int MAX_RUN = 12;
  private static final double JUMP_METERS = 0.15;
  private static final double CONFIDENCE = 0.9999;

  private static final CheckCard CARD =
      CheckCard.of(
          "ANN011",
          BoxesPasted.class,
          Severity.WARNING,
          "Boxes of moving objects stay where they were and catch up by jumps.",
          new CheckCard.Parameter("min-share", "", MIN_SHARE, "of boxes in motion; judged"),
          new CheckCard.Parameter("min-boxes", "", MIN_BOXES, "that stayed; judged"),
          new CheckCard.Parameter("max-run", "", MAX_RUN, "boxes between two jumps; judged"),
          new CheckCard.Parameter("jump", "m", JUMP_METERS, "before and after; judged"),
          new CheckCard.Parameter("confidence", "", CONFIDENCE, "of both exact bounds; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// Boxes that stayed among those of objects in motion.
  static final class Count {
    private long stayed;
    private long boxes;
    private int objects;
    private Piece first;

    Count(Piece first) {
      this.first = first;
    }
  }

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    String obstacle = Pieces.obstacle(labels);
    if (obstacle != null) {
      return Conclusion.undecided(obstacle);
    }
    Pieces pieces = Pieces.of(labels, context);
    long boxes = 0;
    for (Count count : counts(labels, pieces).values()) {
      boxes += count.boxes;
    }
    pasted(labels, pieces)
        .forEach((name, own) -> {
          int row = own.first.rows()[0];
          sink.report(
              Severity.WARNING,
              "boxes of " + name + " are pasted",
              labels.location(row, row),
              new Evidence.OutOfRange(
                  "share that stays between two jumps, "
                      + own.boxes
                      + " boxes, "
                      + own.objects
                      + " moving objects,"
                      + pieces.since(own.first),
                  Math.rint(100.0 * own.stayed / own.boxes) / 100,
                  null,
                  MIN_SHARE,
                  ""),
              new Cause(
                  "boxes-pasted",
                  "the box of the last frame was taken over without looking: redo these objects"));
        });
    return Conclusion.examined(boxes, "no drawn boxes of moving objects");
  }

  private static Map<String, Count> counts(LabelSet labels, Pieces pieces) {
    Map<String, Count> counts = new TreeMap<>();
    for (Map.Entry<String, List<Piece>> each : pieces.byAnnotator().entrySet()) {
      Count count = new Count(each.getValue().getFirst());
      each.getValue().forEach(piece -> count(labels, pieces, piece, count));
      counts.put(each.getKey(), count);
    }
    return counts;
  }

  /// Annotators who do so, more than the others.
  static Map<String, Count> pasted(LabelSet labels, Pieces pieces) {
    Map<String, Count> counts = counts(labels, pieces);
    long stayed = counts.values().stream().mapToLong(count -> count.stayed).sum();
    long boxes = counts.values().stream().mapToLong(count -> count.boxes).sum();
    Map<String, Count> pasted = new TreeMap<>();
    counts.forEach((name, own) -> {
      // A camera that stands still for an instant looks the same, but to everybody.
      double usual =
          boxes == own.boxes
              ? (pieces.flat() ? 1 : 0)
              : ExactBounds.upper(stayed - own.stayed, boxes - own.boxes, CONFIDENCE);
      if (own.stayed >= MIN_BOXES
          && own.stayed >= MIN_SHARE * own.boxes
          && ExactBounds.lower(own.stayed, own.boxes, CONFIDENCE) > usual) {
        pasted.put(name, own);
      }
    });
    return pasted;
  }

  /// A step of less than this is none.
  private static boolean stays(double step) {
    return step <= Pieces.EXACT_METERS;
  }

  private static void count(LabelSet labels, Pieces pieces, Piece piece, Count count) {
    int[] rows = piece.rows();
    double way = pieces.distance(rows[0], rows[rows.length - 1]);
    if (rows.length < 4 || way < JUMP_METERS * rows.length / 2) {
      return;
    }
    long stayed = 0;
    int run = 0;
    double jump = 0;
    for (int i = 1; i < rows.length; i++) {
      double step = pieces.distance(rows[i - 1], rows[i]);
      boolean computed = labels.details().has(rows[i], LabelDetails.INTERPOLATED);
      if (stays(step) && !computed) {
        run++;
      } else {
        if (run > 0
            && run <= MAX_RUN
            && step > JUMP_METERS
            && (jump > JUMP_METERS || i == run + 1)) {
          stayed += run;
        }
        run = 0;
        jump = step;
      }
    }
    count.boxes += rows.length - 1;
    if (stayed > 0) {
      count.first = count.stayed == 0 ? piece : count.first;
      count.objects++;
      count.stayed += stayed;
    }
  }
}
