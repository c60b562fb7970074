package dev.lockstep.synth.encode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Little-endian XCDR1 as ROS 2 writes it: four bytes of encapsulation header `00 01 00 00`, then
/// fields aligned to their size, counted from behind that header.
public final class CdrWriter {
  /// Length of the encapsulation header.
  public static final int HEADER_BYTES = 4;

  private ByteBuffer bytes;

  /// Begins a message.
  ///
  /// @param roomBytes expected size
  public CdrWriter(int roomBytes) {
    bytes = ByteBuffer.allocate(Math.max(64, roomBytes)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0).put((byte) 1).put((byte) 0).put((byte) 0);
  }

  private ByteBuffer aligned(int alignment, int lengthBytes) {
    int position = bytes.position() - HEADER_BYTES;
    int padding = Math.floorMod(-position, alignment);
    if (bytes.remaining() < padding + lengthBytes) {
      int room = Math.max(bytes.capacity() * 2, bytes.position() + padding + lengthBytes);
      bytes =
          ByteBuffer.wrap(Arrays.copyOf(bytes.array(), room))
              .order(ByteOrder.LITTLE_ENDIAN)
              .position(bytes.position());
    }
    for (int i = 0; i < padding; i++) {
      bytes.put((byte) 0);
    }
    return bytes;
  }

  /// `uint8` or `bool`.
  public CdrWriter u8(int value) {
    aligned(1, 1).put((byte) value);
    return this;
  }

  /// `int32` or `uint32`.
  public CdrWriter u32(int value) {
    aligned(4, 4).putInt(value);
    return this;
  }

  /// `float64`.
  public CdrWriter f64(double value) {
    aligned(8, 8).putDouble(value);
    return this;
  }

  /// `string`: length with the closing zero, text, zero.
  public CdrWriter string(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    u32(text.length + 1);
    aligned(1, text.length + 1).put(text).put((byte) 0);
    return this;
  }

  /// `uint8[]`: length, bytes.
  public CdrWriter sequence(byte[] value, int lengthBytes) {
    u32(lengthBytes);
    aligned(1, lengthBytes).put(value, 0, lengthBytes);
    return this;
  }

  /// `std_msgs/Header`: stamp and frame of reference.
  public CdrWriter header(long stampNs, String frameId) {
    u32((int) Math.floorDiv(stampNs, 1_000_000_000L));
    u32((int) Math.floorMod(stampNs, 1_000_000_000L));
    return string(frameId);
  }

  /// The message.
  public byte[] toBytes() {
    return Arrays.copyOf(bytes.array(), bytes.position());
  }
}
