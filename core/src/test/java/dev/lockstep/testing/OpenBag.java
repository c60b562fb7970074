package dev.lockstep.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A bag of ROS 1 as its recorder leaves it on the way: no index yet, and zeros for the length of a
/// chunk that is open.
public final class OpenBag {
  private static final byte[] CHUNK_OP = "op=\5".getBytes(StandardCharsets.ISO_8859_1);

  private OpenBag() {}

  /// Where the index of a closed bag begins: nothing behind it is there while it is recorded.
  public static int indexPosition(byte[] closed) {
    return (int) little(closed).getLong(indexField(closed));
  }

  /// The first `length` bytes of a closed bag as they were when it was that long.
  public static byte[] at(byte[] closed, int length) {
    byte[] open = Arrays.copyOf(closed, length);
    int field = indexField(closed);
    if (length > field) {
      Arrays.fill(open, field, Math.min(length, field + Long.BYTES), (byte) 0);
    }
    ByteBuffer bytes = little(open);
    for (int at = 13; at + 2 * Integer.BYTES <= length; ) {
      int header = bytes.getInt(at);
      int lengthAt = at + Integer.BYTES + header;
      if (lengthAt + Integer.BYTES > length) {
        break;
      }
      int end = lengthAt + Integer.BYTES + bytes.getInt(lengthAt);
      if (end > length && holds(open, at, lengthAt)) {
        bytes.putInt(lengthAt, 0);
        break;
      }
      at = end;
    }
    return open;
  }

  private static boolean holds(byte[] bytes, int from, int to) {
    for (int at = from; at <= to - CHUNK_OP.length; at++) {
      if (Arrays.equals(bytes, at, at + CHUNK_OP.length, CHUNK_OP, 0, CHUNK_OP.length)) {
        return true;
      }
    }
    return false;
  }

  private static int indexField(byte[] closed) {
    byte[] name = "index_pos=".getBytes(StandardCharsets.ISO_8859_1);
    for (int at = 13; ; at++) {
      if (Arrays.equals(closed, at, at + name.length, name, 0, name.length)) {
        return at + name.length;
      }
    }
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
