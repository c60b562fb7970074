package dev.lockstep.source.rosbag2;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The pages of a database as its last commit left them: from the log where it has them, else from
/// the file itself. Immutable.
final class Pages {
  final String name;
  final MemorySegment file;
  final int pageSize;

  /// Bytes of a page without those that are reserved at its end.
  final int usable;

  /// Number of pages that the database says it has, or that fit.
  final long count;

  private final @Nullable Wal wal;

  /// A page that is held apart, 0 for none, and what it holds.
  private final int apart;

  private final MemorySegment held;

  /// @param name name of the file
  Pages(
      String name, MemorySegment file, int pageSize, int reserved, long count, @Nullable Wal wal) {
    this(name, file, pageSize, pageSize - reserved, count, wal, 0, MemorySegment.NULL);
  }

  private Pages(
      String name,
      MemorySegment file,
      int pageSize,
      int usable,
      long count,
      @Nullable Wal wal,
      int apart,
      MemorySegment held) {
    this.name = name;
    this.file = file;
    this.pageSize = pageSize;
    this.usable = usable;
    this.count = count;
    this.wal = wal;
    this.apart = apart;
    this.held = held;
  }

  /// The same pages, of which `page` is held apart as it is now, whatever its writer does to it.
  Pages holding(int page) {
    byte[] copy = segment(page).asSlice(offset(page), pageSize).toArray(SqliteLayout.U8);
    return new Pages(name, file, pageSize, usable, count, wal, page, MemorySegment.ofArray(copy));
  }

  /// The last page that is worth a look; numbers of pages fit an `int`.
  int last() {
    return (int) Math.min(count, Integer.MAX_VALUE - 1);
  }

  /// Whether the bytes of a page are all there.
  boolean has(int page) {
    return page >= 1 && page <= count && (inWal(page) || (long) page * pageSize <= file.byteSize());
  }

  /// Whether the page comes from the log.
  boolean inWal(int page) {
    Wal log = wal;
    return log != null && log.offsetOf(page) >= 0;
  }

  /// What holds a page that is there.
  MemorySegment segment(int page) {
    if (page == apart) {
      return held;
    }
    Wal log = wal;
    return log != null && inWal(page) ? log.bytes : file;
  }

  /// Where the page begins in [#segment].
  long offset(int page) {
    if (page == apart) {
      return 0;
    }
    Wal log = wal;
    long logged = log == null ? -1 : log.offsetOf(page);
    return logged >= 0 ? logged : (page - 1L) * pageSize;
  }

  /// Name of the file that holds the page.
  String file(int page) {
    return inWal(page) ? name + "-wal" : name;
  }

  /// Where the b-tree header of a page begins in it.
  static int head(int page) {
    return page == 1 ? SqliteLayout.FILE_HEADER_BYTES : 0;
  }

  /// Kind of a b-tree page that is there.
  int kind(int page) {
    return segment(page).get(SqliteLayout.U8, offset(page) + head(page)) & 0xFF;
  }

  /// Number of cells of a b-tree page that is there.
  int cells(int page) {
    return segment(page).get(SqliteLayout.U16, offset(page) + head(page) + 3) & 0xFFFF;
  }
}
