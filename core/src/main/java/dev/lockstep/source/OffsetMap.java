package dev.lockstep.source;

import java.util.ArrayList;
import java.util.List;

/// Where the bytes of an original went in a cut, noted in order.
public final class OffsetMap {
  private record Moved(long from, long to, long at, long length) {
    boolean isWhole() {
      return length == to - from;
    }
  }

  private final List<Moved> moved = new ArrayList<>();
  private long end;
  private long endAt;

  /// Notes that the bytes from `from` to `to` are now the `length` bytes at `at`.
  public void add(long from, long to, long at, long length) {
    moved.add(new Moved(from, to, at, length));
    end = to;
    endAt = at + length;
  }

  /// Notes that the bytes from `from` to `to` are now the next `length` bytes.
  public void add(long from, long to, long length) {
    add(from, to, endAt, length);
  }

  /// Where what was noted last ends in the cut.
  public long endAt() {
    return endAt;
  }

  private int indexOf(long offset) {
    int low = 0;
    int high = moved.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (moved.get(middle).from <= offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /// Where a byte is now; -1 if it was left out, [CutSums#UNKNOWN] if what it was in has another
  /// length.
  public long byteAt(long offset) {
    int i = indexOf(offset);
    if (i < 0 || offset >= moved.get(i).to || moved.get(i).length == 0) {
      return -1;
    }
    Moved in = moved.get(i);
    return in.isWhole() ? in.at + offset - in.from : CutSums.UNKNOWN;
  }

  /// Whether `offset` is where something began that was left out.
  public boolean isLeftOut(long offset) {
    int i = indexOf(offset);
    return i >= 0 && moved.get(i).from == offset && moved.get(i).length == 0;
  }

  /// Where an offset points to now: what stood there, or what follows it. One from behind the bytes
  /// that are noted keeps its distance from them.
  public long pointer(long offset) {
    int i = indexOf(offset);
    if (i < 0) {
      return offset;
    }
    Moved in = moved.get(i);
    return offset >= end ? endAt + offset - end : in.at + Math.min(offset - in.from, in.length);
  }

  /// Where a byte is now that may lie inside of something: in what is left of that.
  public long place(long offset) {
    int i = indexOf(offset);
    if (i < 0 || offset >= moved.get(i).to || moved.get(i).length == 0) {
      return pointer(offset);
    }
    Moved in = moved.get(i);
    return in.at + Math.min(offset - in.from, in.length - 1);
  }
}
