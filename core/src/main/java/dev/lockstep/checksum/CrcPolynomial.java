package dev.lockstep.checksum;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import java.util.zip.Checksum;

/// The arithmetic that two reflected 32-bit CRCs share: resuming from a value, folding in a number,
/// and combining the sums of two parts.
///
/// Polynomials are in reflected notation: bit 31 is the coefficient of x^0, so "multiply by x" is a
/// shift to the right. Both CRCs start from and are finished with all ones, hence the CRC of
/// nothing is 0.
///
/// The bulk of the bytes goes through the JDK's own CRC classes, which the JIT turns into
/// carry-less multiplications. They are given a small heap array and never the segment's memory:
/// the compiled stub behind them is not covered by the JVM's handling of faults, so a file that is
/// truncated while its mapping is summed would end the process. The copy takes the fault instead,
/// as an `InternalError` that `MappedFile.guard` reports. At [#PIECE_BYTES] it stays in the
/// first-level cache and costs about a tenth of the time of a sum over a mapping (28 against 33
/// GB/s measured).
final class CrcPolynomial {
  /// Bytes copied at a time. Measured fastest of 2 to 32 KiB with the first compiler, whose calls
  /// take longer, in sum over mapped and native memory.
  private static final int PIECE_BYTES = 8192;

  /// Lengths below this are summed by table: setting up a copy costs as much as eight steps.
  private static final int SHORT_BYTES = 16;

  /// Slots of the operator cache, a power of two. Message lengths of one recording rarely take more
  /// than a few hundred values; a miss costs under a microsecond. Judged.
  private static final int CACHE_SLOTS = 1024;

  /// Longest range in which a flipped bit is looked for: 2^32 differences against 2^25.4 bits give
  /// a chance of one in a hundred.
  private static final long MAX_FLIP_BYTES = 5 << 20;

  private final int polynomial;

  /// What one thread needs to sum without making garbage.
  private final ThreadLocal<Summing> summing;

  /// `table[b]` is the register after byte `b` was shifted through a register of zero.
  private final int[] table = new int[256];

  /// Index in [#table] by the highest byte of its entry: the step backwards.
  private final byte[] indexByHighByte = new byte[256];

  /// `powers[k]` is x^(8 * 2^k) modulo the polynomial, the operator for 2^k bytes.
  private final int[] powers = new int[Long.SIZE];

  /// Length in the high half, its operator in the low half; 0 is an empty slot. One word an entry,
  /// so that a reader never sees half of one.
  private final AtomicLongArray operators = new AtomicLongArray(CACHE_SLOTS);

  /// Prepares the tables of a polynomial given in reflected notation without its highest term;
  /// `jdk` makes the JDK's checksum of the same polynomial.
  CrcPolynomial(int polynomial, Supplier<Checksum> jdk) {
    this.polynomial = polynomial;
    this.summing = ThreadLocal.withInitial(() -> new Summing(jdk.get()));
    for (int i = 0; i < table.length; i++) {
      int register = i;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        register = timesX(register);
      }
      table[i] = register;
      indexByHighByte[register >>> 24] = (byte) i;
    }
    powers[0] = 1 << (31 - Byte.SIZE);
    for (int k = 1; k < powers.length; k++) {
      powers[k] = multiply(powers[k - 1], powers[k - 1]);
    }
  }

  private static final class Summing {
    final Checksum checksum;
    final byte[] piece = new byte[PIECE_BYTES];
    final MemorySegment copy = MemorySegment.ofArray(piece);

    Summing(Checksum checksum) {
      this.checksum = checksum;
    }
  }

  /// Extends `crc` by a range of a segment.
  int update(int crc, MemorySegment segment, long offset, long lengthBytes) {
    Objects.checkFromIndexSize(offset, lengthBytes, segment.byteSize());
    if (lengthBytes < SHORT_BYTES) {
      return updateShort(crc, segment, offset, (int) lengthBytes);
    }
    Summing own = summing.get();
    Checksum checksum = own.checksum;
    checksum.reset();
    if (crc != 0) {
      resume(checksum, crc);
    }
    byte[] piece = own.piece;
    long position = offset;
    long left = lengthBytes;
    while (left > 0) {
      int count = (int) Math.min(piece.length, left);
      MemorySegment.copy(segment, position, own.copy, 0, count);
      checksum.update(piece, 0, count);
      position += count;
      left -= count;
    }
    return (int) checksum.getValue();
  }

  private int updateShort(int crc, MemorySegment segment, long offset, int lengthBytes) {
    int register = ~crc;
    for (int i = 0; i < lengthBytes; i++) {
      register = step(register, segment.get(ValueLayout.JAVA_BYTE, offset + i));
    }
    return ~register;
  }

  /// Extends `crc` by the low `count` bytes of `value`, lowest byte first.
  int updateNumber(int crc, long value, int count) {
    int register = ~crc;
    for (int i = 0; i < count; i++) {
      register = step(register, (int) (value >>> (Byte.SIZE * i)));
    }
    return ~register;
  }

  private int step(int register, int nextByte) {
    return (register >>> Byte.SIZE) ^ table[(register ^ nextByte) & 0xFF];
  }

  /// Brings a JDK checksum that has seen nothing to the value `crc`, which its interface lacks.
  ///
  /// Four bytes can take a 32-bit register from any state to any other. Those that end in the
  /// wanted state are found by stepping back from it over four zero bytes, then removing what the
  /// register starts with.
  private void resume(Checksum fresh, int crc) {
    int register = ~crc;
    for (int i = 0; i < Integer.BYTES; i++) {
      int index = indexByHighByte[register >>> 24] & 0xFF;
      register = ((register ^ table[index]) << Byte.SIZE) | index;
    }
    int bytes = ~register;
    fresh.update(bytes);
    fresh.update(bytes >>> 8);
    fresh.update(bytes >>> 16);
    fresh.update(bytes >>> 24);
  }

  /// The CRC of A followed by B, from the CRC of each and the length of B.
  int combine(int crcA, int crcB, long lengthBytesB) {
    if (lengthBytesB < 0) {
      throw new IllegalArgumentException("length of B: " + lengthBytesB + " (expected 0 or more)");
    }
    return lengthBytesB == 0 ? crcA ^ crcB : multiply(operator(lengthBytesB), crcA) ^ crcB;
  }

  /// x^(8 * lengthBytes): multiplying a CRC by it appends that many zero bytes.
  private int operator(long lengthBytes) {
    boolean cacheable = lengthBytes <= 0xFFFF_FFFFL;
    int slot =
        (int) (lengthBytes ^ (lengthBytes >>> 10) ^ (lengthBytes >>> 20)) & (CACHE_SLOTS - 1);
    if (cacheable) {
      long entry = operators.getOpaque(slot);
      if (entry >>> Integer.SIZE == lengthBytes) {
        return (int) entry;
      }
    }
    int operator = 1 << 31;
    for (int k = 0; lengthBytes >>> k != 0; k++) {
      if ((lengthBytes >>> k & 1) != 0) {
        operator = multiply(powers[k], operator);
      }
    }
    if (cacheable) {
      operators.setOpaque(slot, lengthBytes << Integer.SIZE | (operator & 0xFFFF_FFFFL));
    }
    return operator;
  }

  /// The bit whose flip changes the CRC of `lengthBytes` bytes by `difference`, or -1.
  ///
  /// CRCs are linear: flipping the bit that has `n` bits behind it adds x^(n + 32).
  long flippedBit(int difference, long lengthBytes) {
    if (difference == 0 || lengthBytes > MAX_FLIP_BYTES) {
      return -1;
    }
    // x^31 is the lowest bit of a register.
    int effect = timesX(1);
    for (long bit = lengthBytes * Byte.SIZE - 1; bit >= 0; bit--) {
      if (effect == difference) {
        return bit;
      }
      effect = timesX(effect);
    }
    return -1;
  }

  /// The product of two polynomials modulo this one.
  private int multiply(int a, int b) {
    int product = 0;
    int shifted = b;
    for (int bit = 31; bit >= 0; bit--) {
      product ^= shifted & -(a >>> bit & 1);
      shifted = timesX(shifted);
    }
    return product;
  }

  private int timesX(int value) {
    return (value >>> 1) ^ (polynomial & -(value & 1));
  }
}
