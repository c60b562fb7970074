package dev.lockstep.shadow;

import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.LabelSet;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// An export that counts pixels from 1 where its format counts from 0, or the reverse: all its 2D
/// boxes lie one pixel aside, whatever else happened to them.
///
/// As long as that is not settled, no box is where it should be, and nothing else can be told.
///
/// @param pixels how far its boxes lie to the right and below, 1 or -1
record PixelOrigin(int pixels) {
  /// What can be settled first, or null where boxes do not lie one pixel aside.
  static @Nullable PixelOrigin of(Side a, Side b, Tolerance tolerance) {
    Boxes boxes = new Boxes(a, b, tolerance);
    Pairing pairing = Pairing.byTrack(a, b, boxes, LongUnaryOperator.identity());
    int less = 0;
    int same = 0;
    int more = 0;
    for (int row = 0; row < a.size(); row++) {
      int export = pairing.ofOriginal[row];
      if (export >= 0 && a.labels().has2d(row) && b.labels().has2d(export)) {
        less += isAside(a, row, b, export, -1, tolerance) ? 1 : 0;
        same += isAside(a, row, b, export, 0, tolerance) ? 1 : 0;
        more += isAside(a, row, b, export, 1, tolerance) ? 1 : 0;
      }
    }
    int aside = Math.max(less, more);
    return aside < Explanation.FEWEST_ROWS || aside <= same
        ? null
        : new PixelOrigin(more > less ? 1 : -1);
  }

  private static boolean isAside(
      Side a, int row, Side b, int export, int pixels, Tolerance tolerance) {
    for (int k = 0; k < LabelSet.BOX_2D; k++) {
      double from = a.flat()[row * LabelSet.BOX_2D + k] + (double) pixels;
      double to = b.flat()[export * LabelSet.BOX_2D + k];
      if (!(Math.abs(to - from) <= tolerance.pixels())) {
        return false;
      }
    }
    return true;
  }

  /// The export as it would be without.
  Side settled(Side export) {
    float[] edges = export.flat().clone();
    for (int i = 0; i < edges.length; i++) {
      edges[i] -= pixels;
    }
    return export.withFlat(edges);
  }

  Explanation explanation(Side export) {
    String by = Integer.toString(pixels);
    return shifted(by, by, ": pixels count from 0 here and from 1 there").ofRows(export.size());
  }

  /// An error that all boxes lie aside.
  ///
  /// @param x how far to the right, pixels
  /// @param y how far below, pixels
  /// @param why what is to be said besides, or empty
  static Explanation shifted(String x, String y, String why) {
    String shift = "(" + x + ", " + y + ")";
    return Explanation.error(
        Kind.MOVED,
        "origin of pixels",
        "(0, 0)",
        shift,
        "pixel-origin",
        "all boxes are shifted by " + shift + " px" + why);
  }
}
