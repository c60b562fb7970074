package dev.lockstep.source.folder;

import java.util.ArrayList;
import java.util.List;

/// Stamps, 8 bytes each, in nanoseconds; grows without copying.
final class StampColumn {
  private static final int BLOCK_BITS = 16;
  private static final int BLOCK = 1 << BLOCK_BITS;

  private final List<long[]> blocks = new ArrayList<>();
  private int size;

  void add(long stampNs) {
    int at = size & (BLOCK - 1);
    if (at == 0) {
      blocks.add(new long[BLOCK]);
    }
    blocks.getLast()[at] = stampNs;
    size++;
  }

  long get(int i) {
    return blocks.get(i >>> BLOCK_BITS)[i & (BLOCK - 1)];
  }

  void set(int i, long stampNs) {
    blocks.get(i >>> BLOCK_BITS)[i & (BLOCK - 1)] = stampNs;
  }

  int size() {
    return size;
  }

  long[] toArray() {
    long[] all = new long[size];
    for (int i = 0; i < size; i++) {
      all[i] = get(i);
    }
    return all;
  }
}
