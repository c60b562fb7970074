package dev.lockstep.source.rosbag1;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Layout of a bag of ROS 1 (wiki.ros.org/Bags/Format/2.0); all numbers are little-endian.
///
/// ```text
/// file    "#ROSBAG V2.0\n", bag header (padded to 4096 bytes), then
///         chunk, index data a connection, chunk, index data ... | connections, chunk infos
///                                                               ^ index_pos
/// record  u32 length, header fields, u32 length, data
/// field   u32 length, "name=value"
/// op 2  message     conn u32, time                                   in chunks
/// op 3  bag header  index_pos u64 (0: not closed), conn_count u32, chunk_count u32
/// op 4  index data  ver u32 = 1, conn u32, count u32; data: count x {time, u32 offset in chunk}
/// op 5  chunk       compression none|bz2|lz4, size u32 of the content
/// op 6  chunk info  ver u32 = 1, chunk_pos u64, start_time, end_time, count u32;
///                   data: count x {u32 conn, u32 messages}
/// op 7  connection  conn u32, topic; data: fields topic, type, md5sum, message_definition, ...
/// time  u32 seconds, u32 nanoseconds
/// ```
///
/// A recorder writes the bag header and the head of each chunk first, with zeros for what it does
/// not know yet, and again when it closes them: a chunk of no bytes is one that is open.
///
/// There is no checksum; lz4 frames and bz2 streams bring their own.
final class BagLayout {
  static final byte[] MAGIC = "#ROSBAG V2.0\n".getBytes(StandardCharsets.US_ASCII);

  static final int MESSAGE = 2;
  static final int BAG_HEADER = 3;
  static final int INDEX_DATA = 4;
  static final int CHUNK = 5;
  static final int CHUNK_INFO = 6;
  static final int CONNECTION = 7;

  /// The bag header with its padding, which is there so that its recorder can write it again at the
  /// end.
  static final int BAG_HEADER_BYTES = 4096;

  /// Longest header of a record. Judged: fields are some numbers and a topic.
  static final int MAX_HEADER_BYTES = 1 << 16;

  static final int INDEX_ENTRY_BYTES = 12;
  static final int CHUNK_COUNT_BYTES = 8;

  static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private BagLayout() {}

  /// A stored time (seconds in the low half) in ns.
  static long ns(long time) {
    return (time & 0xFFFF_FFFFL) * 1_000_000_000L + (time >>> 32);
  }

  /// Whether the nanoseconds of a stored time are below a second.
  static boolean isTime(long time) {
    return (time >>> 32) < 1_000_000_000L;
  }

  /// A record in words.
  static String nameOf(int op) {
    return switch (op) {
      case MESSAGE -> "message";
      case BAG_HEADER -> "bag header";
      case INDEX_DATA -> "index data";
      case CHUNK -> "chunk";
      case CHUNK_INFO -> "chunk info";
      case CONNECTION -> "connection";
      default -> "record of op " + op;
    };
  }
}
