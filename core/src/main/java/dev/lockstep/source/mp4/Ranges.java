package dev.lockstep.source.mp4;

import java.util.Arrays;

/// Ranges of bytes that ascend and do not overlap: bodies of media data boxes, or begins of boxes.
final class Ranges {
  private long[] starts = new long[16];
  private long[] ends = new long[16];
  private int size;
  private long bytes;

  /// Adds a range behind all others; one that touches the last is a range of its own.
  void add(long start, long end) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    starts[size] = start;
    ends[size] = end;
    bytes += end - start;
    size++;
  }

  int size() {
    return size;
  }

  /// Bytes of all ranges.
  long bytes() {
    return bytes;
  }

  long start(int i) {
    return starts[i];
  }

  long end(int i) {
    return ends[i];
  }

  /// Number of the range that holds `[at, at + length)`, or -1.
  int holding(long at, long length) {
    int i = Arrays.binarySearch(starts, 0, size, at);
    if (i < 0) {
      i = -i - 2;
    }
    return i >= 0 && at <= ends[i] && length <= ends[i] - at ? i : -1;
  }

  /// Whether a range begins at `at`.
  boolean begins(long at) {
    return Arrays.binarySearch(starts, 0, size, at) >= 0;
  }
}
