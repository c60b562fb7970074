package dev.lockstep.payload;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// First bytes of the NAL units of one frame that its place in the order of frames follows from:
/// parameter sets and the heads of pictures, each behind its length in a byte.
final class HeadBytes {
  /// Bytes that are kept of a unit (judged: parameter sets without scaling lists have under 60,
  /// slice heads of ordinary encoders under 20).
  static final int MAX_UNIT = 160;

  /// Units that are kept of a frame; more are of no ordinary encoder.
  private static final int MAX_UNITS = 12;

  private byte[] bytes = new byte[64];
  private int size;
  private int units;
  private int lastAt;

  void clear() {
    size = 0;
    units = 0;
  }

  /// Keeps the head of a unit.
  ///
  /// @param h265 is told by the first bit of the unit, which is never set in one
  /// @return whether the unit was kept
  boolean add(MemorySegment from, long unit, long unitEnd, boolean h265) {
    if (units == MAX_UNITS) {
      return false;
    }
    int length = (int) Math.min(MAX_UNIT, unitEnd - unit);
    int needed = size + 1 + length;
    if (bytes.length < needed) {
      bytes = Arrays.copyOf(bytes, 2 * needed);
    }
    bytes[size] = (byte) length;
    MemorySegment.copy(from, unit, MemorySegment.ofArray(bytes), size + 1, length);
    if (h265) {
      bytes[size + 1] |= (byte) AnnexBLayout.FORBIDDEN_BIT;
    }
    lastAt = size;
    size = needed;
    units++;
    return true;
  }

  /// Whether the unit that was added last, supplemental information, tells a time.
  boolean lastTellsTime(boolean h265) {
    return StreamClock.tellsTime(bytes, lastAt + 1, size, h265);
  }

  /// Forgets the unit that was added last.
  void removeLast() {
    size = lastAt;
    units--;
  }

  boolean isEmpty() {
    return size == 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }
}
