package dev.lockstep.source.rosbag2;

import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads the rows of table leaf pages one after the other, without believing anything. Belongs to
/// one thread.
final class LeafReader {
  /// Columns that are looked at; rosbag2 has 6 at most.
  static final int MAX_COLUMNS = 12;

  /// Longest record header that such a table can have: a varint takes 9 bytes at most.
  private static final int MAX_HEADER_BYTES = 9 * (MAX_COLUMNS + 1);

  private final Pages pages;
  private MemorySegment segment = MemorySegment.NULL;
  private int page;
  private long base;
  private int cells;
  private int cellsEnd;

  // The row under way.
  long rowid;
  int columns;
  final long[] serialTypes = new long[MAX_COLUMNS];

  /// Where each value begins in the payload.
  final long[] valueOffsets = new long[MAX_COLUMNS];

  long payloadBytes;

  /// Where the payload begins in the segment, and how much of it is in the cell.
  long payloadAt;

  int localBytes;

  /// First overflow page, 0 for none.
  int overflow;

  private long varint;
  private long next;
  private long end;

  LeafReader(Pages pages) {
    this.pages = pages;
  }

  /// Opens a page.
  ///
  /// @return what is wrong with its header, or null
  @Nullable String open(int page) {
    if (!pages.has(page)) {
      cells = 0;
      return page >= 1 && page <= pages.count ? "lies behind the end of the file" : "no such page";
    }
    this.page = page;
    segment = pages.segment(page);
    base = pages.offset(page);
    int head = Pages.head(page);
    cells = segment.get(SqliteLayout.U16, base + head + SqliteLayout.CELL_COUNT_AT) & 0xFFFF;
    cellsEnd = head + SqliteLayout.LEAF_HEAD_BYTES + 2 * cells;
    if (cellsEnd > pages.usable) {
      int said = cells;
      cells = 0;
      return said + " cells";
    }
    int kind = segment.get(SqliteLayout.U8, base + head) & 0xFF;
    if (kind != SqliteLayout.TABLE_LEAF) {
      if (kind == SqliteLayout.TABLE_INTERIOR
          || kind == SqliteLayout.INDEX_INTERIOR
          || kind == SqliteLayout.INDEX_LEAF) {
        cells = 0;
      }
      return "kind " + kind;
    }
    return null;
  }

  /// Number of cells of the open page.
  int cells() {
    return cells;
  }

  /// The segment that holds the open page.
  MemorySegment segment() {
    return segment;
  }

  /// Where a byte of the row's payload lies in the database file, once the log has been written
  /// back; for one in an overflow page, where the payload's first byte in the cell does.
  long position(long payloadOffset) {
    long inPage = payloadAt - base + (payloadOffset < localBytes ? payloadOffset : 0);
    return (page - 1L) * pages.pageSize + inPage;
  }

  /// Reads the head of a cell.
  ///
  /// @return what is wrong, or null
  @Nullable String read(int cell) {
    int head = Pages.head(page) + SqliteLayout.LEAF_HEAD_BYTES;
    int at = segment.get(SqliteLayout.U16, base + head + 2L * cell) & 0xFFFF;
    if (at < cellsEnd || at >= pages.usable) {
      return "cell at byte " + at + " of the page";
    }
    next = base + at;
    end = base + pages.usable;
    if (!varint() || varint < 0) {
      return "payload length of the cell at byte " + at;
    }
    payloadBytes = varint;
    if (!varint()) {
      return "rowid of the cell at byte " + at;
    }
    rowid = varint;
    payloadAt = next;
    localBytes = SqliteLayout.localBytes(payloadBytes, pages.usable);
    boolean overflows = localBytes < payloadBytes;
    if (localBytes > end - payloadAt - (overflows ? Integer.BYTES : 0)) {
      return "payload of "
          + payloadBytes
          + " bytes of the cell at byte "
          + at
          + " goes beyond the page";
    }
    overflow = overflows ? segment.get(SqliteLayout.U32, payloadAt + localBytes) : 0;
    if (overflows && (overflow <= 1 || overflow > pages.count)) {
      return "overflow page " + Integer.toUnsignedLong(overflow) + " of the cell at byte " + at;
    }
    return header(at);
  }

  private @Nullable String header(int at) {
    end = payloadAt + localBytes;
    if (!varint() || varint < 1 || varint > Math.min(payloadBytes, MAX_HEADER_BYTES)) {
      return "record header of the cell at byte " + at;
    }
    long headerEnd = payloadAt + varint;
    long value = varint;
    if (headerEnd > end) {
      return "record header of the cell at byte " + at;
    }
    end = headerEnd;
    columns = 0;
    while (next < headerEnd) {
      if (columns == MAX_COLUMNS || !varint() || varint < 0) {
        return "column types of the cell at byte " + at;
      }
      long bytes = bytesOf(varint);
      if (bytes < 0) {
        return "column types of the cell at byte " + at;
      }
      serialTypes[columns] = varint;
      valueOffsets[columns++] = value;
      value += bytes;
    }
    return value == payloadBytes
        ? null
        : "record of " + payloadBytes + " bytes whose columns take " + value;
  }

  /// Bytes of a value, -1 for the types that do not occur in files.
  static long bytesOf(long serialType) {
    return switch ((int) Math.min(serialType, 12)) {
      case 0, 8, 9 -> 0;
      case 1 -> 1;
      case 2 -> 2;
      case 3 -> 3;
      case 4 -> 4;
      case 5 -> 6;
      case 6, 7 -> 8;
      case 10, 11 -> -1;
      default -> (serialType - 12) / 2;
    };
  }

  /// Whether a column of the row holds an integer.
  boolean isInteger(int column) {
    long type = column < columns ? serialTypes[column] : 0;
    return type >= 1 && type <= 6 || type == 8 || type == 9;
  }

  /// Whether a column of the row holds a text.
  boolean isText(int column) {
    return column < columns && serialTypes[column] >= 13 && (serialTypes[column] & 1) == 1;
  }

  /// Whether a column of the row holds a blob.
  boolean isBlob(int column) {
    return column < columns && serialTypes[column] >= 12 && (serialTypes[column] & 1) == 0;
  }

  /// An integer column whose bytes are in the cell; others count as 0.
  long integer(int column) {
    long type = serialTypes[column];
    if (type == 8 || type == 9) {
      return type - 8;
    }
    int bytes = (int) bytesOf(type);
    if (valueOffsets[column] + bytes > localBytes) {
      return 0;
    }
    long at = payloadAt + valueOffsets[column];
    long value = bytes == 0 ? 0 : segment.get(SqliteLayout.U8, at);
    for (int i = 1; i < bytes; i++) {
      value = value << 8 | segment.get(SqliteLayout.U8, at + i) & 0xFF;
    }
    return value;
  }

  /// Copies the payload from byte `from` on, `length` bytes, to the front of `to`.
  ///
  /// @return what is wrong with the overflow pages, or null
  @Nullable String copy(long from, long length, MemorySegment to) {
    long done = 0;
    if (from < localBytes) {
      done = Math.min(length, localBytes - from);
      MemorySegment.copy(segment, payloadAt + from, to, 0, done);
    }
    long position = localBytes;
    int at = overflow;
    int room = pages.usable - Integer.BYTES;
    while (position < payloadBytes) {
      if (at <= 1 || !pages.has(at)) {
        return "overflow page " + Integer.toUnsignedLong(at);
      }
      MemorySegment holder = pages.segment(at);
      long offset = pages.offset(at);
      long here = Math.min(room, payloadBytes - position);
      long first = Math.max(from + done, position);
      long count = Math.min(from + length, position + here) - first;
      if (count > 0) {
        long source = offset + Integer.BYTES + (first - position);
        MemorySegment.copy(holder, source, to, done, count);
        done += count;
      }
      position += here;
      int link = holder.get(SqliteLayout.U32, offset);
      if (position == payloadBytes && link != 0) {
        return "overflow page " + at + " names a next one, " + Integer.toUnsignedLong(link);
      }
      at = link;
    }
    return done == length ? null : "payload ends early";
  }

  /// A text column, or null if it cannot be read or is longer than `maxBytes`.
  @Nullable String text(int column, int maxBytes, Charset charset) {
    byte[] bytes = bytes(column, maxBytes);
    return bytes == null ? null : new String(bytes, charset);
  }

  /// A text or blob column, or null if it cannot be read or is longer than `maxBytes`.
  byte @Nullable [] bytes(int column, int maxBytes) {
    if (column >= columns) {
      return null;
    }
    long length = bytesOf(serialTypes[column]);
    if (length > maxBytes) {
      return null;
    }
    byte[] value = new byte[(int) length];
    return copy(valueOffsets[column], length, MemorySegment.ofArray(value)) == null ? value : null;
  }

  /// The character set of a text encoding number.
  static Charset charset(int encoding) {
    return switch (encoding) {
      case 2 -> StandardCharsets.UTF_16LE;
      case 3 -> StandardCharsets.UTF_16BE;
      default -> StandardCharsets.UTF_8;
    };
  }

  /// Reads a number of one to nine bytes.
  private boolean varint() {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      if (next >= end) {
        return false;
      }
      int b = segment.get(SqliteLayout.U8, next++);
      value = value << 7 | b & 0x7F;
      if (b >= 0) {
        varint = value;
        return true;
      }
    }
    if (next >= end) {
      return false;
    }
    varint = value << 8 | segment.get(SqliteLayout.U8, next++) & 0xFF;
    return true;
  }
}
