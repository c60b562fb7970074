package dev.lockstep.source.rosbag1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Changes fields of records that are there already.
final class BagFields {
  private BagFields() {}

  /// Sets a field of a record's header to a value as long as the one that it has; a record without
  /// the field stays as it is.
  static void put(byte[] record, String name, byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    byte[] key = (name + "=").getBytes(StandardCharsets.US_ASCII);
    int end = Integer.BYTES + bytes.getInt(0);
    for (int at = Integer.BYTES; at < end; ) {
      int length = bytes.getInt(at);
      at += Integer.BYTES;
      if (length == key.length + value.length
          && Arrays.equals(record, at, at + key.length, key, 0, key.length)) {
        bytes.put(at + key.length, value);
        return;
      }
      at += length;
    }
  }

  /// A record with the first `most` bytes of its data.
  ///
  /// @param dataAt where in the record its data begin
  static byte[] shortened(byte[] record, int dataAt, int most) {
    int left = Math.min(most, record.length - dataAt);
    byte[] less = Arrays.copyOf(record, dataAt + left);
    ByteBuffer.wrap(less).order(ByteOrder.LITTLE_ENDIAN).putInt(dataAt - Integer.BYTES, left);
    return less;
  }
}
