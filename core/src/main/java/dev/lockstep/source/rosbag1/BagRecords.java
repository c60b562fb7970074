package dev.lockstep.source.rosbag1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Makes records of bags (see [BagLayout]): fields first, then the data.
public final class BagRecords {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// Fields without a kind, as the data of a connection are.
  public BagRecords() {}

  /// The header of a record of that kind.
  public BagRecords(int op) {
    field("op", new byte[] {(byte) op});
  }

  /// Adds a field.
  public BagRecords field(String name, byte[] value) {
    byte[] key = (name + "=").getBytes(StandardCharsets.UTF_8);
    out.writeBytes(u32(key.length + value.length));
    out.writeBytes(key);
    out.writeBytes(value);
    return this;
  }

  /// The fields alone.
  public byte[] fields() {
    return out.toByteArray();
  }

  /// The record with its data.
  public byte[] record(byte[] data) {
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes(u32(out.size()));
    record.writeBytes(out.toByteArray());
    record.writeBytes(u32(data.length));
    record.writeBytes(data);
    return record.toByteArray();
  }

  /// A number of four bytes.
  public static byte[] u32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  /// A number of eight bytes.
  public static byte[] u64(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  /// A time.
  public static byte[] time(long ns) {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) Math.floorDiv(ns, 1_000_000_000L))
        .putInt((int) Math.floorMod(ns, 1_000_000_000L))
        .array();
  }
}
