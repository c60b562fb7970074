package dev.lockstep.shadow;

import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.labels.Rotations;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.Severity;
import dev.lockstep.shadow.SolidHypotheses.Hypothesis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What became of all boxes if their frame of reference did: one shift or turn of the whole set, or
/// one of each instant.
final class FrameHypotheses {
  /// Pairs of one instant that are enough to tell a common motion from motions of their own.
  private static final int FRAME_PAIRS = 2;

  /// Share of the pairs that must stand in such instants.
  private static final double TESTABLE = 0.8;

  /// A factor that is none, but of a fit, which is as good as the matrix that was used for it.
  private static final double FITTED = Math.nextUp(1.0);

  private final boolean declared;
  private final String before;
  private final String after;
  private final double[] x;
  private final double[] y;
  private final long[] times;
  private final int n;

  /// How boxes of a pair turn where their frame of reference does.
  private final IdentityHashMap<Hypothesis, IntFunction<double[]>> turns = new IdentityHashMap<>();

  /// @param x places in the original, three numbers a pair
  /// @param y places in the export
  /// @param times instants of pairs
  FrameHypotheses(Side a, Side b, double[] x, double[] y, long[] times) {
    declared =
        a.labels().frameOfReference() != b.labels().frameOfReference()
            || laidOutDifferently(a.labels().details(), b.labels().details());
    before = word(a);
    after = word(b);
    this.x = x;
    this.y = y;
    this.times = times;
    n = times.length;
  }

  /// The hypotheses, the plainest first.
  List<Hypothesis> all() {
    List<Hypothesis> all = new ArrayList<>();
    double[] offset = new double[3];
    for (int d = 0; d < 3; d++) {
      double[] along = new double[n];
      for (int k = 0; k < n; k++) {
        along[k] = y[3 * k + d] - x[3 * k + d];
      }
      Arrays.sort(along);
      offset[d] = along[n / 2];
    }
    all.add(
        frame(
            "all boxes are shifted by " + SolidHypotheses.point(offset),
            (box, i, k, out) -> {
              for (int d = 0; d < 3; d++) {
                out[d] = box[i + d] + offset[d];
              }
            }));
    Rigid3 whole = Rigid3.fit(x, y, n, false);
    double[] turn = whole.rotation();
    Hypothesis one =
        frame(
            String.format(
                Locale.ROOT,
                "one transform takes all boxes over: yaw %.4f rad, shift %s",
                Rotations.yaw(turn),
                SolidHypotheses.point(whole.translation())),
            (box, i, k, out) -> whole.place(box, i, out));
    turns.put(one, k -> turn);
    all.add(one);
    Hypothesis each = eachInstant();
    if (each != null) {
      all.add(each);
    }
    return all;
  }

  /// How the boxes of a pair turn if one of these holds; null where they do not.
  @Nullable IntFunction<double[]> turnOf(Hypothesis hypothesis) {
    return turns.get(hypothesis);
  }

  private static boolean laidOutDifferently(LabelDetails a, LabelDetails b) {
    return a.ownAxes() != LabelDetails.OwnAxes.UNDECLARED
        && b.ownAxes() != LabelDetails.OwnAxes.UNDECLARED
        && a.ownAxes() != b.ownAxes();
  }

  private static String word(Side side) {
    String frame = side.labels().frameOfReference().toString().toLowerCase(Locale.ROOT) + " frame";
    String name = side.labels().details().frameName();
    return name.isEmpty() ? frame : frame + " " + name;
  }

  private Hypothesis frame(String sentence, SolidHypotheses.Becomes becomes) {
    Explanation explanation =
        Explanation.error(
            Kind.MOVED,
            "frame of reference",
            before,
            declared ? after : "another one",
            "frame-of-reference",
            sentence);
    return new Hypothesis(
        declared ? explanation.with(Severity.INFO) : explanation, FITTED, becomes);
  }

  private @Nullable Hypothesis eachInstant() {
    Rigid3[] of = new Rigid3[n];
    Integer[] order = new Integer[n];
    Arrays.setAll(order, k -> k);
    Arrays.sort(order, (k, l) -> Long.compare(times[k], times[l]));
    int testable = 0;
    for (int first = 0; first < order.length; ) {
      int end = first;
      while (end < order.length && times[order[end]] == times[order[first]]) {
        end++;
      }
      int count = end - first;
      double[] u = new double[3 * count];
      double[] v = new double[3 * count];
      for (int k = 0; k < count; k++) {
        System.arraycopy(x, 3 * order[first + k], u, 3 * k, 3);
        System.arraycopy(y, 3 * order[first + k], v, 3 * k, 3);
      }
      Rigid3 fit = Rigid3.fit(u, v, count, true);
      for (int k = first; k < end; k++) {
        of[order[k]] = fit;
      }
      testable += count >= FRAME_PAIRS ? count : 0;
      first = end;
    }
    if (testable < TESTABLE * n) {
      return null;
    }
    Hypothesis each =
        frame(
            "one transform an instant takes the boxes over: one of the two moves with the vehicle",
            (box, i, k, out) -> of[k].place(box, i, out));
    turns.put(each, k -> of[k].rotation());
    return each;
  }
}
