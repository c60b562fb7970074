package dev.lockstep.check.annotator;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.Pieces.Piece;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// ANN001: an annotator's boxes become larger, smaller, steadier or less steady from some job on.
public final class AnnotatorDrifts implements LabelCheck {
  private static final double FLOOR = 0.02;
  private static final int JITTER_BOXES = 6;
  private static final int MIN_PIECES = 20;

  /// Standard errors of the difference before and after that an alarm of the chart needs, and that
  /// do without one; judged.
  private static final double CONFIRMED = 3.5;

  /// Jitter of a hand goes with what the scene is like, too.
  private static final double CONFIRMED_JITTER = 4.5;

  private static final double SURE = 6;

  /// Logarithm of the jitter over the others' of hands that no person has; judged.
  private static final double STEADIER = Math.log(1 / 3.0);

  private static final CheckCard CARD =
      CheckCard.of(
          "ANN001",
          AnnotatorDrifts.class,
          Severity.WARNING,
          "An annotator's boxes change their size or steadiness from some point on.",
          new CheckCard.Parameter(
              "k", "", SelfStartingCusum.K, "half of the shift found soonest, in sigmas"),
          new CheckCard.Parameter(
              "h", "", SelfStartingCusum.H, "70,000 objects between false alarms, computed"),
          new CheckCard.Parameter("min-objects", "", MIN_PIECES, "judged"));

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
    ToolShift tools = comparison.tools();
    Map<Piece, Double> sizes = new HashMap<>();
    Map<Piece, Double> jitters = new HashMap<>();
    for (Piece piece : pieces.all()) {
      sizes.put(piece, pieces.logVolume(piece) - tools.of(piece));
      jitters.put(piece, pieces.logJitter(piece, JITTER_BOXES));
    }
    long examined = 0;
    for (Comparison.Verdict verdict : comparison.verdicts()) {
      if (verdict.changes()) {
        VerdictText.tell(labels, pieces, tools, verdict, sink);
      }
    }
    for (List<Piece> own : pieces.byAnnotator().values()) {
      if (comparison.judges(own.getFirst().annotator())) {
        examined += comparison.compared(own.getFirst().annotator());
        continue;
      }
      // In an image, size follows the distance, and jitter the camera.
      if (!pieces.flat()) {
        examined += watch(labels, pieces, own, sizes, "volume of boxes", false, sink);
        examined += watch(labels, pieces, own, jitters, "jitter of boxes", true, sink);
      }
    }
    return Conclusion.examined(
        examined, "no annotator has " + MIN_PIECES + " objects whose order of work is known");
  }

  private static long watch(
      LabelSet labels,
      Pieces pieces,
      List<Piece> own,
      Map<Piece, Double> values,
      String what,
      boolean steadiness,
      CheckSink sink) {
    Map<Integer, double[]> middles = Pieces.middles(pieces.all(), values, FLOOR);
    List<Piece> watched = new ArrayList<>();
    for (Piece piece : own) {
      if (Double.isFinite(values.getOrDefault(piece, Double.NaN))) {
        watched.add(piece);
      }
    }
    if (watched.size() < MIN_PIECES) {
      return 0;
    }
    double[] units = new double[watched.size()];
    for (int i = 0; i < units.length; i++) {
      units[i] = deviation(watched.get(i), values, middles) / spread(watched.get(i), middles);
    }
    // The chart finds what begins at once, with little work behind it; all of the work together
    // what comes so slowly that the chart learns it.
    SelfStartingCusum cusum = new SelfStartingCusum(0.1);
    Shifts whole = Shifts.change(units, 0.1);
    int from = -1;
    int seen = units.length;
    for (int i = 0; i < units.length && from < 0; i++) {
      int alarm = cusum.add(units[i]);
      if (alarm != 0) {
        from = cusum.since(alarm);
        seen = i + 1;
      }
    }
    double confirmed = steadiness ? CONFIRMED_JITTER : CONFIRMED;
    if (Math.abs(whole.z()) < (from < 0 ? SURE : confirmed)) {
      return watched.size();
    }
    boolean slow = from < 0;
    from = slow ? whole.from() : from;
    double change =
        mean(watched, values, middles, from, seen) - mean(watched, values, middles, 0, from);
    double after = mean(watched, values, middles, from, seen);
    // Who becomes as steady as the others learns; steadier by far than them is a tool.
    if (steadiness && change < 0 && after > STEADIER) {
      return watched.size();
    }
    int first = watched.get(from).rows()[0];
    sink.report(
        Severity.WARNING,
        "work of " + watched.get(from).annotator() + " changes",
        labels.location(first, first),
        new Evidence.Change(
            what,
            "100 % in " + from + " objects",
            Numbers.text(Math.rint(1000 * Math.exp(change)) / 10) + " %",
            (slow ? "slowly, " : "")
                + (seen - from)
                + " objects from here on"
                + (pieces.edited() ? "," + pieces.since(watched.get(from)) : "")),
        new Cause(
            "annotator-drift",
            "the annotator works otherwise than before, or was given other scenes"
                + ": compare what was drawn before and after"));
    return watched.size();
  }

  /// Mean difference of pieces from the middle of their category.
  private static double mean(
      List<Piece> pieces,
      Map<Piece, Double> values,
      Map<Integer, double[]> middles,
      int from,
      int to) {
    double sum = 0;
    for (Piece piece : pieces.subList(from, to)) {
      sum += deviation(piece, values, middles);
    }
    return sum / (to - from);
  }

  private static double deviation(
      Piece piece, Map<Piece, Double> values, Map<Integer, double[]> middles) {
    double[] middle = middles.get(piece.category());
    return middle == null ? Double.NaN : values.getOrDefault(piece, Double.NaN) - middle[0];
  }

  private static double spread(Piece piece, Map<Integer, double[]> middles) {
    double[] middle = middles.get(piece.category());
    return middle == null ? Double.NaN : middle[1];
  }
}
