package dev.lockstep.source.rosbag1;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One record, as far as it can be believed. Filled again for each record; belongs to one thread.
final class BagRecord {
  /// What reading a record came to.
  enum State {
    WHOLE,
    /// Its header is whole, its data go beyond the end.
    CUT,
    /// No record begins there.
    BROKEN
  }

  private static final int FIELD_NAME_MAX = 32;

  long at;
  int op;
  long dataAt;

  /// Length of the data as stored; of what is there for a record that is cut.
  long dataBytes;

  long end;

  int conn;
  long time;
  long startTime;
  long endTime;
  long indexPos;
  long chunkPos;
  long count;
  long connCount;
  long chunkCount;
  long size;
  String compression = "";
  private int seen;

  private static final int CONN = 1;
  private static final int TIME = 2;
  private static final int COUNT = 4;
  private static final int SIZE = 8;
  private static final int COMPRESSION = 16;
  private static final int CHUNK_POS = 32;
  private static final int SPAN = 64;
  private static final int INDEX_POS = 128;

  /// Reads the record at `at` of what ends at `limit`.
  State read(MemorySegment bytes, long at, long limit) {
    this.at = at;
    if (limit - at < 2 * Integer.BYTES) {
      return State.BROKEN;
    }
    long headerBytes = u32(bytes, at);
    long headerAt = at + Integer.BYTES;
    if (headerBytes == 0
        || headerBytes > BagLayout.MAX_HEADER_BYTES
        || headerBytes > limit - headerAt - Integer.BYTES) {
      return State.BROKEN;
    }
    op = -1;
    seen = 0;
    long next = headerAt;
    long headerEnd = headerAt + headerBytes;
    while (next < headerEnd) {
      if (headerEnd - next < Integer.BYTES) {
        return State.BROKEN;
      }
      long length = u32(bytes, next);
      next += Integer.BYTES;
      if (length > headerEnd - next || !field(bytes, next, (int) length)) {
        return State.BROKEN;
      }
      next += length;
    }
    dataBytes = u32(bytes, headerEnd);
    dataAt = headerEnd + Integer.BYTES;
    if (!complete()) {
      return State.BROKEN;
    }
    if (dataBytes > limit - dataAt) {
      dataBytes = limit - dataAt;
      end = limit;
      return State.CUT;
    }
    end = dataAt + dataBytes;
    return State.WHOLE;
  }

  private boolean complete() {
    return switch (op) {
      case BagLayout.MESSAGE -> has(CONN | TIME);
      case BagLayout.BAG_HEADER -> has(INDEX_POS);
      case BagLayout.INDEX_DATA -> has(CONN | COUNT);
      case BagLayout.CHUNK -> has(COMPRESSION | SIZE);
      case BagLayout.CHUNK_INFO -> has(CHUNK_POS | COUNT | SPAN);
      case BagLayout.CONNECTION -> has(CONN);
      default -> false;
    };
  }

  private boolean has(int fields) {
    return (seen & fields) == fields;
  }

  private static long u32(MemorySegment bytes, long at) {
    return Integer.toUnsignedLong(bytes.get(BagLayout.U32, at));
  }

  /// Takes up a field; ones that are not known are passed over.
  private boolean field(MemorySegment bytes, long at, int length) {
    int name = 0;
    while (name < length && bytes.get(BagLayout.U8, at + name) != '=') {
      name++;
      if (name > FIELD_NAME_MAX) {
        return false;
      }
    }
    if (name == 0 || name == length) {
      return false;
    }
    long value = at + name + 1;
    int valueBytes = length - name - 1;
    switch (text(bytes, at, name)) {
      case "op" -> {
        if (valueBytes != 1) {
          return false;
        }
        op = bytes.get(BagLayout.U8, value) & 0xFF;
      }
      case "conn" -> {
        if (valueBytes != Integer.BYTES) {
          return false;
        }
        conn = bytes.get(BagLayout.U32, value);
        seen |= CONN;
      }
      case "time" -> {
        if (valueBytes != Long.BYTES) {
          return false;
        }
        time = bytes.get(BagLayout.U64, value);
        seen |= TIME;
      }
      case "count" -> {
        if (valueBytes != Integer.BYTES) {
          return false;
        }
        count = u32(bytes, value);
        seen |= COUNT;
      }
      case "size" -> {
        if (valueBytes != Integer.BYTES) {
          return false;
        }
        size = u32(bytes, value);
        seen |= SIZE;
      }
      case "compression" -> {
        compression = text(bytes, value, valueBytes);
        seen |= COMPRESSION;
      }
      case "chunk_pos" -> {
        if (valueBytes != Long.BYTES) {
          return false;
        }
        chunkPos = bytes.get(BagLayout.U64, value);
        seen |= CHUNK_POS;
      }
      case "start_time" -> {
        if (valueBytes != Long.BYTES) {
          return false;
        }
        startTime = bytes.get(BagLayout.U64, value);
      }
      case "end_time" -> {
        if (valueBytes != Long.BYTES) {
          return false;
        }
        endTime = bytes.get(BagLayout.U64, value);
        seen |= SPAN;
      }
      case "index_pos" -> {
        if (valueBytes != Long.BYTES) {
          return false;
        }
        indexPos = bytes.get(BagLayout.U64, value);
        seen |= INDEX_POS;
      }
      case "conn_count" -> connCount = valueBytes == Integer.BYTES ? u32(bytes, value) : -1;
      case "chunk_count" -> chunkCount = valueBytes == Integer.BYTES ? u32(bytes, value) : -1;
      default -> {
        // Fields that later versions may add.
      }
    }
    return true;
  }

  private static String text(MemorySegment bytes, long at, int length) {
    byte[] copy = new byte[length];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, copy, 0, length);
    return new String(copy, StandardCharsets.UTF_8);
  }

  /// The fields in the data of a connection record, or null where they do not fit.
  static @Nullable Map<String, byte[]> fields(MemorySegment bytes, long at, long length) {
    Map<String, byte[]> fields = new HashMap<>();
    long next = at;
    long end = at + length;
    while (next < end) {
      if (end - next < Integer.BYTES) {
        return null;
      }
      long fieldBytes = u32(bytes, next);
      next += Integer.BYTES;
      if (fieldBytes > end - next || fieldBytes > Connections.MAX_DEFINITION_BYTES) {
        return null;
      }
      byte[] field = new byte[(int) fieldBytes];
      MemorySegment.copy(bytes, next, MemorySegment.ofArray(field), 0, field.length);
      int equals = 0;
      while (equals < field.length && field[equals] != '=') {
        equals++;
      }
      if (equals == field.length) {
        return null;
      }
      fields.put(
          new String(field, 0, equals, StandardCharsets.UTF_8),
          Arrays.copyOfRange(field, equals + 1, field.length));
      next += fieldBytes;
    }
    return fields;
  }

  /// The next place at or behind `from` where a record begins, or `limit`.
  ///
  /// @param inChunk whether records of chunks are looked for, else those between chunks
  long resync(MemorySegment bytes, long from, long limit, boolean inChunk) {
    // The field of the record's kind: length 4, "op=", kind.
    for (long p = from + Integer.BYTES; p <= limit - 8; p++) {
      if (bytes.get(BagLayout.U8, p + 4) != 'o'
          || bytes.get(BagLayout.U8, p + 5) != 'p'
          || bytes.get(BagLayout.U8, p + 6) != '='
          || bytes.get(BagLayout.U32, p) != 4) {
        continue;
      }
      int kind = bytes.get(BagLayout.U8, p + 7);
      boolean wanted =
          inChunk
              ? kind == BagLayout.MESSAGE || kind == BagLayout.CONNECTION
              : kind >= BagLayout.BAG_HEADER && kind <= BagLayout.CONNECTION;
      if (!wanted) {
        continue;
      }
      // Fields in front of it take some tens of bytes, a topic included some hundreds.
      for (long start = p - Integer.BYTES; start >= Math.max(from, p - 1024); start--) {
        long header = u32(bytes, start);
        if (header >= p + 8 - start - Integer.BYTES
            && header <= 4096
            && read(bytes, start, limit) != State.BROKEN) {
          return start;
        }
      }
    }
    return limit;
  }
}
