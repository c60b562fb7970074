package dev.lockstep.synth.encode;

import java.util.Arrays;

/// Bits, most significant first, into a growing array.
final class BitWriter {
  private byte[] bytes = new byte[1024];
  private int size;
  private int pending;
  private int pendingBits;

  /// Writes the low `count` bits of `value`, at most 24.
  void bits(int value, int count) {
    pending = (pending << count) | (value & ((1 << count) - 1));
    pendingBits += count;
    while (pendingBits >= 8) {
      pendingBits -= 8;
      write(pending >>> pendingBits);
    }
  }

  /// Unsigned exponential Golomb code (H.264 section 9.1).
  void ue(int value) {
    int code = value + 1;
    int length = 32 - Integer.numberOfLeadingZeros(code);
    bits(0, length - 1);
    bits(code, length);
  }

  /// Fills the byte up with `bit`; nothing at a byte's edge.
  void align(int bit) {
    while (pendingBits != 0) {
      bits(bit, 1);
    }
  }

  /// Appends whole bytes at a byte's edge.
  void raw(byte[] source, int from, int count) {
    room(count);
    System.arraycopy(source, from, bytes, size, count);
    size += count;
  }

  private void write(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  private void room(int count) {
    if (bytes.length - size < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + count));
    }
  }

  /// Whole bytes so far.
  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
