package dev.lockstep.shadow;

import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What became of the 2D boxes of pairs of rows: what explains it, and which pairs are left.
final class FlatFit {
  private static final int B = LabelSet.BOX_2D;

  @Nullable Explanation explanation;
  final BitSet moved = new BitSet();
  final BitSet resized = new BitSet();

  /// How far the edges of a pair lie apart, pixels, by pair.
  final double[] pixels;

  long compared;

  private final Side a;
  private final Tolerance tolerance;
  private final int[] pair;
  private final double[][] from;
  private final double[][] to;
  private final long equal;

  /// Pairs of one track, which belong together whatever their boxes say; all where there are few.
  private final BitSet certain = new BitSet();

  private @Nullable Hypothesis found;

  private interface Becomes {
    void of(double[] edges, double[] out);
  }

  /// @param local whether it leaves most boxes as they are
  private record Hypothesis(
      Explanation explanation, double factor, boolean local, Becomes becomes) {}

  private FlatFit(Side a, Side b, Pairs pairs, Tolerance tolerance) {
    this.a = a;
    this.tolerance = tolerance;
    pixels = new double[pairs.size()];
    int[] with = new int[pairs.size()];
    int n = 0;
    for (int k = 0; k < pairs.size(); k++) {
      if (a.labels().has2d(pairs.original()[k]) && b.labels().has2d(pairs.export()[k])) {
        with[n++] = k;
      }
    }
    pair = Arrays.copyOf(with, n);
    from = new double[n][B];
    to = new double[n][B];
    for (int k = 0; k < n; k++) {
      for (int d = 0; d < B; d++) {
        from[k][d] = a.flat()[pairs.original()[pair[k]] * B + d];
        to[k][d] = b.flat()[pairs.export()[pair[k]] * B + d];
      }
    }
    equal = pairs.equal();
    compared = n;
    for (int k = 0; k < n; k++) {
      certain.set(k, a.tracked(pairs.original()[pair[k]]) && b.tracked(pairs.export()[pair[k]]));
    }
    if (certain.cardinality() < Explanation.FEWEST_ROWS) {
      certain.set(0, n);
    }
  }

  /// Edges of all boxes of the original as the explanation turns them, or null without one.
  float @Nullable [] explained() {
    Hypothesis hypothesis = found;
    if (hypothesis == null) {
      return null;
    }
    float[] edges = a.flat().clone();
    double[] own = new double[B];
    double[] out = new double[B];
    for (int at = 0; at < edges.length; at += B) {
      for (int d = 0; d < B; d++) {
        own[d] = edges[at + d];
      }
      hypothesis.becomes().of(own, out);
      for (int d = 0; d < B; d++) {
        edges[at + d] = (float) out[d];
      }
    }
    return edges;
  }

  static FlatFit of(Side a, Side b, Pairs pairs, Tolerance tolerance) {
    FlatFit fit = new FlatFit(a, b, pairs, tolerance);
    if (fit.pair.length > 0) {
      fit.fit();
    }
    return fit;
  }

  private boolean agrees(int k, double[] predicted, double factor) {
    double slack = tolerance.pixels() * Math.max(1, factor);
    // A fitted factor is as good as the numbers that it was fitted to.
    double relative = factor == 1 ? 0 : 1e-6;
    for (int d = 0; d < B; d++) {
      if (!(Math.abs(to[k][d] - predicted[d]) <= slack + relative * Math.abs(predicted[d]))) {
        return false;
      }
    }
    return true;
  }

  private void fit() {
    BitSet failing = new BitSet();
    for (int k = 0; k < pair.length; k++) {
      failing.set(k, !agrees(k, from[k], 1));
    }
    if (failing.isEmpty()) {
      return;
    }
    BitSet telling = (BitSet) failing.clone();
    telling.and(certain);
    if (telling.cardinality() >= Explanation.FEWEST_ROWS) {
      for (Hypothesis hypothesis : hypotheses(telling)) {
        if (explains(hypothesis, telling)) {
          found = hypothesis;
          break;
        }
      }
    }
    Hypothesis hypothesis = found;
    if (hypothesis != null) {
      explanation = hypothesis.explanation().ofRows(failing.cardinality());
      double[] out = new double[B];
      for (int k = 0; k < pair.length; k++) {
        hypothesis.becomes().of(from[k], out);
        failing.set(k, !agrees(k, out, hypothesis.factor()));
      }
    }
    for (int k = failing.nextSetBit(0); k >= 0; k = failing.nextSetBit(k + 1)) {
      double shift = 0;
      double growth = 0;
      for (int d = 0; d < 2; d++) {
        double first = to[k][d] - from[k][d];
        double second = to[k][d + 2] - from[k][d + 2];
        shift = Math.max(shift, Math.abs(first + second) / 2);
        growth = Math.max(growth, Math.abs(second - first));
        pixels[pair[k]] = Math.max(pixels[pair[k]], Math.max(Math.abs(first), Math.abs(second)));
      }
      // An edge that moved alone changes the size, and the centre by half of that.
      (shift > growth / 2 + tolerance.pixels() ? moved : resized).set(pair[k]);
    }
  }

  private boolean explains(Hypothesis hypothesis, BitSet failing) {
    double[] out = new double[B];
    long agreeing = 0;
    long explained = 0;
    for (int k = certain.nextSetBit(0); k >= 0; k = certain.nextSetBit(k + 1)) {
      hypothesis.becomes().of(from[k], out);
      if (agrees(k, out, hypothesis.factor())) {
        agreeing++;
        explained += failing.get(k) ? 1 : 0;
      }
    }
    long known = hypothesis.local() ? equal : 0;
    return Explanation.accepts(
        failing.cardinality(), explained, agreeing + known, certain.cardinality() + equal);
  }

  private List<Hypothesis> hypotheses(BitSet failing) {
    List<Hypothesis> all = new ArrayList<>();
    all.add(clipped());
    for (int sign = -1; sign <= 1; sign += 2) {
      double halves = sign / 2.0;
      all.add(
          whole(
              Kind.MOVED,
              "place of the box",
              sign > 0 ? "its corner" : "its centre",
              sign > 0 ? "its centre" : "its corner",
              sign > 0 ? "centre-for-corner" : "corner-for-centre",
              "the export gives the "
                  + (sign > 0
                      ? "centre of the box where its format means the corner"
                      : "corner of the box where its format means the centre"),
              (e, out) -> shifted(e, halves * (e[2] - e[0]), halves * (e[3] - e[1]), out)));
    }
    all.add(
        whole(
            Kind.RESIZED,
            "numbers of the box",
            "left, top, right, bottom",
            "left, top, width, height",
            "size-for-edges",
            "the export gives width and height where its format means right and bottom",
            (e, out) -> set(out, e[0], e[1], e[2] - e[0], e[3] - e[1])));
    for (int origin = 0; origin <= 1; origin++) {
      // Pixels that are counted from 1 leave their origin in what is taken for a size.
      double from = origin;
      all.add(
          whole(
              Kind.RESIZED,
              "numbers of the box",
              "left, top, width, height",
              "left, top, right, bottom",
              "edges-for-size",
              "the export gives right and bottom where its format means width and height",
              (e, out) -> set(out, e[0], e[1], e[0] + e[2] + from, e[1] + e[3] + from)));
    }
    all.add(
        whole(
            Kind.RESIZED,
            "numbers of the box",
            "centre, width, height",
            "left, top, right, bottom",
            "edges-for-size",
            "the export gives its edges where its format means centre, width and height",
            (e, out) ->
                set(out, e[0] - e[2] / 2, e[1] - e[3] / 2, e[0] + e[2] / 2, e[1] + e[3] / 2)));
    all.add(
        whole(
            Kind.RESIZED,
            "numbers of the box",
            "left, top, right, bottom",
            "centre, width, height",
            "size-for-edges",
            "the export gives centre, width and height where its format means the edges",
            (e, out) -> set(out, (e[0] + e[2]) / 2, (e[1] + e[3]) / 2, e[2] - e[0], e[3] - e[1])));
    all.add(
        whole(
            Kind.RESIZED,
            "size",
            "full extents",
            "half extents",
            "half-size",
            "the export gives half extents about the centre",
            (e, out) -> {
              double w = (e[2] - e[0]) / 4;
              double h = (e[3] - e[1]) / 4;
              double x = (e[0] + e[2]) / 2;
              double y = (e[1] + e[3]) / 2;
              set(out, x - w, y - h, x + w, y + h);
            }));
    all.add(
        whole(
            Kind.RESIZED,
            "size",
            "full extents",
            "half extents",
            "half-size",
            "the export gives half extents from the corner",
            (e, out) -> set(out, e[0], e[1], (e[0] + e[2]) / 2, (e[1] + e[3]) / 2)));
    all.add(
        whole(
            Kind.MOVED,
            "axes",
            "x, y",
            "y, x",
            "axes-swapped",
            "the export's x and y are exchanged",
            (e, out) -> set(out, e[1], e[0], e[3], e[2])));
    for (int pixel = -1; pixel <= 1; pixel += 2) {
      double more = pixel;
      all.add(
          whole(
              Kind.RESIZED,
              "right and bottom",
              more > 0 ? "of the last pixel" : "of the edge",
              more > 0 ? "of the edge" : "of the last pixel",
              "last-pixel",
              "the export gives "
                  + (more > 0
                      ? "edges where its format means the last pixels: boxes are one pixel larger"
                      : "the last pixels where its format means edges: boxes are one pixel"
                          + " smaller"),
              (e, out) -> set(out, e[0], e[1], e[2] + more, e[3] + more)));
    }
    all.add(scaled(failing));
    double height = median(failing, k -> to[k][1] + from[k][3]);
    all.add(
        whole(
            Kind.MOVED,
            "axes",
            "y down",
            "y up",
            "y-flipped",
            "the export counts y from the bottom of an image of " + text(height) + " px",
            (e, out) -> set(out, e[0], height - e[3], e[2], height - e[1])));
    double width = median(failing, k -> to[k][0] + from[k][2]);
    all.add(
        whole(
            Kind.MOVED,
            "axes",
            "x to the right",
            "x to the left",
            "x-flipped",
            "the export counts x from the right of an image of " + text(width) + " px",
            (e, out) -> set(out, width - e[2], e[1], width - e[0], e[3])));
    double dx = median(failing, k -> to[k][0] - from[k][0]);
    double dy = median(failing, k -> to[k][1] - from[k][1]);
    all.add(
        new Hypothesis(
            PixelOrigin.shifted(text(dx), text(dy), ""),
            1,
            false,
            (e, out) -> shifted(e, dx, dy, out)));
    return all;
  }

  private static void set(double[] out, double left, double top, double right, double bottom) {
    out[0] = left;
    out[1] = top;
    out[2] = right;
    out[3] = bottom;
  }

  private static void shifted(double[] e, double dx, double dy, double[] out) {
    set(out, e[0] + dx, e[1] + dy, e[2] + dx, e[3] + dy);
  }

  private static Hypothesis whole(
      Kind kind,
      String what,
      String before,
      String after,
      String id,
      String sentence,
      Becomes becomes) {
    return new Hypothesis(
        Explanation.error(kind, what, before, after, id, sentence), 1, false, becomes);
  }

  /// Boxes that end where the image does: the borders are those that no box of the export crosses.
  private Hypothesis clipped() {
    double left = Double.POSITIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (double[] e : to) {
      left = Math.min(left, e[0]);
      top = Math.min(top, e[1]);
      right = Math.max(right, e[2]);
      bottom = Math.max(bottom, e[3]);
    }
    double l = left;
    double t = top;
    double r = right;
    double b = bottom;
    Explanation explanation =
        Explanation.error(
                Kind.RESIZED,
                "edges",
                "as far as the object reaches",
                "no further than " + text(l) + ", " + text(t) + ", " + text(r) + ", " + text(b),
                "clipped-to-image",
                "the export cuts boxes off at the borders of the image")
            .with(Severity.WARNING);
    return new Hypothesis(
        explanation,
        1,
        true,
        (e, out) ->
            set(
                out,
                Math.max(l, Math.min(r, e[0])),
                Math.max(t, Math.min(b, e[1])),
                Math.max(l, Math.min(r, e[2])),
                Math.max(t, Math.min(b, e[3]))));
  }

  private Hypothesis scaled(BitSet failing) {
    double sx = median(failing, k -> to[k][2] / from[k][2]);
    double sy = median(failing, k -> to[k][3] / from[k][3]);
    int width = a.labels().details().imageWidth();
    int height = a.labels().details().imageHeight();
    String id = "image-scaled";
    String unit = "pixels of another image size";
    for (int full = 1; full <= 100; full += 99) {
      boolean known =
          width > 0
              && Math.abs(sx * width / full - 1) < 0.01
              && Math.abs(sy * height / full - 1) < 0.01;
      boolean small = width == 0 && highest() <= full * 1.001 && highest() > full * 0.3;
      if (known || small) {
        id = full == 1 ? "pixel-share" : "pixel-percent";
        unit = full == 1 ? "shares of the image size" : "percent of the image size";
        break;
      }
    }
    double factor = Math.max(sx, sy);
    return new Hypothesis(
        Explanation.error(
            Kind.MOVED,
            "unit of the box",
            "pixels",
            unit,
            id,
            "the export gives "
                + unit
                + ": "
                + text(sx)
                + " and "
                + text(sy)
                + " of the original's x and y"),
        factor,
        false,
        (e, out) -> set(out, sx * e[0], sy * e[1], sx * e[2], sy * e[3]));
  }

  private double highest() {
    double highest = 0;
    for (double[] e : to) {
      highest = Math.max(highest, Math.max(Math.abs(e[2]), Math.abs(e[3])));
    }
    return highest;
  }

  private static double median(BitSet failing, IntToDoubleFunction value) {
    double[] values = failing.stream().mapToDouble(value).sorted().toArray();
    return values[values.length / 2];
  }

  private static String text(double pixels) {
    return Numbers.text(Math.rint(pixels * 1e4) / 1e4);
  }
}
