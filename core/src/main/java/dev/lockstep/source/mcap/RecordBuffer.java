package dev.lockstep.source.mcap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Bytes of records under construction; grows as needed. Native memory, as compression wants it.
final class RecordBuffer {
  private ByteBuffer bytes;

  RecordBuffer(int capacity) {
    bytes = direct(capacity);
  }

  private static ByteBuffer direct(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Number of bytes so far.
  int size() {
    return bytes.position();
  }

  void clear() {
    bytes.clear();
  }

  /// The bytes so far, to be read.
  ByteBuffer written() {
    return bytes.duplicate().flip();
  }

  /// All bytes so far as a heap array.
  byte[] toArray() {
    byte[] copy = new byte[size()];
    bytes.get(0, copy);
    return copy;
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      int needed = Math.addExact(bytes.position(), more);
      ByteBuffer larger =
          direct(Math.max(needed, (int) Math.min(2L * needed, Integer.MAX_VALUE - 8)));
      larger.put(bytes.flip());
      bytes = larger;
    }
    return bytes;
  }

  RecordBuffer u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  RecordBuffer u16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  RecordBuffer u32(long value) {
    room(4).putInt((int) value);
    return this;
  }

  RecordBuffer u64(long value) {
    room(8).putLong(value);
    return this;
  }

  RecordBuffer raw(byte[] value) {
    room(value.length).put(value);
    return this;
  }

  RecordBuffer raw(ByteBuffer value) {
    room(value.remaining()).put(value);
    return this;
  }

  RecordBuffer text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return u32(utf8.length).raw(utf8);
  }

  /// A map of texts, in its own order.
  RecordBuffer texts(Map<String, String> map) {
    int lengthAt = size();
    u32(0);
    map.forEach((key, value) -> text(key).text(value));
    bytes.putInt(lengthAt, size() - lengthAt - Integer.BYTES);
    return this;
  }

  /// Begins a record; its length is set by [#end].
  int begin(int opcode) {
    int at = size();
    u8(opcode).u64(0);
    return at;
  }

  /// Ends the record that began at `at`.
  void end(int at) {
    bytes.putLong(at + McapLayout.LENGTH_OFFSET, size() - at - (long) McapLayout.RECORD_HEAD_BYTES);
  }
}
