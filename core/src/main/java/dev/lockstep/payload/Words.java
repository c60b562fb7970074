package dev.lockstep.payload;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// A window of words over a range of bytes, through which loops look at every byte.
///
/// Loops over an array are fast from the first message on: an access to a segment is a dozen calls
/// until the last compiler has dealt with it, which takes as long as half a gigabyte.
final class Words {
  private static final boolean SWAPPED = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

  /// The bits of every byte but the highest, in which a sum cannot carry into the next byte.
  private static final long LOW_BITS = 0x7F7F_7F7F_7F7F_7F7FL;

  private static final long HIGHEST_BITS = ~LOW_BITS;
  private static final long LOWEST_BITS = 0x0101_0101_0101_0101L;

  private final int sizeBytes;

  /// The window, and one word more: the byte behind the last one belongs to it.
  private final long[] words;

  private final MemorySegment copy;

  private MemorySegment bytes = MemorySegment.NULL;
  private long end;
  private long from;
  private int lengthBytes;

  /// @param sizeBytes bytes of the window, a multiple of 8
  Words(int sizeBytes) {
    this.sizeBytes = sizeBytes;
    this.words = new long[sizeBytes / Long.BYTES + 1];
    this.copy = MemorySegment.ofArray(words);
  }

  /// Takes up a range that ends at `end`.
  void over(MemorySegment bytes, long end) {
    this.bytes = bytes;
    this.end = end;
    this.from = end;
    this.lengthBytes = 0;
  }

  /// The byte at `at`, which lies in the range.
  int byteAt(long at) {
    if (at < from || at >= from + lengthBytes) {
      load(at);
    }
    int i = (int) (at - from);
    return (int) (words[i >> 3] >>> ((i & 7) << 3)) & 0xFF;
  }

  /// The first byte FF at or after `at` that is not followed by 00, or the last byte if that is FF;
  /// -1 if there is neither.
  long nextMarker(long at) {
    long next = at;
    while (next < end) {
      if (next < from || next >= from + lengthBytes) {
        load(next);
      }
      int word = (int) (next - from) >> 3;
      int count = (lengthBytes + Long.BYTES - 1) >> 3;
      // Bytes in front of `next` are none of this call's.
      long hits = markers(words[word], words[word + 1]) & (-1L << (((next - from) & 7) << 3));
      if (hits == 0) {
        word = firstWithMarker(word + 1, count);
        hits = word < count ? markers(words[word], words[word + 1]) : 0;
      }
      if (hits != 0) {
        // What was filled up behind the end is no FF.
        return from + ((long) word << 3) + (Long.numberOfTrailingZeros(hits) >> 3);
      }
      next = from + lengthBytes;
    }
    return -1;
  }

  private int firstWithMarker(int first, int count) {
    int word = firstWithFf(first, count);
    while (word < count && markers(words[word], words[word + 1]) == 0) {
      word = firstWithFf(word + 1, count);
    }
    return word;
  }

  /// The first word from `first` on that holds a byte FF, or `count`: one word in 32 of data that
  /// looks random. Written out, because the first compiler puts nothing of this size into a loop.
  private int firstWithFf(int first, int count) {
    long[] all = words;
    int i = first;
    for (; i + 4 <= count; i += 4) {
      long a = all[i];
      long b = all[i + 1];
      long c = all[i + 2];
      long d = all[i + 3];
      // A byte FF is the lowest one of the inverse that borrows from the one above it.
      long ff = (~a - LOWEST_BITS) & a | (~b - LOWEST_BITS) & b;
      ff |= (~c - LOWEST_BITS) & c | (~d - LOWEST_BITS) & d;
      if ((ff & HIGHEST_BITS) != 0) {
        break;
      }
    }
    while (i < count && ((~all[i] - LOWEST_BITS) & all[i] & HIGHEST_BITS) == 0) {
      i++;
    }
    return i;
  }

  /// The highest bit of each byte of `word` that is FF and is not followed by 00.
  private static long markers(long word, long following) {
    long inverted = ~word;
    long next = word >>> 8 | following << 56;
    long other = ((inverted & LOW_BITS) + LOW_BITS) | inverted;
    long notZero = ((next & LOW_BITS) + LOW_BITS) | next;
    return ~(other | LOW_BITS) & notZero;
  }

  private void load(long at) {
    from = at;
    lengthBytes = (int) Math.min(sizeBytes, end - at);
    // One byte further than the window, so that its last byte has a neighbour; behind the last byte
    // of all stands one that is neither 00 nor FF.
    int with = (int) Math.min(lengthBytes + 1, end - at);
    int last = (with - 1) >> 3;
    words[last] = 0;
    MemorySegment.copy(bytes, at, copy, 0, with);
    if (SWAPPED) {
      for (int i = 0; i <= last; i++) {
        words[i] = Long.reverseBytes(words[i]);
      }
    }
    if (with == lengthBytes) {
      int behind = lengthBytes & 7;
      if (behind == 0) {
        words[last + 1] = 1;
      } else {
        words[last] |= 1L << (behind << 3);
      }
    }
  }
}
