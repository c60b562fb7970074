package dev.lockstep.shadow;

import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Numbers;
import dev.lockstep.shadow.ExportComparison.Figure;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// A comparison in numbers, by id and time alone, whatever explains them.
///
/// @param original what the export was made from
/// @param export the export
/// @param basis what rows are found by, in words
/// @param tolerance how far numbers may lie apart
/// @param digests how many blocks are equal
record Tally(Side original, Side export, String basis, Tolerance tolerance, BlockDigests digests) {
  private record Counts(long same, long changed, long onlyBefore, long onlyAfter) {}

  private Counts counts(Judgement byId) {
    BitSet changed = byId.changedExports();
    for (List<Values.Difference> list : List.of(byId.categories, byId.fields)) {
      for (Values.Difference difference : list) {
        difference.rows().forEach(changed::set);
      }
    }
    long onlyBefore = original.size() - digests.equalRows() - byId.pairs.size();
    long onlyAfter = export.size() - digests.equalRows() - byId.pairs.size();
    long same = byId.pairs.size() + digests.equalRows() - changed.cardinality();
    return new Counts(same, changed.cardinality(), onlyBefore, onlyAfter);
  }

  /// Measured values.
  List<Figure> figures(Judgement byId, Judgement best) {
    Counts counts = counts(byId);
    return List.of(
        figure(Kind.MISSING, "only-in-original", counts.onlyBefore()),
        figure(Kind.ADDED, "only-in-export", counts.onlyAfter()),
        figure(Kind.MOVED, "changed", counts.changed()),
        figure(Kind.MOVED, "same", counts.same()),
        figure(Kind.MOVED, "blocks", digests.blocks()),
        figure(Kind.MOVED, "equal-blocks", digests.equal()),
        largest(Kind.MOVED, "largest-shift", best.solid.shiftMeters, "m"),
        largest(Kind.RESIZED, "largest-edge-shift", best.flat.pixels, "px"),
        largest(Kind.ROTATED, "largest-turn", best.solid.turnRadians, "rad"));
  }

  /// One sentence.
  String summary(Judgement byId, Judgement best) {
    Counts counts = counts(byId);
    return original.labels().name()
        + " ("
        + original.format()
        + ", "
        + original.size()
        + " labels) and "
        + export.labels().name()
        + " ("
        + export.format()
        + ", "
        + export.size()
        + "), found by "
        + basis
        + " and track: "
        + counts.same()
        + " the same, "
        + counts.changed()
        + " changed, "
        + counts.onlyBefore()
        + " only in the original, "
        + counts.onlyAfter()
        + " only in the export; "
        + digests.equal()
        + " of "
        + digests.blocks()
        + " blocks of "
        + BlockDigests.FRAMES
        + " frames have equal digests"
        + (best.flat.compared > 0 ? "; tolerance " + Numbers.text(tolerance.pixels()) + " px" : "")
        + (best.solid.compared > 0
            ? "; tolerance "
                + Numbers.text(tolerance.meters())
                + " m, "
                + Numbers.text(tolerance.radians())
                + " rad"
            : "");
  }

  private static Figure largest(Kind kind, String quantity, double[] values, String unit) {
    return new Figure(kind, quantity, Arrays.stream(values).max().orElse(0), unit);
  }

  private static Figure figure(Kind kind, String quantity, long value) {
    return new Figure(kind, quantity, value, "");
  }
}
