package dev.lockstep.payload;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes CDR messages for tests, by the rules of DDSI-RTPS 10.
final class CdrWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteOrder order;
  private final int maxAlign;

  CdrWriter() {
    this(1);
  }

  /// @param kind second byte of the encapsulation header
  CdrWriter(int kind) {
    order = (kind & 1) != 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    maxAlign = kind >= 6 ? 4 : 8;
    out.write(0);
    out.write(kind);
    out.write(0);
    out.write(0);
  }

  CdrWriter u8(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  CdrWriter u32(long... values) {
    for (long value : values) {
      number(value, 4);
    }
    return this;
  }

  CdrWriter f32(float... values) {
    for (float value : values) {
      number(Float.floatToRawIntBits(value), 4);
    }
    return this;
  }

  CdrWriter f64(double... values) {
    for (double value : values) {
      number(Double.doubleToRawLongBits(value), 8);
    }
    return this;
  }

  CdrWriter text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    u32(bytes.length + 1);
    out.writeBytes(bytes);
    return u8(0);
  }

  CdrWriter bytes(byte[] value) {
    u32(value.length);
    out.writeBytes(value);
    return this;
  }

  CdrWriter header(int sec, long nanosec, String frame) {
    return u32(sec, nanosec).text(frame);
  }

  byte[] done() {
    return out.toByteArray();
  }

  private void number(long value, int size) {
    while ((out.size() - 4) % Math.min(size, maxAlign) != 0) {
      out.write(0);
    }
    ByteBuffer b = ByteBuffer.allocate(8).order(order);
    if (size == 8) {
      b.putLong(value);
    } else {
      b.putInt((int) value);
    }
    out.write(b.array(), 0, size);
  }

  /// A PointCloud2 of one row.
  static byte[] cloud(int kind, float[] xyz, int rowStep, boolean dense) {
    return cloudWriter(kind, xyz.length / 3, 12, rowStep)
        .bytes(floats(kind, xyz))
        .u8(dense ? 1 : 0)
        .done();
  }

  static CdrWriter cloudWriter(int kind, int width, int pointStep, int rowStep) {
    CdrWriter w = new CdrWriter(kind).header(1_750_000_000, 5, "lidar").u32(1, width);
    if (kind >= 6) {
      // Byte count of the list of fields in XCDR2.
      w.u32(55);
    }
    return w.u32(3)
        .text("x")
        .u32(0)
        .u8(7)
        .u32(1)
        .text("y")
        .u32(4)
        .u8(7)
        .u32(1)
        .text("z")
        .u32(8)
        .u8(7)
        .u32(1)
        .u8((kind & 1) != 0 ? 0 : 1)
        .u32(pointStep, rowStep);
  }

  static byte[] floats(int kind, float... values) {
    ByteBuffer b =
        ByteBuffer.allocate(4 * values.length)
            .order((kind & 1) != 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    for (float value : values) {
      b.putFloat(value);
    }
    return b.array();
  }
}
