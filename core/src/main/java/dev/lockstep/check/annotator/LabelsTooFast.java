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
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// ANN005: an annotator is said to have drawn boxes faster than a person can.
public final class LabelsTooFast implements LabelCheck {
  private static final double MIN_SECONDS = 0.3;
  private static final int MIN_BOXES = 50;
  private static final int MIN_SAVES = 10;
  private static final long BURST_NS = Times.SECOND;
  private static final double MAX_PACE = 0.03;
  private static final double USUAL_PACE = 0.1;
  private static final int MIN_PACED = 100;
  private static final double MAX_BOXES_A_SAVE = 2;

  private static final CheckCard CARD =
      CheckCard.of(
          "ANN005",
          LabelsTooFast.class,
          Severity.WARNING,
          "An annotator is said to have drawn boxes faster than a person can.",
          new CheckCard.Parameter(
              "min-time", "s", MIN_SECONDS, "a box, below one deliberate drag of a mouse; judged"),
          new CheckCard.Parameter("min-boxes", "", MIN_BOXES, "of a burst; judged"),
          new CheckCard.Parameter("min-saves", "", MIN_SAVES, "different times in it; judged"),
          new CheckCard.Parameter(
              "burst-gap", "s", BURST_NS / (double) Times.SECOND, "that ends a burst; judged"),
          new CheckCard.Parameter(
              "max-pace", "", MAX_PACE, "middle deviation of times between saves; judged"),
          new CheckCard.Parameter("min-paced", "", MIN_PACED, "saves; judged"));

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
    long[] edited = labels.editedNs();
    long examined = 0;
    Map<String, Pace> paces = new TreeMap<>();
    for (Map.Entry<String, List<Piece>> each : pieces.byAnnotator().entrySet()) {
      List<Integer> drawn = new ArrayList<>();
      each.getValue().forEach(piece -> addDrawn(labels, pieces, piece, drawn));
      drawn.sort((a, b) -> Long.compare(edited[a], edited[b]));
      if (drawn.stream().mapToLong(row -> edited[row]).distinct().count() >= MIN_SAVES) {
        examined += drawn.size();
        if (!bursts(labels, each.getKey(), drawn, sink)) {
          paces.put(each.getKey(), Pace.of(edited, drawn));
        }
      }
    }
    paces.forEach((name, pace) -> {
      // Where everybody's saves come at one pace, the tool saves.
      boolean others =
          paces.entrySet().stream()
              .anyMatch(e -> !e.getKey().equals(name) && e.getValue().share() > USUAL_PACE);
      if (pace.share() < MAX_PACE && others) {
        tell(labels, name, pace, sink);
      }
    });
    return Conclusion.examined(
        examined,
        "no annotator has drawn boxes with "
            + MIN_SAVES
            + " different edit times (labels may be saved all at once)");
  }

  /// Rows that somebody placed: not computed ones, whether or not they say so.
  private static void addDrawn(LabelSet labels, Pieces pieces, Piece piece, List<Integer> drawn) {
    for (int i = 0; i < piece.rows().length; i++) {
      int row = piece.rows()[i];
      boolean computed =
          labels.details().has(row, LabelDetails.INTERPOLATED)
              || pieces.offLine(piece, i) <= pieces.exactMeters();
      if (!computed && labels.editedNs()[row] != Times.NONE) {
        drawn.add(row);
      }
    }
  }

  /// Bursts of saves close to one another. What is saved in one may have been drawn since the save
  /// before it, so that this time counts too; of the first burst nobody knows when it was begun.
  /// Whether one was too fast.
  private static boolean bursts(
      LabelSet labels, String annotator, List<Integer> rows, CheckSink sink) {
    long[] edited = labels.editedNs();
    boolean told = false;
    int from = 0;
    for (int i = 1; i <= rows.size(); i++) {
      if (i == rows.size() || edited[rows.get(i)] - edited[rows.get(i - 1)] > BURST_NS) {
        List<Integer> burst = rows.subList(from, i);
        long saves = burst.stream().mapToLong(row -> edited[row]).distinct().count();
        if (from > 0 && burst.size() >= MIN_BOXES && saves >= MIN_SAVES) {
          double seconds =
              (edited[burst.getLast()] - edited[rows.get(from - 1)])
                  / (double) Times.SECOND
                  / burst.size();
          if (seconds < MIN_SECONDS) {
            tell(labels, annotator, burst, seconds, sink);
            told = true;
          }
        }
        from = i;
      }
    }
    return told;
  }

  /// How evenly saves come.
  ///
  /// @param boxes drawn boxes
  /// @param firstRow the row of the first
  /// @param seconds middle time between two saves
  /// @param share middle distance from it, of it; NaN where saves are too few, or hold many boxes
  private record Pace(int boxes, int firstRow, double seconds, double share) {
    static Pace of(long[] edited, List<Integer> rows) {
      long[] saves = rows.stream().mapToLong(row -> edited[row]).distinct().toArray();
      int n = saves.length - 1;
      if (n < MIN_PACED || rows.size() > MAX_BOXES_A_SAVE * saves.length) {
        return new Pace(rows.size(), rows.getFirst(), Double.NaN, Double.NaN);
      }
      boolean whole = Arrays.stream(saves).allMatch(ns -> ns % Times.SECOND == 0);
      double[] gaps = new double[n];
      for (int i = 0; i < n; i++) {
        gaps[i] = (saves[i + 1] - saves[i]) / (double) Times.SECOND;
      }
      double middle = Pieces.median(gaps, n);
      for (int i = 0; i < n; i++) {
        gaps[i] = Math.abs(gaps[i] - middle);
      }
      // Times in whole seconds hide what is smaller.
      double off = Pieces.median(gaps, n) + (whole ? 0.5 : 0);
      return new Pace(rows.size(), rows.getFirst(), middle, off / middle);
    }
  }

  private static void tell(LabelSet labels, String annotator, Pace pace, CheckSink sink) {
    sink.report(
        Severity.WARNING,
        "boxes of " + annotator + " come at an even pace",
        labels.location(pace.firstRow(), pace.firstRow()).withTrack(null),
        Evidence.OutOfRange.rounded(
            "middle deviation of the time between saves from "
                + Numbers.text(Math.rint(1000 * pace.seconds()) / 1000)
                + " s, of it, "
                + pace.boxes()
                + " boxes",
            pace.share(),
            MAX_PACE,
            null,
            4,
            ""),
        new Cause(
            "not-drawn-by-hand",
            "a program made the boxes, or their edit times: no hand keeps time like that"));
  }

  private static void tell(
      LabelSet labels, String annotator, List<Integer> burst, double seconds, CheckSink sink) {
    sink.report(
        Severity.WARNING,
        "boxes of " + annotator + " come too fast",
        labels.location(burst.getFirst(), burst.getFirst()).withTrack(null),
        Evidence.OutOfRange.rounded(
            "time a box, " + burst.size() + " boxes in a row", seconds, MIN_SECONDS, null, 3, "s"),
        new Cause("not-drawn-by-hand", "a program made the boxes, or their edit times are wrong"));
  }
}
