package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;

/// Reads little-endian numbers of a segment from front to back, through a copy of the bytes around
/// the last one.
///
/// An access to a segment is a dozen calls until the last compiler has dealt with it, which takes
/// as long as all else that is done with a small message. Where reads lie close to each other, more
/// is copied at a time.
final class NearBytes {
  private static final int LEAST_BYTES = 64;
  private static final int MOST_BYTES = 16 << 10;

  /// How far the next number may lie behind the copy for more to be copied: over a small message.
  private static final int NEAR_BYTES = 2048;

  private static final boolean SWAPPED = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

  /// The copy, and one word more: a number may begin in its last one.
  private final long[] words = new long[MOST_BYTES / Long.BYTES + 1];

  private final MemorySegment copy = MemorySegment.ofArray(words);
  private MemorySegment segment = MemorySegment.NULL;
  private long from;
  private long end;
  private int nextBytes = LEAST_BYTES;

  /// Turns to another segment.
  void over(MemorySegment segment) {
    this.segment = segment;
    this.from = 0;
    this.end = 0;
  }

  /// The byte at `at`.
  ///
  /// @throws IndexOutOfBoundsException if it is not in the segment
  int u8(long at) {
    return (int) word(at, Byte.BYTES) & 0xFF;
  }

  /// The two bytes from `at` on.
  ///
  /// @throws IndexOutOfBoundsException if they are not in the segment
  int u16(long at) {
    return (int) word(at, Short.BYTES) & 0xFFFF;
  }

  /// The four bytes from `at` on.
  ///
  /// @throws IndexOutOfBoundsException if they are not in the segment
  int u32(long at) {
    return (int) word(at, Integer.BYTES);
  }

  /// The eight bytes from `at` on.
  ///
  /// @throws IndexOutOfBoundsException if they are not in the segment
  long u64(long at) {
    return word(at, Long.BYTES);
  }

  /// Eight bytes from `at` on, of which the first `count` are in the segment; the others are
  /// arbitrary.
  private long word(long at, int count) {
    if (at < from || at + count > end) {
      load(at, count);
    }
    int offset = (int) (at - from);
    int i = offset >>> 3;
    int shift = (offset & 7) << 3;
    // In two steps, because a shift by all 64 bits is one by none.
    return words[i] >>> shift | words[i + 1] << 1 << (63 - shift);
  }

  private void load(long at, int count) {
    Objects.checkFromIndexSize(at, count, segment.byteSize());
    boolean near = at >= from && at - end < NEAR_BYTES;
    nextBytes = near ? Math.min(MOST_BYTES, nextBytes * 2) : LEAST_BYTES;
    long last = Math.min(segment.byteSize(), at + nextBytes);
    from = at;
    end = last;
    int bytes = (int) (last - at);
    MemorySegment.copy(segment, at, copy, 0, bytes);
    if (SWAPPED) {
      for (int i = 0; i <= bytes >>> 3; i++) {
        words[i] = Long.reverseBytes(words[i]);
      }
    }
  }
}
