package dev.lockstep.shadow;

import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.Rotations;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.shadow.SolidHypotheses.Hypothesis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What became of the 3D boxes of pairs of rows: what explains it, and which pairs are left.
final class SolidFit {
  private static final int B = LabelSet.BOX_3D;

  final List<Explanation> explanations = new ArrayList<>();
  final BitSet moved = new BitSet();
  final BitSet resized = new BitSet();
  final BitSet rotated = new BitSet();

  /// How far the boxes of a pair lie apart, meters, by pair.
  final double[] shiftMeters;

  /// How much their sizes differ, meters, by pair.
  final double[] sizeMeters;

  /// Angle between them, radians, by pair.
  final double[] turnRadians;

  long compared;

  private final Side a;
  private final Side b;
  private final Tolerance tolerance;
  private double[] p;
  private double[] q;
  private final int[] pair;
  private final int[] from;
  private final int[] to;
  private final long equal;

  /// How boxes of a pair turn with their frame of reference, where that does.
  private @Nullable IntFunction<double[]> frameTurn;

  /// Factor that explains the sizes, 1 if there is none.
  private double scale = 1;

  private SolidFit(Side a, Side b, Pairs pairs, Tolerance tolerance) {
    this.a = a;
    this.b = b;
    this.tolerance = tolerance;
    this.p = a.solid();
    this.q = b.solid();
    shiftMeters = new double[pairs.size()];
    sizeMeters = new double[pairs.size()];
    turnRadians = new double[pairs.size()];
    int[] with = new int[pairs.size()];
    int n = 0;
    for (int k = 0; k < pairs.size(); k++) {
      if (a.labels().has3d(pairs.original()[k]) && b.labels().has3d(pairs.export()[k])) {
        with[n++] = k;
      }
    }
    pair = Arrays.copyOf(with, n);
    from = new int[n];
    to = new int[n];
    for (int k = 0; k < n; k++) {
      from[k] = pairs.original()[pair[k]] * B;
      to[k] = pairs.export()[pair[k]] * B;
    }
    equal = pairs.equal();
    compared = n;
  }

  static SolidFit of(Side a, Side b, Pairs pairs, Tolerance tolerance) {
    SolidFit fit = new SolidFit(a, b, pairs, tolerance);
    if (fit.pair.length > 0) {
      fit.fitAxes();
      fit.fitSizes();
      fit.fitPlaces();
      fit.fitTurns();
    }
    return fit;
  }

  /// The first hypothesis that explains what is seen; `failing` are pairs that disagree without.
  private @Nullable Hypothesis first(List<Hypothesis> hypotheses, BitSet failing, PartTest test) {
    double[] out = new double[4];
    for (Hypothesis hypothesis : hypotheses) {
      long explained = 0;
      long agreeing = 0;
      long refuted = 0;
      long allowed = (long) ((1 - Explanation.NEARLY_ALL) * (pair.length + equal));
      for (int k = 0; k < pair.length && refuted <= allowed; k++) {
        hypothesis.becomes().of(p, from[k], k, out);
        boolean agrees = test.agrees(k, out, hypothesis.factor());
        agreeing += agrees ? 1 : 0;
        refuted += agrees ? 0 : 1;
        explained += agrees && failing.get(k) ? 1 : 0;
      }
      if (refuted <= allowed
          && Explanation.accepts(failing.cardinality(), explained, agreeing, pair.length + equal)) {
        return hypothesis;
      }
    }
    return null;
  }

  private interface PartTest {
    boolean agrees(int k, double[] predicted, double factor);
  }

  private boolean near(int k, int part, double[] predicted, double factor) {
    for (int d = 0; d < 3; d++) {
      double slack =
          tolerance.meters() * factor + (factor == 1 ? 0 : 1e-6 * Math.abs(predicted[d]));
      if (!(Math.abs(q[to[k] + part + d] - predicted[d]) <= slack)) {
        return false;
      }
    }
    return true;
  }

  private boolean turned(int k, double[] predicted, double factor) {
    return Boxes.turn(predicted, 0, q, to[k] + 6) <= Math.min(0.2, tolerance.radians() * factor);
  }

  private BitSet failing(PartTest test, int part) {
    BitSet failing = new BitSet();
    double[] own = new double[4];
    for (int k = 0; k < pair.length; k++) {
      System.arraycopy(p, from[k] + part, own, 0, part == 6 ? 4 : 3);
      failing.set(k, !test.agrees(k, own, 1));
    }
    return failing;
  }

  /// Boxes that are given whole in a camera's axes where z is up, or the other way: places, sizes
  /// and turns change together. What is found beyond is found of the boxes in the axes meant.
  private void fitAxes() {
    BitSet failing = failing((k, out, factor) -> near(k, 0, out, factor), 0);
    if (failing.cardinality() < Explanation.FEWEST_ROWS) {
      return;
    }
    double[] own = q;
    for (SolidHypotheses.Axes axes : SolidHypotheses.wholeAxes()) {
      q = new double[own.length];
      for (int at = 0; at < q.length; at += B) {
        axes.back().of(own, at, q);
      }
      if (agrees(failing)) {
        boolean declared =
            b.labels().details().ownAxes() != LabelDetails.OwnAxes.UNDECLARED
                || b.can().axes() != LabelCapabilities.Axes.DECLARED;
        add(declared ? axes.mistaken() : axes.undeclared(), failing.cardinality());
        return;
      }
      q = own;
    }
  }

  /// Whether sizes agree, and places but for which point of the upright axis they give.
  private boolean agrees(BitSet failing) {
    BitSet sizes = failing((k, out, factor) -> near(k, 3, out, factor), 3);
    for (double heights : new double[] {0, -0.5, 0.5}) {
      double[] out = new double[3];
      BitSet left = (BitSet) sizes.clone();
      for (int k = 0; k < pair.length; k++) {
        SolidHypotheses.lifted(p, from[k], heights, out);
        left.set(k, left.get(k) || !near(k, 0, out, 1));
      }
      BitSet explained = (BitSet) failing.clone();
      explained.andNot(left);
      if (Explanation.accepts(
          failing.cardinality(),
          explained.cardinality(),
          pair.length - left.cardinality(),
          pair.length + equal)) {
        return true;
      }
    }
    return false;
  }

  private void fitSizes() {
    PartTest test = (k, out, factor) -> near(k, 3, out, factor);
    BitSet failing = failing(test, 3);
    Hypothesis found = null;
    if (!failing.isEmpty()) {
      List<Hypothesis> all = SolidHypotheses.sizes();
      double factor = sizeFactor();
      all.add(SolidHypotheses.scaledSizes(factor));
      found = first(all, failing, test);
      if (found != null && found.explanation().cause().id().equals(SolidHypotheses.SCALED)) {
        scale = factor;
      }
    }
    settle(found, failing, test, resized);
    for (int k = failing.nextSetBit(0); k >= 0; k = failing.nextSetBit(k + 1)) {
      for (int d = 3; d < 6; d++) {
        sizeMeters[pair[k]] =
            Math.max(sizeMeters[pair[k]], Math.abs(q[to[k] + d] - p[from[k] + d]));
      }
    }
  }

  /// The middle one of the factors between the sizes.
  private double sizeFactor() {
    double[] factors = new double[pair.length * 3];
    for (int k = 0; k < factors.length; k++) {
      int d = 3 + k % 3;
      factors[k] = q[to[k / 3] + d] / p[from[k / 3] + d];
    }
    Arrays.sort(factors);
    return factors[factors.length / 2];
  }

  private void fitPlaces() {
    PartTest test = (k, out, factor) -> near(k, 0, out, factor);
    BitSet failing = failing(test, 0);
    Hypothesis found = null;
    if (failing.cardinality() >= Explanation.FEWEST_ROWS) {
      List<Hypothesis> all = SolidHypotheses.places();
      if (scale != 1) {
        all.addFirst(SolidHypotheses.liftedByScale(scale));
      }
      found = first(all, failing, test);
      if (found == null) {
        FrameHypotheses frames = frames();
        found = first(frames.all(), failing, test);
        frameTurn = found == null ? null : frames.turnOf(found);
      }
    }
    settle(found, failing, test, moved);
    double[] expected = new double[4];
    for (int k = failing.nextSetBit(0); k >= 0; k = failing.nextSetBit(k + 1)) {
      System.arraycopy(p, from[k], expected, 0, 3);
      if (found != null) {
        found.becomes().of(p, from[k], k, expected);
      }
      shiftMeters[pair[k]] = shift(k, expected);
    }
  }

  private double shift(int k, double[] expected) {
    double dx = q[to[k]] - expected[0];
    double dy = q[to[k] + 1] - expected[1];
    return Math.hypot(Math.hypot(dx, dy), q[to[k] + 2] - expected[2]);
  }

  private void fitTurns() {
    IntFunction<double[]> frame = frameTurn;
    if (frame != null) {
      // What turns places turns boxes too: whatever else there is, is there beyond that.
      double[] turned = p.clone();
      for (int k = 0; k < pair.length; k++) {
        double[] own = Arrays.copyOfRange(p, from[k] + 6, from[k] + 10);
        System.arraycopy(Rotations.product(frame.apply(k), own), 0, turned, from[k] + 6, 4);
      }
      p = turned;
    }
    PartTest test = this::turned;
    BitSet failing = failing(test, 6);
    Hypothesis found = null;
    if (failing.cardinality() >= Explanation.FEWEST_ROWS) {
      List<Hypothesis> all = new ArrayList<>();
      if (frame != null && upright()) {
        all.add(SolidHypotheses.headingsOnly());
      }
      for (Explanation moved : explanations) {
        if (moved.cause().id().endsWith("-flipped")) {
          all.add(mirrored(moved));
        }
      }
      boolean flat = true;
      for (int k = 1; k < pair.length; k++) {
        flat &= Boxes.turn(p, from[0] + 6, p, from[k] + 6) <= tolerance.radians();
      }
      List<Hypothesis> turns = SolidHypotheses.turns(q, sign -> offset(sign, failing), to[0]);
      // Where all boxes look the same way, a reset angle and a turned frame are the same.
      all.addAll(flat ? turns.subList(1, turns.size()) : turns);
      found = first(all, failing, test);
    }
    settle(found, failing, test, rotated);
    for (int k = failing.nextSetBit(0); k >= 0; k = failing.nextSetBit(k + 1)) {
      turnRadians[pair[k]] = Boxes.turn(p, from[k] + 6, q, to[k] + 6);
    }
  }

  /// Whether no box of the export is tilted.
  private boolean upright() {
    boolean upright = true;
    for (int k = 0; k < pair.length; k++) {
      upright &= Math.hypot(q[to[k] + 7], q[to[k] + 8]) <= tolerance.radians();
    }
    return upright;
  }

  private static Hypothesis mirrored(Explanation moved) {
    double c = moved.cause().id().startsWith("x") ? Math.PI : 0;
    return new Hypothesis(
        new Explanation(
            Kind.MOVED,
            moved.severity(),
            moved.what(),
            moved.before(),
            moved.after(),
            0,
            moved.cause()),
        1,
        (box, i, k, out) ->
            SolidHypotheses.upright(
                c - Rotations.yaw(Arrays.copyOfRange(box, i + 6, i + 10)), out));
  }

  private double offset(int sign, BitSet failing) {
    double[] offsets = new double[Math.min(101, failing.cardinality())];
    int k = -1;
    for (int n = 0; n < offsets.length; n++) {
      k = failing.nextSetBit(k + 1);
      double yawA = Rotations.yaw(Arrays.copyOfRange(p, from[k] + 6, from[k] + 10));
      double yawB = Rotations.yaw(Arrays.copyOfRange(q, to[k] + 6, to[k] + 10));
      offsets[n] = Rotations.wrapped(yawB - sign * yawA);
    }
    // The median about the first one: a median of angles that lie around pi would be wrong.
    double zero = offsets[0];
    for (int n = 0; n < offsets.length; n++) {
      offsets[n] = Rotations.wrapped(offsets[n] - zero);
    }
    Arrays.sort(offsets);
    return Rotations.wrapped(zero + offsets[offsets.length / 2]);
  }

  /// Takes what was found, and leaves the pairs that disagree with it.
  private void settle(@Nullable Hypothesis found, BitSet failing, PartTest test, BitSet left) {
    if (found != null) {
      double[] out = new double[4];
      long before = failing.cardinality();
      for (int k = 0; k < pair.length; k++) {
        found.becomes().of(p, from[k], k, out);
        failing.set(k, !test.agrees(k, out, found.factor()));
      }
      add(found.explanation(), before);
    }
    for (int k = failing.nextSetBit(0); k >= 0; k = failing.nextSetBit(k + 1)) {
      left.set(pair[k]);
    }
  }

  /// One cause is one explanation, however many parts of the box it changes.
  private void add(Explanation explanation, long rows) {
    for (int i = 0; i < explanations.size(); i++) {
      Explanation known = explanations.get(i);
      if (known.cause().id().equals(explanation.cause().id())) {
        // What moved a box says more than what it did to its size.
        Explanation kept = explanation.kind() == Kind.MOVED ? explanation : known;
        explanations.set(i, kept.ofRows(Math.max(rows, known.rows())));
        return;
      }
    }
    explanations.add(explanation.ofRows(rows));
  }

  private FrameHypotheses frames() {
    int n = pair.length;
    double[] original = new double[3 * n];
    double[] export = new double[3 * n];
    long[] times = new long[n];
    for (int k = 0; k < n; k++) {
      System.arraycopy(p, from[k], original, 3 * k, 3);
      System.arraycopy(q, to[k], export, 3 * k, 3);
      times[k] = b.time()[to[k] / B];
    }
    return new FrameHypotheses(a, b, original, export, times);
  }
}
