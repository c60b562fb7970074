package dev.lockstep.source.mp4;

import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;

/// Where the bytes of a file lie in a cut of it: stretches that stay, in order.
final class CutLayout {
  private final LongArrayList starts = new LongArrayList();
  private final LongArrayList ends = new LongArrayList();
  private final LongArrayList places = new LongArrayList();
  private final long fileBytes;
  private long length;

  /// @param fileBytes length of the file
  CutLayout(long fileBytes) {
    this.fileBytes = fileBytes;
  }

  /// Says that the next `newLength` bytes of the cut are those from `from` to `to`.
  void add(long from, long to, long newLength) {
    starts.add(from);
    ends.add(to);
    places.add(length);
    length += newLength;
  }

  /// Length of the cut so far.
  long length() {
    return length;
  }

  /// Where a byte is: one that was left out where the next one is that was not, one beyond the end
  /// as far beyond it.
  long place(long at) {
    if (at >= fileBytes) {
      return length + (at - fileBytes);
    }
    int low = 0;
    int high = starts.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts.get(middle) <= at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int i = low - 1;
    if (i < 0) {
      return Math.min(at, 0);
    }
    long next = i + 1 < places.size() ? places.get(i + 1) : length;
    return at >= ends.get(i)
        ? next
        : places.get(i) + Math.min(at - starts.get(i), Math.max(0, next - places.get(i) - 1));
  }
}
