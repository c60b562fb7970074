package dev.lockstep.source.mcap;

import java.util.Arrays;

/// Byte ranges, in order of discovery; the first ones are kept, all are counted.
final class Ranges {
  /// Ranges that are kept. Judged.
  private static final int KEPT = 1024;

  private long[] bounds = new long[16];
  private int kept;
  private long count;

  void add(long from, long to) {
    count++;
    if (kept == KEPT) {
      return;
    }
    if (kept * 2 == bounds.length) {
      bounds = Arrays.copyOf(bounds, bounds.length * 2);
    }
    bounds[kept * 2] = from;
    bounds[kept * 2 + 1] = to;
    kept++;
  }

  /// Number of ranges that were added.
  long count() {
    return count;
  }

  /// Number of ranges that are kept.
  int kept() {
    return kept;
  }

  long from(int range) {
    return bounds[range * 2];
  }

  long to(int range) {
    return bounds[range * 2 + 1];
  }

  /// Whether a kept range begins at `from`.
  boolean has(long from) {
    for (int i = 0; i < kept; i++) {
      if (from(i) == from) {
        return true;
      }
    }
    return false;
  }

  /// Whether a kept range overlaps the bytes from `from` to `to`.
  boolean overlaps(long from, long to) {
    for (int i = 0; i < kept; i++) {
      if (from(i) < to && from < to(i)) {
        return true;
      }
    }
    return false;
  }

  /// Whether a kept range holds `at`.
  boolean contains(long at) {
    for (int i = 0; i < kept; i++) {
      if (from(i) <= at && at < to(i)) {
        return true;
      }
    }
    return false;
  }
}
