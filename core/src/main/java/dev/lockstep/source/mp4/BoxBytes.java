package dev.lockstep.source.mp4;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Bytes of boxes, big-endian.
final class BoxBytes {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  int size() {
    return bytes.size();
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  BoxBytes u8(int value) {
    bytes.write(value);
    return this;
  }

  BoxBytes u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  BoxBytes u32(int value) {
    return u16(value >>> 16).u16(value);
  }

  BoxBytes u64(long value) {
    return u32((int) (value >>> 32)).u32((int) value);
  }

  BoxBytes zeros(int count) {
    return bytes(new byte[count]);
  }

  BoxBytes text(String letters) {
    return bytes(letters.getBytes(StandardCharsets.ISO_8859_1));
  }

  BoxBytes bytes(byte[] value) {
    bytes.writeBytes(value);
    return this;
  }

  /// A table of equal values in a row.
  void runs(int[] values) {
    BoxBytes entries = new BoxBytes();
    int count = 0;
    for (int from = 0; from < values.length; ) {
      int to = from + 1;
      while (to < values.length && values[to] == values[from]) {
        to++;
      }
      entries.u32(to - from).u32(values[from]);
      count++;
      from = to;
    }
    u32(0).u32(count).bytes(entries.toBytes());
  }

  void box(int type, Body body) {
    BoxBytes inside = new BoxBytes();
    body.write(inside);
    u32(Mp4Layout.HEAD_BYTES + inside.size()).u32(type).bytes(inside.toBytes());
  }

  /// Writes the body of a box.
  interface Body {
    void write(BoxBytes out);
  }
}
