package dev.lockstep.check.label;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Pairs of kinds between which one object may truly change, because the category names a state.
final class StateChanges {
  private static final List<Pair> PAIRS =
      List.of(
          new Pair(ObjectKind.CYCLIST, ObjectKind.PEDESTRIAN, "a rider mounts or dismounts"),
          new Pair(ObjectKind.MOTORCYCLE, ObjectKind.PEDESTRIAN, "a rider mounts or dismounts"),
          new Pair(ObjectKind.TRUCK, ObjectKind.ARTICULATED, "a trailer is coupled or uncoupled"),
          new Pair(ObjectKind.CAR, ObjectKind.ARTICULATED, "a trailer is coupled or uncoupled"));

  private StateChanges() {}

  /// Why an object may change between the two categories, or null if it may not. Two names of one
  /// kind (`adult`, `child`) are different claims about the same object: no reason is known.
  static @Nullable String reason(String before, String after) {
    ObjectKind a = ObjectKind.of(before);
    ObjectKind b = ObjectKind.of(after);
    for (Pair pair : PAIRS) {
      if (pair.first() == a && pair.second() == b || pair.first() == b && pair.second() == a) {
        return pair.reason();
      }
    }
    return a == b
            && ridden(before) != ridden(after)
            && (a == ObjectKind.CYCLIST || a == ObjectKind.MOTORCYCLE)
        ? "a rider mounts or dismounts"
        : null;
  }

  private static boolean ridden(String category) {
    String name = category.toLowerCase(Locale.ROOT);
    return name.contains("rider") || name.contains("cyclist");
  }

  private record Pair(ObjectKind first, ObjectKind second, String reason) {}
}
