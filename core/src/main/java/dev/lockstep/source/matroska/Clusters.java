package dev.lockstep.source.matroska;

import java.util.Arrays;

/// Where the clusters of a file begin and end, in order; 17 bytes each.
final class Clusters {
  /// Clusters that are kept (judged: a month of one a second).
  static final int MAX = 1 << 22;

  private long[] begins = new long[16];
  private long[] ends = new long[16];
  private boolean[] afterLoss = new boolean[16];
  private int size;

  /// Adds a cluster behind all others.
  ///
  /// @param lost whether bytes in front of it could not be read
  void add(long begin, long end, boolean lost) {
    if (size == begins.length) {
      begins = Arrays.copyOf(begins, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
      afterLoss = Arrays.copyOf(afterLoss, 2 * size);
    }
    begins[size] = begin;
    ends[size] = end;
    afterLoss[size] = lost;
    size++;
  }

  int size() {
    return size;
  }

  long begin(int i) {
    return begins[i];
  }

  long end(int i) {
    return ends[i];
  }

  boolean afterLoss(int i) {
    return afterLoss[i];
  }

  /// Whether a cluster begins there.
  boolean begins(long at) {
    return Arrays.binarySearch(begins, 0, size, at) >= 0;
  }
}
