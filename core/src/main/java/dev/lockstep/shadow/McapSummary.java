package dev.lockstep.shadow;

import dev.lockstep.model.Order;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the summary of an MCAP file says: its chunks, in order, and how many messages there are.
///
/// @param start where it begins
/// @param messages how many there are, -1 if it does not say
/// @param counts how many there are of each channel, empty if it does not say
record McapSummary(long start, List<Chunk> chunks, long messages, Map<Integer, Long> counts) {
  /// Bytes of a Statistics record in front of its counts by channel.
  private static final int COUNTS_OFFSET = 8 + 2 + 4 + 4 + 4 + 4 + 8 + 8;

  /// A chunk as the summary tells of it.
  ///
  /// @param indexLengthBytes bytes of the message indexes behind it, 0 if there are none
  record Chunk(long offset, long lengthBytes, long indexLengthBytes, boolean packed) {
    long endBytes() {
      return offset + lengthBytes + indexLengthBytes;
    }
  }

  /// Reads the summary of `file`, with its definitions into `records`; null if it has none.
  ///
  /// @throws BufferUnderflowException if it is not what it should be
  static @Nullable McapSummary read(PlainFile file, McapRecords records) throws IOException {
    long end = file.lengthBytes() - McapRecords.TAIL_BYTES;
    if (end < Long.BYTES) {
      return null;
    }
    ByteBuffer tail = file.bytes(end, McapRecords.TAIL_BYTES);
    if (tail.getLong(McapRecords.TAIL_BYTES - Long.BYTES) != McapRecords.MAGIC
        || tail.get(0) != McapRecords.FOOTER) {
      return null;
    }
    long start = tail.getLong(McapRecords.HEAD_BYTES);
    long offsets = tail.getLong(McapRecords.HEAD_BYTES + Long.BYTES);
    if (start <= 0 || start >= end) {
      return null;
    }
    List<Chunk> chunks = new ArrayList<>();
    Map<Integer, Long> counts = new HashMap<>();
    long messages = -1;
    long stop = offsets > start && offsets <= end ? offsets : end;
    for (long at = start; at + McapRecords.HEAD_BYTES <= stop; ) {
      ByteBuffer head = file.bytes(at, McapRecords.HEAD_BYTES);
      int opcode = head.get() & 0xFF;
      long length = head.getLong();
      if (length > stop - at - McapRecords.HEAD_BYTES) {
        throw new BufferUnderflowException();
      }
      ByteBuffer body = file.bytes(at + McapRecords.HEAD_BYTES, McapRecords.bounded(length));
      switch (opcode) {
        case McapRecords.SCHEMA -> records.schema(body);
        case McapRecords.CHANNEL -> records.channel(body);
        case McapRecords.CHUNK_INDEX -> chunks.add(chunk(body));
        case McapRecords.STATISTICS -> {
          messages = body.getLong(0);
          counts(body, counts);
        }
        default -> {}
      }
      at += McapRecords.HEAD_BYTES + length;
    }
    chunks.sort(Order.byLong(Chunk::offset));
    return new McapSummary(start, chunks, messages, counts);
  }

  private static void counts(ByteBuffer body, Map<Integer, Long> counts) {
    if (body.limit() < COUNTS_OFFSET + Integer.BYTES) {
      return;
    }
    int bytes = body.position(COUNTS_OFFSET).getInt();
    int entry = Short.BYTES + Long.BYTES;
    if (bytes < 0 || bytes > body.remaining()) {
      throw new BufferUnderflowException();
    }
    for (int i = 0; i < bytes / entry; i++) {
      counts.put(McapRecords.u16(body), body.getLong());
    }
  }

  private static Chunk chunk(ByteBuffer body) {
    body.position(2 * Long.BYTES);
    long offset = body.getLong();
    long length = body.getLong();
    int map = body.getInt();
    if (map < 0 || map > body.remaining()) {
      throw new BufferUnderflowException();
    }
    body.position(body.position() + map);
    long indexes = body.getLong();
    return new Chunk(offset, length, indexes, body.getInt() != 0);
  }

  /// Whether it says for each channel how many messages there are, and the same of all.
  boolean countsChannels() {
    return messages >= 0
        && counts.values().stream().mapToLong(Long::longValue).sum() == messages
        && (messages == 0 || !counts.isEmpty());
  }
}
