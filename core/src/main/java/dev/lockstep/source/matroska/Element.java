package dev.lockstep.source.matroska;

import static dev.lockstep.source.matroska.MatroskaLayout.u8;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One element: its id and where it lies. What it claims may reach past what holds it.
///
/// @param at where it begins
/// @param body where its body begins
/// @param size bytes of the body, [#UNKNOWN] where the file does not say
record Element(int id, long at, long body, long size) {
  static final long UNKNOWN = -1;

  /// Most bytes of an id, and of a size.
  private static final int MAX_ID_BYTES = 4;

  private static final int MAX_SIZE_BYTES = 8;

  /// The element at `at`, whose head lies before `end`; null where there is none.
  static @Nullable Element at(MemorySegment file, long at, long end) {
    if (at >= end) {
      return null;
    }
    int first = u8(file, at);
    int idBytes = length(first);
    if (idBytes > MAX_ID_BYTES || end - at <= idBytes) {
      return null;
    }
    int id = 0;
    for (int i = 0; i < idBytes; i++) {
      id = id << 8 | u8(file, at + i);
    }
    long sizeAt = at + idBytes;
    int sizeBytes = length(u8(file, sizeAt));
    if (sizeBytes > MAX_SIZE_BYTES || end - sizeAt < sizeBytes) {
      return null;
    }
    return new Element(id, at, sizeAt + sizeBytes, number(file, sizeAt, sizeBytes));
  }

  /// Length of a number, by its first byte; 9 where it has no length.
  static int length(int first) {
    return Integer.numberOfLeadingZeros(first) - (Integer.SIZE - Byte.SIZE) + 1;
  }

  /// The number in `bytes` bytes, without the bit that tells how many there are; [#UNKNOWN] for
  /// nothing but ones.
  static long number(MemorySegment file, long at, int bytes) {
    long value = u8(file, at) & (1 << (Byte.SIZE - bytes)) - 1;
    for (int i = 1; i < bytes; i++) {
      value = value << 8 | u8(file, at + i);
    }
    return value == (1L << (7 * bytes)) - 1 ? UNKNOWN : value;
  }

  boolean isUnknown() {
    return size == UNKNOWN;
  }

  /// Where it ends; of one of unknown size, or one that reaches past `limit`, there.
  long end(long limit) {
    return isUnknown() || size > limit - body ? limit : body + size;
  }

  /// Whether it lies before `limit` as a whole.
  boolean fits(long limit) {
    return !isUnknown() && size <= limit - body;
  }

  /// The unsigned number in its body; -1 if it is longer than 8 bytes or beyond 2^63.
  long unsigned(MemorySegment file) {
    if (size < 0 || size > Long.BYTES) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | u8(file, body + i);
    }
    return value < 0 ? -1 : value;
  }
}
