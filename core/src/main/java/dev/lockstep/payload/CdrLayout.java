package dev.lockstep.payload;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Layout of a CDR message: the encapsulation header of RTPS (DDSI-RTPS 10, DDS-XTypes 1.3 section
/// 7.6.3.1.2), then members in order of declaration, each aligned to its own size, counted from the
/// first byte after the header.
///
/// ```text
///  0     1     2     3     4 ...
/// +-----+-----+-----+-----+---------+-----
/// |  0  | kind|  options  | pad, member, pad, member, ...
/// +-----+-----+-----+-----+---------+-----
/// kind: 0/1 plain XCDR1, 2/3 parameter list, 6/7 plain XCDR2, 8/9 delimited XCDR2,
///       10/11 parameter list XCDR2; odd is little-endian.
///       16..21: the same for XCDR2 as drafts numbered them.
/// string:   uint32 length with its NUL, characters, NUL
/// sequence: uint32 number of elements, elements
/// ```
///
/// XCDR1 aligns 8-byte members to 8, XCDR2 to 4; XCDR2 puts a uint32 byte count in front of a
/// sequence or array of anything but primitives.
final class CdrLayout {
  /// Bytes of the encapsulation header.
  static final int HEADER_BYTES = 4;

  /// Offset of the kind; the byte before it is 0.
  static final int KIND_AT = 1;

  /// Largest alignment in XCDR1.
  static final int XCDR1_ALIGN = 8;

  /// Largest alignment in XCDR2.
  static final int XCDR2_ALIGN = 4;

  /// Bytes that a writer may leave unread at the end: padding to 4, or to 8 with zeros.
  static final int PADDING_BYTES = 3;

  static final int ZERO_PADDING_BYTES = 7;

  /// `builtin_interfaces/Time`: int32 seconds, uint32 nanoseconds.
  static final int TIME_BYTES = 8;

  static final int TIME_NANOSEC_AT = 4;

  private static final ValueLayout.OfShort SHORT_LE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG_LE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private CdrLayout() {}

  /// How the members behind a header are laid out.
  enum Members {
    /// One after the other, aligned to at most 8.
    PLAIN_1,
    /// One after the other, aligned to at most 4.
    PLAIN_2,
    /// With lengths and member ids that only the writer's own type explains.
    TAGGED,
    /// The header is none.
    UNKNOWN
  }

  /// What the header's first two bytes announce.
  static Members members(byte first, byte kind) {
    if (first != 0) {
      return Members.UNKNOWN;
    }
    return switch (kind) {
      case 0, 1 -> Members.PLAIN_1;
      case 6, 7, 16, 17 -> Members.PLAIN_2;
      case 2, 3, 8, 9, 10, 11, 18, 19, 20, 21 -> Members.TAGGED;
      default -> Members.UNKNOWN;
    };
  }

  /// A 32-bit number in the message's byte order. Always one layout, and its bytes exchanged where
  /// the order is the other: where a loop chooses between two layouts, the optimising compiler of
  /// JDK 25.0.3 can crash.
  static int int32(MemorySegment bytes, long at, boolean littleEndian) {
    int value = bytes.get(INT_LE, at);
    return littleEndian ? value : Integer.reverseBytes(value);
  }

  /// A 16-bit number in the message's byte order.
  static short int16(MemorySegment bytes, long at, boolean littleEndian) {
    short value = bytes.get(SHORT_LE, at);
    return littleEndian ? value : Short.reverseBytes(value);
  }

  /// A 64-bit number in the message's byte order.
  static long int64(MemorySegment bytes, long at, boolean littleEndian) {
    long value = bytes.get(LONG_LE, at);
    return littleEndian ? value : Long.reverseBytes(value);
  }

  /// A 64-bit floating-point number in the message's byte order.
  static double float64(MemorySegment bytes, long at, boolean littleEndian) {
    return Double.longBitsToDouble(int64(bytes, at, littleEndian));
  }

  /// An unsigned 32-bit number in the message's byte order.
  static long uint(MemorySegment bytes, long at, boolean littleEndian) {
    return Integer.toUnsignedLong(int32(bytes, at, littleEndian));
  }
}
