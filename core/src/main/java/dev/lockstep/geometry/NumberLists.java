package dev.lockstep.geometry;

import java.util.Arrays;

/// Numbers by place, one list behind the other: counted in a first pass, entered in a second. The
/// room is kept from use to use.
final class NumberLists {
  /// Where the list of each place begins in [#entries]; that of the next is its end.
  int[] starts = {};

  /// The lists.
  int[] entries = {};

  private int places;
  private int[] next = {};

  /// Begins lists for so many places.
  void begin(int count) {
    places = count;
    if (starts.length < count + 1) {
      starts = new int[count + 1];
      next = new int[count];
    }
    Arrays.fill(starts, 0, count + 1, 0);
  }

  /// Counts an entry in the first pass, and enters it in the second.
  void put(int pass, int place, int box) {
    if (pass == 0) {
      starts[place + 1]++;
    } else {
      entries[next[place]++] = box;
    }
  }

  /// Makes room once all entries are counted.
  void sum(int pass) {
    if (pass == 0) {
      for (int i = 0; i < places; i++) {
        starts[i + 1] += starts[i];
        next[i] = starts[i];
      }
      if (entries.length < starts[places]) {
        entries = new int[2 * starts[places]];
      }
    }
  }
}
