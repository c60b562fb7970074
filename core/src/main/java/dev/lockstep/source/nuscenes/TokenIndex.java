package dev.lockstep.source.nuscenes;

import java.util.Arrays;

/// Finds the row of a token: open addressing over the token column, 4 bytes a slot, at most two
/// thirds of which are taken.
final class TokenIndex {
  private final Column.Tokens keys;
  private int[] slots = new int[128];
  private int size;

  TokenIndex(Column.Tokens keys) {
    this.keys = keys;
    Arrays.fill(slots, -1);
  }

  /// Adds row `row`, whose token stands in the column, unless an earlier row has the same.
  ///
  /// @return the row of that token
  int add(int row) {
    if (3L * size >= 2L * slots.length) {
      grow();
    }
    int slot = slotOf(keys.high[row], keys.low[row]);
    if (slots[slot] >= 0) {
      return slots[slot];
    }
    slots[slot] = row;
    size++;
    return row;
  }

  /// The row of a token, -1 if there is none.
  int find(long high, long low) {
    return slots[slotOf(high, low)];
  }

  /// Lets everything go; nothing is found any more.
  void release() {
    slots = new int[] {-1};
    size = 0;
  }

  /// The slot of a token, or the empty one where it belongs.
  private int slotOf(long high, long low) {
    int mask = slots.length - 1;
    int slot = (int) Token.mixed(high ^ Token.mixed(low)) & mask;
    while (slots[slot] >= 0 && (keys.low[slots[slot]] != low || keys.high[slots[slot]] != high)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    int[] before = slots;
    slots = new int[before.length * 2];
    Arrays.fill(slots, -1);
    for (int row : before) {
      if (row >= 0) {
        slots[slotOf(keys.high[row], keys.low[row])] = row;
      }
    }
  }
}
