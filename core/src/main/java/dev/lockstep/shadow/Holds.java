package dev.lockstep.shadow;

import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Order;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Recognises boxes that stand still in an export because only some of them were written.
final class Holds {
  private Holds() {}

  /// What made boxes stand still, or null if that is not what happened.
  ///
  /// @param changed rows of the export whose boxes differ
  static @Nullable Explanation of(Side b, Boxes boxes, BitSet changed) {
    if (changed.cardinality() < Explanation.FEWEST_ROWS) {
      return null;
    }
    Map<String, List<Integer>> tracks = new TreeMap<>();
    for (int row = 0; row < b.size(); row++) {
      if (b.tracked(row)) {
        tracks.computeIfAbsent(b.track(row), k -> new ArrayList<>()).add(row);
      }
    }
    long held = 0;
    boolean beginnings = true;
    long lastFrozen = Long.MIN_VALUE;
    for (List<Integer> rows : tracks.values()) {
      rows.sort(Order.byLong(row -> b.time()[row]));
      boolean begins = true;
      for (int k = 1; k < rows.size(); k++) {
        boolean still = boxes.sameInExport(rows.get(k - 1), rows.get(k));
        if (changed.get(rows.get(k))) {
          if (still) {
            held++;
            lastFrozen = Math.max(lastFrozen, b.time()[rows.get(k)]);
          }
          beginnings &= begins && still;
        }
        begins &= still;
      }
      // The box that is held must be right.
      if (changed.get(rows.getFirst())) {
        return null;
      }
    }
    if (held < Explanation.NEARLY_ALL * changed.cardinality()) {
      return null;
    }
    Explanation found =
        beginnings
            ? Explanation.error(
                Kind.MOVED,
                "boxes",
                "moving",
                "frozen up to frame " + (lastFrozen + b.labels().details().firstFrame()),
                "frames-frozen",
                "the first frames repeat the first box of each track")
            : Explanation.error(
                Kind.MOVED,
                "boxes",
                "interpolated",
                "the last keyframe again",
                "keyframe-repeated",
                "the export repeats keyframes where boxes are interpolated between them");
    return found.ofRows(changed.cardinality());
  }
}
