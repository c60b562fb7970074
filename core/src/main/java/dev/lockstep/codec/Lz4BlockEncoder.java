package dev.lockstep.codec;

import static dev.lockstep.codec.Lz4Layout.LONG_LENGTH;
import static dev.lockstep.codec.Lz4Layout.MIN_MATCH;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Makes the data of LZ4 blocks: greedy, with one remembered position per hash of five bytes.
///
/// Positions are remembered across the blocks of a frame, so that linked blocks find matches in the
/// ones before. The result depends on nothing but the bytes and how they are cut into blocks.
final class Lz4BlockEncoder {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int TABLE_BITS = 13;

  /// 2^64 divided by the golden ratio, made odd: spreads the five bytes over the highest bits.
  private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

  /// Every so many positions without a match (as a power of two), the step between tries grows by
  /// one: data that cannot be compressed is passed over quickly.
  private static final int PATIENCE_BITS = 6;

  private final int[] table = new int[1 << TABLE_BITS];

  /// What index 0 of the array is in remembered positions.
  private int base;

  /// Forgets everything: a new frame begins at index 0.
  void reset() {
    Arrays.fill(table, -1);
    base = 0;
  }

  /// Says that what was at `index` of the array is at index 0 from now on.
  void moveToFront(int index) {
    base += index;
    if (base > 1 << 30) {
      reset();
    }
  }

  /// Encodes `in` from `from` to `to` into `out` from 0 on, where [Lz4Layout#maxBlockBytes] bytes
  /// must be free, with matches that reach back to `historyFrom` at most.
  ///
  /// @return length of the data
  int encode(byte[] in, int historyFrom, int from, int to, byte[] out) {
    int lastMatchStart = to - Lz4Layout.LAST_MATCH_START;
    int matchLimit = to - Lz4Layout.LAST_LITERALS;
    int op = 0;
    int anchor = from;
    int ip = from;
    int tries = 1 << PATIENCE_BITS;
    while (ip <= lastMatchStart) {
      long word = (long) LONG.get(in, ip);
      int slot = slot(word);
      int match = table[slot] - base;
      table[slot] = ip + base;
      if (match < Math.max(historyFrom, ip - Lz4Layout.HISTORY_BYTES + 1)
          || (int) INT.get(in, match) != (int) word) {
        ip += tries++ >>> PATIENCE_BITS;
        continue;
      }
      while (ip > anchor && match > historyFrom && in[ip - 1] == in[match - 1]) {
        ip--;
        match--;
      }
      int length = MIN_MATCH + common(in, ip + MIN_MATCH, match + MIN_MATCH, matchLimit);
      op = sequence(in, anchor, ip - anchor, out, op);
      out[op++] = (byte) (ip - match);
      out[op++] = (byte) ((ip - match) >>> 8);
      op = matchLength(out, op, ip - anchor, length - MIN_MATCH);
      ip += length;
      anchor = ip;
      tries = 1 << PATIENCE_BITS;
      if (ip <= lastMatchStart) {
        table[slot((long) LONG.get(in, ip - 2))] = ip - 2 + base;
      }
    }
    return sequence(in, anchor, to - anchor, out, op);
  }

  private static int slot(long word) {
    return (int) (((word << 24) * HASH_FACTOR) >>> (Long.SIZE - TABLE_BITS));
  }

  /// How many bytes from `a` and from `b` on are the same, before `aLimit`.
  private static int common(byte[] in, int a, int b, int aLimit) {
    int i = 0;
    while (a + i <= aLimit - Long.BYTES) {
      long difference = (long) LONG.get(in, a + i) ^ (long) LONG.get(in, b + i);
      if (difference != 0) {
        return i + (Long.numberOfTrailingZeros(difference) >>> 3);
      }
      i += Long.BYTES;
    }
    while (a + i < aLimit && in[a + i] == in[b + i]) {
      i++;
    }
    return i;
  }

  /// Writes a token with the literals' length, and the literals.
  private static int sequence(byte[] in, int from, int length, byte[] out, int op) {
    out[op++] = (byte) (Math.min(length, LONG_LENGTH) << 4);
    op = restOfLength(out, op, length);
    System.arraycopy(in, from, out, op, length);
    return op + length;
  }

  /// Adds the match's length to the token, which lies before the literals and the offset that were
  /// written since.
  private static int matchLength(byte[] out, int op, int literals, int length) {
    int extra = literals < LONG_LENGTH ? 0 : (literals - LONG_LENGTH) / 255 + 1;
    int token = op - 2 - literals - extra - 1;
    out[token] |= (byte) Math.min(length, LONG_LENGTH);
    return restOfLength(out, op, length);
  }

  private static int restOfLength(byte[] out, int op, int length) {
    if (length < LONG_LENGTH) {
      return op;
    }
    int rest = length - LONG_LENGTH;
    for (; rest >= 255; rest -= 255) {
      out[op++] = (byte) 255;
    }
    out[op++] = (byte) rest;
    return op;
  }
}
