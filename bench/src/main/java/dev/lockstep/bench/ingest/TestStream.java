package dev.lockstep.bench.ingest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/// The bytes of a stream, made from a seed: MCAP as far as a server follows it, with private
/// records of random content.
final class TestStream {
  private static final long MAGIC = 0x0A0D_3050_4143_4D89L;
  private static final int FOOTER_BYTES = 37;
  private static final int HEADER_BYTES = 17;
  private static final int RECORD_HEAD_BYTES = 9;

  private TestStream() {}

  /// A whole stream of exactly `length` bytes, at least 100.
  static byte[] of(long seed, int length) {
    Random random = new Random(seed);
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC);
    out.put((byte) 1).putLong(8).putInt(0).putInt(0);
    int end = length - FOOTER_BYTES;
    int at = 8 + HEADER_BYTES;
    while (at < end) {
      int left = end - at - RECORD_HEAD_BYTES;
      int body = Math.min(left, random.nextInt(20_000));
      // What is left behind must be nothing, or have room for a record.
      if (left - body < RECORD_HEAD_BYTES) {
        body = left;
      }
      out.put(at, (byte) 0x80).putLong(at + 1, body);
      at += RECORD_HEAD_BYTES + body;
    }
    out.position(end);
    out.put((byte) 2).putLong(20).putLong(0).putLong(0).putInt(0).putLong(MAGIC);
    return bytes;
  }
}
