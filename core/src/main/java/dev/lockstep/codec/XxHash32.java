package dev.lockstep.codec;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/// xxHash32, the checksum of LZ4 frames, over any number of pieces. One instance serves one thread
/// and can be used again after [#reset()].
public final class XxHash32 {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  // The five primes of the xxHash specification, section "XXH32 algorithm description".
  private static final int PRIME_1 = 0x9E3779B1;
  private static final int PRIME_2 = 0x85EBCA77;
  private static final int PRIME_3 = 0xC2B2AE3D;
  private static final int PRIME_4 = 0x27D4EB2F;
  private static final int PRIME_5 = 0x165667B1;

  /// Four lanes of four bytes.
  private static final int STRIPE_BYTES = 16;

  /// Bytes copied at a time: they stay in the first-level cache. Longer than half of it gains
  /// nothing, shorter ones make copies that are mostly calls.
  private static final int PIECE_BYTES = 16 << 10;

  private static final boolean SWAPPED = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

  private final int seed;
  private final byte[] pending = new byte[STRIPE_BYTES];
  private int pendingBytes;
  private long totalBytes;
  private int lane1;
  private int lane2;
  private int lane3;
  private int lane4;

  /// Whole stripes are summed from numbers, which the first compiler reads as fast as the last one;
  /// numbers out of bytes take it a fifth longer.
  private int[] piece = {};

  private MemorySegment copy = MemorySegment.NULL;

  /// Starts a hash of nothing.
  public XxHash32(int seed) {
    this.seed = seed;
    reset();
  }

  /// The hash of a range of an array.
  ///
  /// @throws IndexOutOfBoundsException if the range is not within the array
  public static int of(byte[] bytes, int offset, int length, int seed) {
    XxHash32 hash = new XxHash32(seed);
    hash.update(bytes, offset, length);
    return hash.value();
  }

  /// Starts again from nothing.
  public void reset() {
    lane1 = seed + PRIME_1 + PRIME_2;
    lane2 = seed + PRIME_2;
    lane3 = seed;
    lane4 = seed - PRIME_1;
    pendingBytes = 0;
    totalBytes = 0;
  }

  /// Adds a range of a segment.
  ///
  /// @throws IndexOutOfBoundsException if the range is not within the segment
  public void update(MemorySegment segment, long offset, long lengthBytes) {
    Objects.checkFromIndexSize(offset, lengthBytes, segment.byteSize());
    totalBytes += lengthBytes;
    long position = offset;
    long end = offset + lengthBytes;
    if (pendingBytes > 0) {
      int count = (int) Math.min(STRIPE_BYTES - pendingBytes, lengthBytes);
      pend(segment, position, count);
      position += count;
      if (pendingBytes < STRIPE_BYTES) {
        return;
      }
      stripes(MemorySegment.ofArray(pending), 0, STRIPE_BYTES);
      pendingBytes = 0;
    }
    long whole = position + ((end - position) & -STRIPE_BYTES);
    stripes(segment, position, whole);
    pend(segment, whole, (int) (end - whole));
  }

  private void pend(MemorySegment segment, long from, int count) {
    MemorySegment.copy(segment, from, MemorySegment.ofArray(pending), pendingBytes, count);
    pendingBytes += count;
  }

  /// Adds a range of an array.
  ///
  /// @throws IndexOutOfBoundsException if the range is not within the array
  public void update(byte[] bytes, int offset, int length) {
    update(MemorySegment.ofArray(bytes), offset, length);
  }

  /// Adds whole stripes.
  private void stripes(MemorySegment segment, long from, long to) {
    if (piece.length == 0) {
      piece = new int[PIECE_BYTES / Integer.BYTES];
      copy = MemorySegment.ofArray(piece);
    }
    for (long at = from; at < to; at += PIECE_BYTES) {
      int count = (int) Math.min(PIECE_BYTES, to - at);
      MemorySegment.copy(segment, at, copy, 0, count);
      stripes(piece, count / Integer.BYTES);
    }
  }

  private void stripes(int[] words, int count) {
    if (SWAPPED) {
      for (int i = 0; i < count; i++) {
        words[i] = Integer.reverseBytes(words[i]);
      }
    }
    int a = lane1;
    int b = lane2;
    int c = lane3;
    int d = lane4;
    for (int i = 0; i + 3 < count; i += 4) {
      a = round(a, words[i]);
      b = round(b, words[i + 1]);
      c = round(c, words[i + 2]);
      d = round(d, words[i + 3]);
    }
    lane1 = a;
    lane2 = b;
    lane3 = c;
    lane4 = d;
  }

  private static int round(int lane, int input) {
    return Integer.rotateLeft(lane + input * PRIME_2, 13) * PRIME_1;
  }

  /// The hash of everything added so far; more may be added.
  public int value() {
    int hash =
        totalBytes >= STRIPE_BYTES
            ? Integer.rotateLeft(lane1, 1)
                + Integer.rotateLeft(lane2, 7)
                + Integer.rotateLeft(lane3, 12)
                + Integer.rotateLeft(lane4, 18)
            : seed + PRIME_5;
    hash += (int) totalBytes;
    int i = 0;
    for (; i + Integer.BYTES <= pendingBytes; i += Integer.BYTES) {
      hash = Integer.rotateLeft(hash + (int) INT.get(pending, i) * PRIME_3, 17) * PRIME_4;
    }
    for (; i < pendingBytes; i++) {
      hash = Integer.rotateLeft(hash + (pending[i] & 0xFF) * PRIME_5, 11) * PRIME_1;
    }
    hash = (hash ^ (hash >>> 15)) * PRIME_2;
    hash = (hash ^ (hash >>> 13)) * PRIME_3;
    return hash ^ (hash >>> 16);
  }
}
