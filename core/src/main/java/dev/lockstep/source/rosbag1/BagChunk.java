package dev.lockstep.source.rosbag1;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A chunk that is written: records that are there already, uncompressed, with index data and chunk
/// info.
final class BagChunk {
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private final Set<Integer> defined = new HashSet<>();

  /// Stored time and offset of each message, by connection.
  private final Map<Integer, List<long[]>> index = new TreeMap<>();

  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  /// Adds the record of a connection.
  void define(byte[] record) {
    content.writeBytes(record);
  }

  /// Adds the record of a connection unless it is there.
  void defineOnce(int conn, byte[] record) {
    if (defined.add(conn)) {
      content.writeBytes(record);
    }
  }

  /// Adds the record of a message.
  ///
  /// @param time its time as stored
  void add(int conn, long time, byte[] record) {
    index.computeIfAbsent(conn, id -> new ArrayList<>()).add(new long[] {time, content.size()});
    content.writeBytes(record);
    first = Math.min(first, BagLayout.ns(time));
    last = Math.max(last, BagLayout.ns(time));
  }

  /// The chunk.
  byte[] record() {
    return new BagRecords(BagLayout.CHUNK)
        .field("compression", "none".getBytes(StandardCharsets.US_ASCII))
        .field("size", BagRecords.u32(content.size()))
        .record(content.toByteArray());
  }

  /// The chunk and its index data.
  byte[] recordWithIndex() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(record());
    index.forEach((conn, entries) -> {
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      for (long[] entry : entries) {
        data.writeBytes(BagRecords.u64(entry[0]));
        data.writeBytes(BagRecords.u32((int) entry[1]));
      }
      all.writeBytes(
          new BagRecords(BagLayout.INDEX_DATA)
              .field("ver", BagRecords.u32(1))
              .field("conn", BagRecords.u32(conn))
              .field("count", BagRecords.u32(entries.size()))
              .record(data.toByteArray()));
    });
    return all.toByteArray();
  }

  /// Its chunk info.
  ///
  /// @param at where it stands
  byte[] info(long at) {
    ByteArrayOutputStream counts = new ByteArrayOutputStream();
    index.forEach((conn, entries) -> {
      counts.writeBytes(BagRecords.u32(conn));
      counts.writeBytes(BagRecords.u32(entries.size()));
    });
    return new BagRecords(BagLayout.CHUNK_INFO)
        .field("ver", BagRecords.u32(1))
        .field("chunk_pos", BagRecords.u64(at))
        .field("start_time", BagRecords.time(first))
        .field("end_time", BagRecords.time(last))
        .field("count", BagRecords.u32(index.size()))
        .record(counts.toByteArray());
  }
}
