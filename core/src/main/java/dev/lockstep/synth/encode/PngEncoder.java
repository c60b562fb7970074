package dev.lockstep.synth.encode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Adler32;
import java.util.zip.CRC32;

/// Writes grey PNG images without compression, so that equal pixels are equal bytes with every
/// version of zlib.
public final class PngEncoder {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  /// zlib header for a window of 32 KiB without a preset dictionary (RFC 1950).
  private static final byte[] ZLIB = {0x78, 0x01};

  private static final int MAX_STORED = 65_535;

  private PngEncoder() {}

  /// An image of 8 bits a pixel, row by row.
  ///
  /// @throws IllegalArgumentException if pixels and size disagree, or do not fit one block
  public static byte[] grey(byte[] pixels, int width, int height) {
    if (pixels.length != width * height || height * (width + 1) > MAX_STORED) {
      throw new IllegalArgumentException(
          "pixels: " + pixels.length + " (expected " + width + " x " + height + ", up to 64 KiB)");
    }
    ByteBuffer rows = ByteBuffer.allocate(height * (width + 1));
    for (int y = 0; y < height; y++) {
      rows.put((byte) 0).put(pixels, y * width, width);
    }
    Adler32 adler = new Adler32();
    adler.update(rows.array());
    int length = rows.capacity();
    ByteBuffer data = ByteBuffer.allocate(ZLIB.length + 5 + length + Integer.BYTES);
    data.put(ZLIB).put((byte) 1);
    data.put((byte) length).put((byte) (length >> 8));
    data.put((byte) ~length).put((byte) (~length >> 8));
    data.put(rows.array()).putInt((int) adler.getValue());
    ByteBuffer head = ByteBuffer.allocate(13);
    head.putInt(width).putInt(height).put((byte) 8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE);
    chunk(out, "IHDR", head.array());
    chunk(out, "IDAT", data.array());
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeBytes(ByteBuffer.allocate(8).putInt(data.length).put(name).array());
    out.writeBytes(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
