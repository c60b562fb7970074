package dev.lockstep.checksum;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/// CRC32C as iSCSI, TFRecord and the block manifest store it (CRC-32/ISCSI, check value
/// `E3069283`).
///
/// A CRC is a plain `int` of all 32 bits; that of nothing is 0, and every value can be extended. No
/// method keeps state or makes garbage, and all may be called from any number of threads. Ranges
/// may be longer than 2 GiB. A fault on a mapped file arrives as the `InternalError` that
/// `MappedFile.guard` turns into a report; it does not end the process.
public final class Crc32c {
  /// 0x1EDC6F41 reflected (RFC 3720 section 12.1).
  private static final CrcPolynomial POLYNOMIAL = new CrcPolynomial(0x82F6_3B78, CRC32C::new);

  private static final int MASK_ROTATION = 15;
  private static final int MASK_DELTA = 0xA282EAD8;

  private Crc32c() {}

  /// The CRC of a whole segment.
  public static int of(MemorySegment segment) {
    return update(0, segment, 0, segment.byteSize());
  }

  /// The CRC of `lengthBytes` bytes from `offset` on.
  ///
  /// @throws IndexOutOfBoundsException if the range is not within the segment
  public static int of(MemorySegment segment, long offset, long lengthBytes) {
    return update(0, segment, offset, lengthBytes);
  }

  /// The CRC of what `crc` covers followed by `lengthBytes` bytes from `offset` on.
  ///
  /// @throws IndexOutOfBoundsException if the range is not within the segment
  public static int update(int crc, MemorySegment segment, long offset, long lengthBytes) {
    return POLYNOMIAL.update(crc, segment, offset, lengthBytes);
  }

  /// The CRC of what `crc` covers followed by the four bytes of `value`, little-endian.
  public static int updateInt(int crc, int value) {
    return POLYNOMIAL.updateNumber(crc, value, Integer.BYTES);
  }

  /// The CRC of what `crc` covers followed by the eight bytes of `value`, little-endian.
  public static int updateLong(int crc, long value) {
    return POLYNOMIAL.updateNumber(crc, value, Long.BYTES);
  }

  /// The one bit whose flip makes the difference between two CRCs, as [Crc32#flippedBit].
  public static long flippedBit(int crcBefore, int crcAfter, long lengthBytes) {
    return POLYNOMIAL.flippedBit(crcBefore ^ crcAfter, lengthBytes);
  }

  /// A CRC as TFRecord stores it: rotated, and something added, so that a CRC of bytes that hold
  /// CRCs is no special one (TensorFlow, `core/lib/hash/crc32c.h`).
  public static int masked(int crc) {
    return Integer.rotateRight(crc, MASK_ROTATION) + MASK_DELTA;
  }

  /// The CRC that [#masked] makes a value of.
  public static int unmasked(int masked) {
    return Integer.rotateLeft(masked - MASK_DELTA, MASK_ROTATION);
  }

  /// The CRC of A followed by B, from the CRC of A, the CRC of B and the length of B, without the
  /// bytes of either. Operators of recent lengths below 4 GiB are cached.
  ///
  /// @throws IllegalArgumentException if the length is negative
  public static int combine(int crcA, int crcB, long lengthBytesB) {
    return POLYNOMIAL.combine(crcA, crcB, lengthBytesB);
  }
}
