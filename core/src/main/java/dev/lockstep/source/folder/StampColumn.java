package dev.lockstep.source.folder;

import dev.lockstep.model.Times;
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

  /// The largest power of ten, up to a second, of which all stamps are multiples: that of the last
  /// digit that was written.
  long decimalStepNs() {
    long step = Times.SECOND;
    for (int i = 0; i < size && step > 1; i++) {
      long stampNs = get(i);
      while (stampNs != Times.NONE && stampNs % step != 0) {
        step /= 10;
      }
    }
    return step;
  }
}
