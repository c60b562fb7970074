package dev.lockstep.shadow;

import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.labels.Rotations;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/// Known ways in which 3D boxes are taken for something else: what a box of the original becomes.
final class SolidHypotheses {
  /// What becomes of a part of a box.
  interface Becomes {
    /// What becomes of a box.
    ///
    /// @param box numbers of the original's box
    /// @param i where they begin
    /// @param pair which pair of rows this is
    /// @param out takes the part that is meant: three coordinates, three sizes or a quaternion
    void of(double[] box, int i, int pair, double[] out);
  }

  /// @param factor largest factor on coordinates: errors of rounding grow with it
  record Hypothesis(Explanation explanation, double factor, Becomes becomes) {}

  static final String SCALED = "sizes-scaled";

  private static final String[] AXES = {"x", "y", "z"};
  private static final String[] SIZES = {"length", "width", "height"};
  private static final int[][] ORDERS = {
    {0, 1, 2}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}
  };

  /// Factors between units that exporters mix up.
  private static final double[] FACTORS = {1000, 0.001, 100, 0.01, 1 / 0.3048, 0.3048};

  private static final String[] UNITS = {
    "millimeters", "thousands of meters", "centimeters", "hundreds of meters", "feet", "0.3048 m"
  };

  private SolidHypotheses() {}

  /// Axes that whole boxes are given in.
  ///
  /// @param mistaken what it is where the export declares others
  /// @param undeclared what it is where the export declares none
  /// @param back what takes the export's boxes to the axes that were meant
  record Axes(Explanation mistaken, Explanation undeclared, Turn back) {}

  /// What becomes of a whole box.
  interface Turn {
    /// Sets the numbers from `i` on of `out` to what becomes of those of `box`.
    void of(double[] box, int i, double[] out);
  }

  /// A camera's axes where z is up, and the other way.
  static List<Axes> wholeAxes() {
    String camera = "x right, y down, z forward";
    String up = "x forward, y left, z up";
    return List.of(
        wholeAxes(
            up,
            camera,
            (q, i, out) ->
                turned(
                    out,
                    i,
                    new double[] {q[i + 2], -q[i], -q[i + 1], q[i + 3], q[i + 5], q[i + 4]},
                    Rotations.fromCamera(Arrays.copyOfRange(q, i + 6, i + 10)))),
        wholeAxes(
            camera,
            up,
            (q, i, out) ->
                turned(
                    out,
                    i,
                    new double[] {-q[i + 1], -q[i + 2], q[i], q[i + 3], q[i + 5], q[i + 4]},
                    Rotations.toCamera(Arrays.copyOfRange(q, i + 6, i + 10)))));
  }

  private static void turned(double[] out, int i, double[] placeAndSize, double[] turn) {
    System.arraycopy(placeAndSize, 0, out, i, placeAndSize.length);
    System.arraycopy(turn, 0, out, i + placeAndSize.length, turn.length);
  }

  private static Axes wholeAxes(String meant, String given, Turn back) {
    Explanation mistaken =
        Explanation.error(
            Kind.MOVED,
            "axes",
            meant,
            given,
            "axes-swapped",
            "the export gives boxes with " + given + " where it declares " + meant);
    Explanation undeclared =
        Explanation.error(
                Kind.MOVED,
                "axes",
                "not declared",
                given,
                "axes-undeclared",
                "the export does not declare its axes; the boxes agree with " + given)
            .with(Severity.INFO);
    return new Axes(mistaken, undeclared, back);
  }

  /// About places; the simplest first.
  static List<Hypothesis> places() {
    List<Hypothesis> all = new ArrayList<>();
    all.add(
        place(
            "bottom-for-centre",
            "centre of the box",
            "middle of its bottom",
            "the export gives the bottom of the box where its format means the centre",
            (p, i, k, out) -> lifted(p, i, -0.5, out)));
    all.add(
        place(
            "centre-for-bottom",
            "bottom of the box",
            "its centre",
            "the export gives the centre of the box where its format means the bottom",
            (p, i, k, out) -> lifted(p, i, 0.5, out)));
    for (int n = 0; n < FACTORS.length; n++) {
      all.add(unit(FACTORS[n], UNITS[n]));
    }
    for (int[] order : ORDERS) {
      for (int signs = 0; signs < 8; signs++) {
        if (signs != 0 || order[0] != 0 || order[1] != 1) {
          all.add(axes(order, signs));
        }
      }
    }
    for (int corner = 0; corner < 4; corner++) {
      double forward = corner % 2 == 0 ? -0.5 : 0.5;
      double left = corner < 2 ? -0.5 : 0.5;
      all.add(
          place(
              "corner-for-centre",
              "centre of the box",
              "a corner",
              "the export gives a corner of the box where its format means the centre",
              (p, i, k, out) -> {
                double yaw = Rotations.yaw(Arrays.copyOfRange(p, i + 6, i + 10));
                double l = forward * p[i + 3];
                double w = left * p[i + 4];
                out[0] = p[i] + Math.cos(yaw) * l - Math.sin(yaw) * w;
                out[1] = p[i + 1] + Math.sin(yaw) * l + Math.cos(yaw) * w;
                out[2] = p[i + 2];
              }));
    }
    return all;
  }

  private static Hypothesis place(
      String id, String before, String after, String sentence, Becomes becomes) {
    return new Hypothesis(
        Explanation.error(Kind.MOVED, "place of the box", before, after, id, sentence), 1, becomes);
  }

  static void lifted(double[] p, int i, double heights, double[] out) {
    out[0] = p[i];
    out[1] = p[i + 1];
    out[2] = p[i + 2] + heights * p[i + 5];
  }

  private static Hypothesis unit(double factor, String unit) {
    return new Hypothesis(
        Explanation.error(
            Kind.MOVED,
            "unit",
            "meters",
            unit,
            "unit",
            "the export gives " + unit + " where its format means meters"),
        Math.max(1, factor),
        (p, i, k, out) -> {
          for (int d = 0; d < 3; d++) {
            out[d] = factor * p[i + d];
          }
        });
  }

  private static Hypothesis axes(int[] order, int signs) {
    StringBuilder after = new StringBuilder();
    int flips = 0;
    int flipped = 0;
    for (int d = 0; d < 3; d++) {
      boolean minus = (signs >> d & 1) != 0;
      flips += minus ? 1 : 0;
      flipped = minus ? d : flipped;
      after.append(d == 0 ? "" : ", ").append(minus ? "-" : "").append(AXES[order[d]]);
    }
    boolean mirror = flips == 1 && order[0] == 0 && order[1] == 1;
    return new Hypothesis(
        Explanation.error(
            Kind.MOVED,
            "axes",
            "x, y, z",
            after.toString(),
            mirror ? AXES[flipped] + "-flipped" : "axes-swapped",
            mirror
                ? "the export's " + AXES[flipped] + " axis points the other way"
                : "the export's axes are the original's " + after),
        1,
        (p, i, k, out) -> {
          for (int d = 0; d < 3; d++) {
            out[d] = (signs >> d & 1) == 0 ? p[i + order[d]] : -p[i + order[d]];
          }
        });
  }

  /// About sizes.
  static List<Hypothesis> sizes() {
    List<Hypothesis> all = new ArrayList<>();
    all.add(
        size("half-size", "full extents", "half extents", "the export gives half extents", 0.5));
    all.add(size("double-size", "full extents", "twice", "the export gives the extents twice", 2));
    for (int n = 0; n < FACTORS.length; n++) {
      all.add(
          size(
              "unit",
              "meters",
              UNITS[n],
              "the export gives " + UNITS[n] + " where its format means meters",
              FACTORS[n]));
    }
    for (int[] order : ORDERS) {
      if (order[0] == 0 && order[1] == 1) {
        continue;
      }
      String after = SIZES[order[0]] + ", " + SIZES[order[1]] + ", " + SIZES[order[2]];
      all.add(
          new Hypothesis(
              Explanation.error(
                  Kind.RESIZED,
                  "order of sizes",
                  "length, width, height",
                  after,
                  "sizes-swapped",
                  "the export's length, width and height are the original's " + after),
              1,
              (p, i, k, out) -> {
                for (int d = 0; d < 3; d++) {
                  out[d] = p[i + 3 + order[d]];
                }
              }));
    }
    return all;
  }

  /// Sizes that are all larger or smaller by `factor`.
  static Hypothesis scaledSizes(double factor) {
    return size(SCALED, "as labelled", times(factor), scaledSentence(factor), factor);
  }

  /// Centres that follow, where the bottom of boxes stays.
  static Hypothesis liftedByScale(double factor) {
    return new Hypothesis(
        Explanation.error(
            Kind.RESIZED, "size", "as labelled", times(factor), SCALED, scaledSentence(factor)),
        1,
        (p, i, k, out) -> lifted(p, i, (factor - 1) / 2, out));
  }

  private static String times(double factor) {
    return "times " + Numbers.text(Math.rint(factor * 1000) / 1000);
  }

  private static String scaledSentence(double factor) {
    return "the export makes all boxes " + (factor > 1 ? "larger" : "smaller") + " by one factor";
  }

  private static Hypothesis size(
      String id, String before, String after, String sentence, double factor) {
    return new Hypothesis(
        Explanation.error(Kind.RESIZED, "size", before, after, id, sentence),
        Math.max(1, factor),
        (p, i, k, out) -> {
          for (int d = 0; d < 3; d++) {
            out[d] = factor * p[i + 3 + d];
          }
        });
  }

  /// Headings alone, of boxes that the other frame of reference would show tilted.
  static Hypothesis headingsOnly() {
    Hypothesis plain =
        turn(
            "headings-only",
            "tilted as the frames are",
            "upright",
            "boxes stand upright in both frames of reference, which are tilted: headings agree",
            (p, i, k, out) -> upright(Rotations.yaw(Arrays.copyOfRange(p, i + 6, i + 10)), out));
    return new Hypothesis(plain.explanation().with(Severity.INFO), 1, plain.becomes());
  }

  /// About orientations; `yaws` gives the export's, of a pair.
  static List<Hypothesis> turns(double[] export, IntToDoubleFunction offset, int firstOfExport) {
    List<Hypothesis> all = new ArrayList<>();
    double[] first = Arrays.copyOfRange(export, firstOfExport + 6, firstOfExport + 10);
    String yaw = String.format(Locale.ROOT, "%.3f rad", Rotations.yaw(first));
    all.add(
        turn(
            "angle-reset",
            "an angle for each box",
            "yaw " + yaw + " for all",
            "the export does not hold the rotation: every box has the same",
            (p, i, k, out) -> System.arraycopy(first, 0, out, 0, 4)));
    double[] zeros = {0, -Math.PI / 2, Math.PI / 2, Math.PI};
    for (double zero : zeros) {
      all.add(scaled("degrees", "radians", "degrees", zero, 180 / Math.PI));
      all.add(scaled("degrees", "degrees", "radians", zero, Math.PI / 180));
    }
    for (boolean camera : new boolean[] {false, true}) {
      all.add(order("w, x, y, z", "x, y, z, w", camera, new int[] {3, 0, 1, 2}));
      all.add(order("x, y, z, w", "w, x, y, z", camera, new int[] {1, 2, 3, 0}));
    }
    for (boolean camera : new boolean[] {false, true}) {
      for (int axis = 0; axis < AXES.length; axis++) {
        all.add(about(axis, camera));
      }
    }
    for (int sign = 1; sign >= -1; sign -= 2) {
      double s = sign;
      double c = offset.applyAsDouble(sign);
      String after = (sign < 0 ? "-yaw" : "yaw") + angle(c);
      all.add(
          turn(
              "heading-convention",
              "yaw",
              after,
              "the export's heading is " + after + " of the original's yaw",
              (p, i, k, out) ->
                  upright(s * Rotations.yaw(Arrays.copyOfRange(p, i + 6, i + 10)) + c, out)));
    }
    return all;
  }

  private static String angle(double radians) {
    return Math.abs(radians) < 1e-3
        ? ""
        : String.format(Locale.ROOT, " %s %.4f rad", radians < 0 ? "-" : "+", Math.abs(radians));
  }

  private static Hypothesis turn(
      String id, String before, String after, String sentence, Becomes becomes) {
    return new Hypothesis(
        Explanation.error(Kind.ROTATED, "rotation", before, after, id, sentence), 1, becomes);
  }

  private static Hypothesis scaled(
      String id, String before, String after, double zero, double factor) {
    Hypothesis plain =
        turn(
            id,
            before,
            after,
            "the export gives " + after + " where its format means " + before,
            (p, i, k, out) -> {
              double yaw = Rotations.yaw(Arrays.copyOfRange(p, i + 6, i + 10));
              upright(zero + factor * Rotations.wrapped(yaw - zero), out);
            });
    return new Hypothesis(plain.explanation(), Math.max(1, factor), plain.becomes());
  }

  private static Hypothesis order(String before, String after, boolean camera, int[] order) {
    return turn(
        "quaternion-order",
        before,
        after,
        "the export's quaternions are written " + after + " and read " + before,
        (p, i, k, out) -> {
          double[] q = Arrays.copyOfRange(p, i + 6, i + 10);
          double[] from = camera ? Rotations.toCamera(q) : q;
          double[] mixed = {from[order[0]], from[order[1]], from[order[2]], from[order[3]]};
          System.arraycopy(camera ? Rotations.fromCamera(mixed) : mixed, 0, out, 0, 4);
        });
  }

  /// The one angle of a box about another of the format's axes.
  private static Hypothesis about(int axis, boolean camera) {
    return turn(
        "rotation-axis",
        "about the upright axis",
        "about " + AXES[axis],
        "the export turns boxes about " + AXES[axis] + ", which is not the upright axis",
        (p, i, k, out) -> {
          double yaw = Rotations.yaw(Arrays.copyOfRange(p, i + 6, i + 10));
          double angle = camera ? -yaw - Math.PI / 2 : yaw;
          double[] q = {Math.cos(angle / 2), 0, 0, 0};
          q[axis + 1] = Math.sin(angle / 2);
          System.arraycopy(camera ? Rotations.fromCamera(q) : q, 0, out, 0, 4);
        });
  }

  static void upright(double yaw, double[] out) {
    out[0] = Math.cos(yaw / 2);
    out[1] = 0;
    out[2] = 0;
    out[3] = Math.sin(yaw / 2);
  }

  /// A place in words.
  static String point(double[] p) {
    return "("
        + Numbers.text(Math.rint(p[0] * 1000) / 1000)
        + ", "
        + Numbers.text(Math.rint(p[1] * 1000) / 1000)
        + ", "
        + Numbers.text(Math.rint(p[2] * 1000) / 1000)
        + ") m";
  }
}
