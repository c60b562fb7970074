package dev.lockstep.source.nuscenes;

import java.util.function.IntBinaryOperator;

/// Sorts row numbers by what stands in their rows. Stable; linear where rows are in order already,
/// as tables mostly are.
final class RowOrder {
  private RowOrder() {}

  /// Sorts `rows`; `compare` tells the order of two rows, as comparators do.
  static void sort(int[] rows, IntBinaryOperator compare) {
    sort(rows, rows.clone(), 0, rows.length, compare);
  }

  /// Sorts `[from, to)` of `rows`, of which `spare` holds a copy.
  private static void sort(int[] rows, int[] spare, int from, int to, IntBinaryOperator compare) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    sort(spare, rows, from, middle, compare);
    sort(spare, rows, middle, to, compare);
    if (compare.applyAsInt(spare[middle - 1], spare[middle]) <= 0) {
      System.arraycopy(spare, from, rows, from, to - from);
      return;
    }
    int left = from;
    int right = middle;
    for (int at = from; at < to; at++) {
      boolean takeLeft =
          right >= to || (left < middle && compare.applyAsInt(spare[left], spare[right]) <= 0);
      rows[at] = takeLeft ? spare[left++] : spare[right++];
    }
  }
}
