package dev.lockstep.check.annotator;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.Pieces.Piece;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// ANN002: an annotator draws boxes of the same category larger or smaller than the others do.
public final class AnnotatorSizesDiffer implements LabelCheck {
  private static final double FLOOR = 0.02;

  /// No side is taken for more alike than that, so that one which a template gives does not count
  /// alone (judged).
  private static final double SIDE_FLOOR = 0.04;

  private static final double SIGMAS = 5.5;
  private static final double MIN_SHARE = 0.06;
  private static final int MIN_PIECES = 10;
  private static final double CLIP = 4;
  private static final int MIN_PEERS = 4;

  /// Variance of a median over that of a mean of as many normal numbers.
  private static final double MEDIAN_VARIANCE = Math.PI / 2;

  /// Half of normal deviates lie below this.
  private static final double HALF = 0.6745;

  private static final CheckCard CARD =
      CheckCard.of(
          "ANN002",
          AnnotatorSizesDiffer.class,
          Severity.WARNING,
          "An annotator draws boxes larger or smaller than the others do.",
          new CheckCard.Parameter("sigmas", "", SIGMAS, "judged"),
          new CheckCard.Parameter("min-share", "", MIN_SHARE, "2 % an edge; judged"),
          new CheckCard.Parameter("min-objects", "", MIN_PIECES, "judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  private record Bias(String annotator, double z, double log, Piece first, int objects) {}

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    String obstacle = Pieces.obstacle(labels);
    if (obstacle != null) {
      return Conclusion.undecided(obstacle);
    }
    Comparison comparison = Comparison.of(labels, context);
    Pieces pieces = comparison.pieces();
    ToolShift tools = comparison.tools();
    Map<Piece, Double> sizes = sizes(pieces, tools);
    for (Comparison.Verdict verdict : comparison.verdicts()) {
      if (!verdict.changes() && verdict.measure() == Comparison.Measure.VOLUME) {
        VerdictText.tell(labels, pieces, tools, verdict, sink);
      }
    }
    // Who differs most is told and left out: what the others differ from must not hold it.
    TreeSet<String> left = new TreeSet<>(pieces.byAnnotator().keySet());
    comparison.verdicts().forEach(verdict -> left.remove(verdict.annotator()));
    left.removeAll(SizesRepeated.annotators(pieces));
    long examined = left.stream().filter(comparison::judges).mapToLong(comparison::compared).sum();
    // In an image, sizes of different objects follow their distance.
    while (left.size() >= 2 && !pieces.flat()) {
      List<Bias> biases = biases(pieces, sizes, left, comparison, false);
      examined = Math.max(examined, biases.stream().mapToLong(Bias::objects).sum());
      Bias worst = null;
      for (Bias bias : biases) {
        worst = worst == null || Math.abs(bias.z()) > Math.abs(worst.z()) ? bias : worst;
      }
      if (worst == null
          || Math.abs(worst.z()) < SIGMAS
          || Math.abs(worst.log()) < Math.log1p(MIN_SHARE)) {
        break;
      }
      Set<String> others = new TreeSet<>(left);
      others.remove(worst.annotator());
      if (Math.abs(worst.z()) < SIGMAS * usual(biases(pieces, sizes, others, comparison, true))) {
        break;
      }
      int first = worst.first().rows()[0];
      sink.report(
          Severity.WARNING,
          "boxes of " + worst.annotator() + " differ from those of the others",
          labels.location(first, first).withTrack(null),
          Evidence.OutOfRange.rounded(
              "volume over the others', " + worst.objects() + " objects",
              Math.exp(worst.log()),
              Math.rint(1000 / (1 + MIN_SHARE)) / 1000,
              1 + MIN_SHARE,
              3,
              ""),
          new Cause(
              "annotator-bias",
              "the annotator leaves more or less room around objects than others"));
      left.remove(worst.annotator());
    }
    return Conclusion.examined(
        examined, "no two annotators have " + MIN_PIECES + " objects of one category each");
  }

  /// Sizes of pieces as logarithms, like those of volumes: of length, width and height, those count
  /// for more that objects of the category have in common.
  private static Map<Piece, Double> sizes(Pieces pieces, ToolShift tools) {
    Map<Piece, Double> sizes = new HashMap<>();
    pieces.all().forEach(piece -> sizes.put(piece, -tools.of(piece)));
    Map<Integer, Double> totals = new HashMap<>();
    List<Map<Piece, Double>> sides = new ArrayList<>();
    List<Map<Integer, double[]>> middles = new ArrayList<>();
    for (int side = 0; side < 3; side++) {
      Map<Piece, Double> logs = new HashMap<>();
      for (Piece piece : pieces.all()) {
        logs.put(piece, pieces.logSide(piece, side));
      }
      sides.add(logs);
      middles.add(Pieces.middles(pieces.all(), logs, SIDE_FLOOR));
      middles.get(side).forEach((category, m) -> totals.merge(category, weight(m), Double::sum));
    }
    for (int side = 0; side < 3; side++) {
      for (Piece piece : pieces.all()) {
        double[] middle = middles.get(side).get(piece.category());
        double total = totals.getOrDefault(piece.category(), Double.NaN);
        double share = middle == null ? 1 : 3 * weight(middle) / total;
        sizes.merge(piece, share * sides.get(side).getOrDefault(piece, Double.NaN), Double::sum);
      }
    }
    return sizes;
  }

  private static double weight(double[] middle) {
    return 1 / (middle[1] * middle[1]);
  }

  /// What each of some annotators differs by from the others among them, where that is not judged
  /// by common objects.
  ///
  /// @param byMiddle whether by the middle of the others, which another one who differs moves less,
  ///   and not by their mean, which is known better
  private static List<Bias> biases(
      Pieces pieces,
      Map<Piece, Double> sizes,
      Set<String> among,
      Comparison comparison,
      boolean byMiddle) {
    List<Bias> biases = new ArrayList<>();
    for (String annotator : among) {
      Bias bias = bias(pieces, sizes, annotator, among, byMiddle);
      if (bias != null && !comparison.judges(annotator)) {
        biases.add(bias);
      }
    }
    return biases;
  }

  /// How much more annotators differ from each other than their objects by chance: where each was
  /// given other scenes, a difference says that much less about the hand. At least 1.
  private static double usual(List<Bias> peers) {
    double[] sizes = peers.stream().mapToDouble(bias -> Math.abs(bias.z())).toArray();
    return sizes.length < MIN_PEERS ? 1 : Math.max(1, Pieces.median(sizes, sizes.length) / HALF);
  }

  private static @Nullable Bias bias(
      Pieces pieces,
      Map<Piece, Double> sizes,
      String annotator,
      Set<String> among,
      boolean byMiddle) {
    List<Piece> others = new ArrayList<>();
    List<Piece> own = new ArrayList<>();
    for (Piece piece : pieces.all()) {
      if (piece.annotator().equals(annotator)) {
        own.add(piece);
      } else if (among.contains(piece.annotator())) {
        others.add(piece);
      }
    }
    Map<Integer, double[]> middles = Pieces.middles(others, sizes, FLOOR);
    Map<Integer, Double> means = byMiddle ? Map.of() : means(others, sizes, middles);
    Map<Integer, Integer> counts = new HashMap<>();
    double sum = 0;
    double logs = 0;
    int n = 0;
    double[] units = new double[own.size()];
    Piece first = null;
    for (Piece piece : own) {
      double[] middle = middles.get(piece.category());
      double size = sizes.getOrDefault(piece, Double.NaN);
      if (middle != null && middle[2] >= MIN_PIECES && Double.isFinite(size)) {
        double mean = means.getOrDefault(piece.category(), 0.0);
        units[n] = unit(size, middle) - mean;
        sum += units[n];
        logs += size - middle[0] - mean * middle[1];
        counts.merge(piece.category(), 1, Integer::sum);
        first = first == null ? piece : first;
        n++;
      }
    }
    if (first == null || n < MIN_PIECES) {
      return null;
    }
    // Objects of one scene resemble each other: so many say less.
    double variance = n * Shifts.inflation(Arrays.copyOf(units, n));
    for (Map.Entry<Integer, Integer> count : counts.entrySet()) {
      double many = count.getValue();
      double[] middle = middles.get(count.getKey());
      double known = byMiddle ? MEDIAN_VARIANCE : 1;
      variance += middle == null ? 0 : many * many * known / middle[2];
    }
    return new Bias(annotator, sum / Math.sqrt(variance), logs / n, first, n);
  }

  /// A size in spreads from the middle of its category.
  private static double unit(double size, double[] middle) {
    return Math.clamp((size - middle[0]) / middle[1], -CLIP, CLIP);
  }

  /// Mean of sizes in these units, by category: it is known to more than a middle is, by a quarter.
  private static Map<Integer, Double> means(
      List<Piece> pieces, Map<Piece, Double> sizes, Map<Integer, double[]> middles) {
    Map<Integer, Double> means = new HashMap<>();
    for (Piece piece : pieces) {
      double[] middle = middles.get(piece.category());
      double size = sizes.getOrDefault(piece, Double.NaN);
      if (middle != null && Double.isFinite(size)) {
        means.merge(piece.category(), unit(size, middle) / middle[2], Double::sum);
      }
    }
    return means;
  }
}
