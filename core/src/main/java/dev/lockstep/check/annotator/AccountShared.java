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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// ANN013: the work of one account is by two hands in turns.
public final class AccountShared implements LabelCheck {
  private static final double MIN_GAIN = 8;
  private static final int MIN_OBJECTS = 20;
  private static final int MIN_TURNS = 3;
  private static final int MIN_EACH = 8;
  private static final double MIN_VOLUME = 0.06;
  private static final double MIN_JITTER = 2.2;
  private static final int JITTER_BOXES = 6;

  /// Objects as far away whose middle jitter is the usual one.
  private static final int NEAR = 25;

  /// Common objects from which on two hands are known to differ all along.
  private static final int MIN_COMMON = 4;

  /// Of the gain without one of the others; judged.
  private static final double MIN_LEFT = 0.4;

  private static final CheckCard CARD =
      CheckCard.of(
          "ANN013",
          AccountShared.class,
          Severity.WARNING,
          "The work of one account is by two hands in turns.",
          new CheckCard.Parameter("min-gain", "", MIN_GAIN, "log likelihood over one hand; judged"),
          new CheckCard.Parameter("min-objects", "", MIN_OBJECTS, "judged"),
          new CheckCard.Parameter("min-turns", "", MIN_TURNS, "judged"),
          new CheckCard.Parameter("min-each", "", MIN_EACH, "objects by each hand; judged"),
          new CheckCard.Parameter(
              "min-volume", "", MIN_VOLUME, "share of volume that hands differ in, or"),
          new CheckCard.Parameter("min-jitter", "", MIN_JITTER, "times the jitter; judged"));

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
    SharedWork shared = tools.shared();
    Pieces pieces = shared.pieces();
    if (!pieces.edited()) {
      return Conclusion.undecided("labels do not say when they were made");
    }
    // In an image, jitter is that of the camera, too.
    Map<Piece, Double> jitters = pieces.flat() ? Map.of() : jitters(labels, pieces);
    long examined = 0;
    for (Map.Entry<String, List<Piece>> each : pieces.byAnnotator().entrySet()) {
      List<Piece> own = each.getValue();
      Work work = work(pieces, shared, tools, jitters, own, null);
      if (work.known.size() < MIN_OBJECTS) {
        continue;
      }
      examined += work.known.size();
      if (told(work.hands) && staysWithoutEach(pieces, shared, tools, jitters, own)) {
        tell(labels, pieces, each.getKey(), work.known, work.hands, sink);
      }
    }
    return Conclusion.examined(
        examined, "no annotator has " + MIN_OBJECTS + " objects whose order of work is known");
  }

  /// Objects whose numbers are known, and whose hands they are by.
  private record Work(List<Piece> known, TwoHands hands) {}

  private static Work work(
      Pieces pieces,
      SharedWork shared,
      ToolShift tools,
      Map<Piece, Double> jitters,
      List<Piece> own,
      @Nullable String but) {
    Map<Piece, Double> volumes = volumes(pieces, shared, tools, own, but);
    List<Piece> known = new ArrayList<>();
    List<double[]> numbers = new ArrayList<>();
    for (Piece piece : own) {
      double volume = volumes.getOrDefault(piece, Double.NaN);
      double jitter = jitters.getOrDefault(piece, Double.NaN);
      if (Double.isFinite(volume) || Double.isFinite(jitter)) {
        known.add(piece);
        numbers.add(new double[] {volume, jitter});
      }
    }
    return new Work(known, TwoHands.of(numbers.toArray(double[][]::new)));
  }

  private static boolean told(TwoHands hands) {
    int second = Arrays.stream(hands.state()).sum();
    return hands.gain() >= MIN_GAIN
        && hands.turns() >= MIN_TURNS
        && Math.min(second, hands.state().length - second) >= MIN_EACH
        && differ(hands);
  }

  /// Whether turns stay likely when each of those who drew the same objects is left out: else the
  /// turns are in their work.
  private static boolean staysWithoutEach(
      Pieces pieces,
      SharedWork shared,
      ToolShift tools,
      Map<Piece, Double> jitters,
      List<Piece> own) {
    Map<String, Integer> others = new TreeMap<>();
    own.forEach(piece ->
        shared.twins(piece).keySet().forEach(other -> others.merge(other, 1, Integer::sum)));
    return others.entrySet().stream()
        .filter(other -> other.getValue() >= MIN_COMMON)
        .allMatch(other ->
            work(pieces, shared, tools, jitters, own, other.getKey()).hands.gain()
                >= MIN_GAIN * MIN_LEFT);
  }

  /// Logarithms of volumes over those of others on the same objects, without what is usual between
  /// the two.
  private static Map<Piece, Double> volumes(
      Pieces pieces, SharedWork shared, ToolShift tools, List<Piece> own, @Nullable String but) {
    Map<String, Map<Piece, Double>> byOther = new TreeMap<>();
    for (Piece piece : own) {
      shared
          .twins(piece)
          .forEach((name, twin) -> {
            if (!name.equals(but)) {
              double step = pieces.logVolume(piece) - pieces.logVolume(twin);
              byOther
                  .computeIfAbsent(name, n -> new HashMap<>())
                  .put(piece, step - tools.of(piece) + tools.of(twin));
            }
          });
    }
    Map<Piece, double[]> sums = new HashMap<>();
    byOther
        .values()
        .forEach(steps -> {
          if (steps.size() >= MIN_COMMON) {
            double[] all = steps.values().stream().mapToDouble(Double::doubleValue).toArray();
            double middle = Arrays.stream(all).average().orElse(0);
            steps.forEach((piece, step) -> {
              double[] sum = sums.computeIfAbsent(piece, p -> new double[2]);
              sum[0] += step - middle;
              sum[1]++;
            });
          }
        });
    Map<Piece, Double> volumes = new HashMap<>();
    sums.forEach((piece, sum) -> volumes.put(piece, sum[0] / sum[1]));
    return volumes;
  }

  /// Logarithms of jitters over the middle one of the hand and the usual ones of objects as far
  /// away.
  private static Map<Piece, Double> jitters(LabelSet labels, Pieces pieces) {
    boolean ranged =
        labels.frameOfReference() == LabelSet.Frame.SENSOR
            || labels.frameOfReference() == LabelSet.Frame.EGO;
    List<Piece> known = new ArrayList<>();
    Map<Piece, Double> logs = new HashMap<>();
    Map<Piece, Double> ranges = new HashMap<>();
    for (Piece piece : pieces.all()) {
      double log = pieces.logJitter(piece, JITTER_BOXES);
      if (Double.isFinite(log)) {
        int row = piece.rows()[piece.rows().length / 2];
        known.add(piece);
        logs.put(piece, log);
        ranges.put(piece, ranged ? Math.hypot(pieces.box(row, 0), pieces.box(row, 1)) : 0);
      }
    }
    // A steady hand among the others must not pass for objects that are easy to draw.
    Map<String, List<Double>> byHand = new HashMap<>();
    known.forEach(piece ->
        byHand
            .computeIfAbsent(piece.annotator(), a -> new ArrayList<>())
            .add(logs.getOrDefault(piece, 0.0)));
    byHand.forEach((name, own) -> {
      double[] all = own.stream().mapToDouble(Double::doubleValue).toArray();
      double middle = Pieces.median(all, all.length);
      known.stream()
          .filter(piece -> piece.annotator().equals(name))
          .forEach(piece -> logs.merge(piece, -middle, Double::sum));
    });
    known.sort((a, b) -> Double.compare(ranges.getOrDefault(a, 0.0), ranges.getOrDefault(b, 0.0)));
    Map<Piece, Double> jitters = new HashMap<>();
    for (int i = 0; i < known.size(); i++) {
      Piece piece = known.get(i);
      double[] near = new double[NEAR];
      int count = 0;
      for (int step = 1; count < NEAR && (i - step >= 0 || i + step < known.size()); step++) {
        for (int k : new int[] {i - step, i + step}) {
          if (k >= 0 && k < known.size() && count < NEAR) {
            near[count++] = logs.getOrDefault(known.get(k), 0.0);
          }
        }
      }
      if (count > 0) {
        jitters.put(piece, logs.getOrDefault(piece, 0.0) - Pieces.median(near, count));
      }
    }
    return jitters;
  }

  private static void tell(
      LabelSet labels,
      Pieces pieces,
      String name,
      List<Piece> known,
      TwoHands hands,
      CheckSink sink) {
    int turn = 1;
    while (hands.state()[turn] == hands.state()[turn - 1]) {
      turn++;
    }
    Piece first = known.get(turn);
    int second = Arrays.stream(hands.state()).sum();
    int row = first.rows()[0];
    sink.report(
        Severity.WARNING,
        "account " + name + " is used by two hands",
        labels.location(row, row).withTrack(null),
        new Evidence.Change(
            "volume and jitter of boxes in turns",
            text(hands, 0) + " in " + (known.size() - second) + " objects",
            text(hands, 1) + " in " + second + " objects",
            hands.turns()
                + " turns,"
                + pieces.since(first)
                + ", likelier than one hand by e^"
                + Math.round(hands.gain())),
        new Cause(
            "account-shared",
            "two people work under one name, or one by hand and by a program in turns: who made a"
                + " label cannot be said"));
  }

  private static boolean differ(TwoHands hands) {
    double[][] means = hands.means();
    return Math.abs(means[1][0] - means[0][0]) >= Math.log1p(MIN_VOLUME)
        || Math.abs(means[1][1] - means[0][1]) >= Math.log(MIN_JITTER);
  }

  private static String text(TwoHands hands, int hand) {
    double[] means = hands.means()[hand];
    return Numbers.text(Math.rint(1000 * Math.exp(means[0])) / 10)
        + " % and "
        + Numbers.text(Math.rint(1000 * Math.exp(means[1])) / 10)
        + " %";
  }
}
