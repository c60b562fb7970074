package dev.lockstep.bench.robustness;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/// What all mutations are made of: edits of little-endian bytes.
final class Bytes {
  private static final long[] UNEXPECTED = {
    0,
    1,
    Byte.MAX_VALUE,
    0xFFFF,
    1L << 24,
    Integer.MAX_VALUE - 8,
    Integer.MAX_VALUE,
    1L << 31,
    0xFFFF_FFFFL,
    1L << 32,
    (1L << 32) + 1,
    1L << 40,
    1L << 62,
    Long.MAX_VALUE - 8,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -2,
    -1
  };

  private Bytes() {}

  static ByteBuffer view(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] concat(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteBuffer all = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }

  /// Replaces `bytes[from, to)`.
  static byte[] replace(byte[] bytes, int from, int to, byte[] by) {
    return concat(
        Arrays.copyOf(bytes, from),
        by,
        Arrays.copyOfRange(bytes, Math.min(to, bytes.length), bytes.length));
  }

  /// Puts a value that nobody expects into the integer at `at`: a limit of its type, or one near
  /// what stands there.
  static String attack(byte[] bytes, int at, int width, SplittableRandom random) {
    return attack(view(bytes), at, width, random);
  }

  /// The same in the byte order of `view`, also for integers of two bytes.
  static String attack(ByteBuffer view, int at, int width, SplittableRandom random) {
    long present =
        switch (width) {
          case Long.BYTES -> view.getLong(at);
          case Integer.BYTES -> view.getInt(at) & 0xFFFF_FFFFL;
          default -> view.getShort(at) & 0xFFFFL;
        };
    long value =
        switch (random.nextInt(6)) {
          case 0 -> present + 1 + random.nextInt(8);
          case 1 -> present - 1 - random.nextInt(8);
          case 2 -> view.limit() - (long) at + random.nextInt(-40, 40);
          default -> UNEXPECTED[random.nextInt(UNEXPECTED.length)];
        };
    switch (width) {
      case Long.BYTES -> view.putLong(at, value);
      case Integer.BYTES -> view.putInt(at, (int) value);
      default -> view.putShort(at, (short) value);
    }
    return "u" + width * 8 + " at " + at + ": " + present + " -> " + value;
  }

  static byte[] noise(int length, SplittableRandom random) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  /// A length below `limit`, small ones as likely as large ones.
  static int length(int limit, SplittableRandom random) {
    int most = Math.max(1, Math.min(limit, 1 << random.nextInt(1, 18)));
    return random.nextInt(1, most + 1);
  }
}
