package dev.lockstep.check.label;

import dev.lockstep.model.Evidence;
import dev.lockstep.model.Order;
import java.util.List;
import java.util.function.Consumer;

/// A box, or the step to the next, further off its way than motion and noise allow.
///
/// @param index the box
/// @param frame the instant at which it is odd
/// @param off how far, meters
/// @param bound how far it may be, meters
record OffWay(int index, int frame, double off, double bound) {
  /// Shows those of each instant together, in order.
  static void eachInstant(List<OffWay> all, Consumer<List<OffWay>> report) {
    all.sort(Order.byInt(OffWay::frame).thenComparingInt(OffWay::index));
    for (int from = 0; from < all.size(); ) {
      int to = from + 1;
      while (to < all.size() && all.get(to).frame == all.get(from).frame) {
        to++;
      }
      report.accept(all.subList(from, to));
      from = to;
    }
  }

  /// The one that is furthest off.
  static OffWay worst(List<OffWay> together) {
    return together.stream().max(Order.byDouble(OffWay::off)).orElseThrow();
  }

  Evidence evidence(String what) {
    return Evidence.OutOfRange.rounded(what, off, null, bound, 3, "m");
  }
}
