package dev.lockstep.source;

import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;

/// Where the bytes of a file lie in a cut of it: stretches that stay, in order.
public final class CutLayout {
  private final LongArrayList starts = new LongArrayList();
  private final LongArrayList ends = new LongArrayList();
  private final LongArrayList places = new LongArrayList();
  private final long fileBytes;
  private long length;

  /// A cut of which nothing is known yet.
  ///
  /// @param fileBytes length of the file
  public CutLayout(long fileBytes) {
    this.fileBytes = fileBytes;
  }

  /// Says that the next `newLength` bytes of the cut are those from `from` to `to`.
  public void add(long from, long to, long newLength) {
    starts.add(from);
    ends.add(to);
    places.add(length);
    length += newLength;
  }

  /// Length of the cut so far.
  public long length() {
    return length;
  }

  /// Where a byte is: one that was left out where the next one is that was not, one beyond the end
  /// as far beyond it.
  public long place(long at) {
    if (at >= fileBytes) {
      return length + (at - fileBytes);
    }
    int i = stretch(at);
    if (i < 0) {
      return Math.min(at, 0);
    }
    long next = i + 1 < places.size() ? places.get(i + 1) : length;
    return at >= ends.get(i)
        ? next
        : places.get(i) + Math.min(at - starts.get(i), Math.max(0, next - places.get(i) - 1));
  }

  /// Whether the byte was not left out.
  public boolean stays(long at) {
    int i = stretch(at);
    return i >= 0 && at < ends.get(i);
  }

  /// The last stretch that begins at or in front of a byte, or -1.
  private int stretch(long at) {
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
    return low - 1;
  }
}
