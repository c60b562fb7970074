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
  private static final double SIGMAS = 5.5;
  private static final double MIN_SHARE = 0.06;
  private static final int MIN_PIECES = 10;
  private static final double CLIP = 4;
  private static final int MIN_PEERS = 5;

  /// Half of normal deviates lie below this.
  private static final double HALF = 0.6745;

  /// Variance of a median over that of a mean of as many normal numbers.
  private static final double MEDIAN_VARIANCE = Math.PI / 2;

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
    Map<Piece, Double> sizes = new HashMap<>();
    pieces.all().forEach(piece -> sizes.put(piece, pieces.logVolume(piece) - tools.of(piece)));
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
      Bias worst = null;
      List<Double> zs = new ArrayList<>();
      long compared = 0;
      for (String annotator : left) {
        Bias bias = bias(pieces, sizes, annotator, left);
        if (bias != null && !comparison.judges(annotator)) {
          compared += bias.objects();
          zs.add(Math.abs(bias.z()));
          if (worst == null || Math.abs(bias.z()) > Math.abs(worst.z())) {
            worst = bias;
          }
        }
      }
      examined = Math.max(examined, compared);
      if (worst == null
          || Math.abs(worst.z()) < SIGMAS * usual(zs)
          || Math.abs(worst.log()) < Math.log1p(MIN_SHARE)) {
        break;
      }
      int first = worst.first().rows()[0];
      sink.report(
          Severity.WARNING,
          "boxes of " + worst.annotator() + " differ from those of the others",
          labels.location(first, first).withTrack(null),
          new Evidence.OutOfRange(
              "volume over the others', " + worst.objects() + " objects",
              Math.rint(1000 * Math.exp(worst.log())) / 1000,
              Math.rint(1000 / (1 + MIN_SHARE)) / 1000,
              1 + MIN_SHARE,
              ""),
          new Cause(
              "annotator-bias",
              "the annotator leaves more or less room around objects than others"));
      left.remove(worst.annotator());
    }
    return Conclusion.examined(
        examined, "no two annotators have " + MIN_PIECES + " objects of one category each");
  }

  /// How much more annotators differ from each other than their objects by chance: where each was
  /// given other scenes, a difference says that much less about the hand. At least 1.
  private static double usual(List<Double> zs) {
    double[] sizes = zs.stream().mapToDouble(Double::doubleValue).toArray();
    return zs.size() < MIN_PEERS ? 1 : Math.max(1, Pieces.median(sizes, sizes.length) / HALF);
  }

  private static @Nullable Bias bias(
      Pieces pieces, Map<Piece, Double> sizes, String annotator, Set<String> among) {
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
        units[n] = Math.clamp((size - middle[0]) / middle[1], -CLIP, CLIP);
        sum += units[n];
        logs += size - middle[0];
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
      variance += middle == null ? 0 : many * many * MEDIAN_VARIANCE / middle[2];
    }
    return new Bias(annotator, sum / Math.sqrt(variance), logs / n, first, n);
  }
}
