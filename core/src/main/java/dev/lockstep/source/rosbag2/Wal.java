package dev.lockstep.source.rosbag2;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.collections.api.map.primitive.MutableIntIntMap;
import org.eclipse.collections.impl.factory.primitive.IntIntMaps;
import org.jspecify.annotations.Nullable;

/// The write-ahead log beside a database: the newest committed version of each page in it. Holds 12
/// bytes or so a page of the log.
final class Wal {
  final MemorySegment bytes;
  final int pageSize;

  /// Pages of the database after the last commit.
  final long pageCount;

  /// Frames up to the last commit.
  final long committedFrames;

  /// Number of the frame whose checksum is wrong, though it belongs to this generation of the log,
  /// or -1.
  final long brokenFrame;

  /// Commits behind the broken frame, which cannot be used.
  final long lostCommits;

  private final MutableIntIntMap frameOfPage;

  private Wal(
      MemorySegment bytes,
      int pageSize,
      long pageCount,
      long committedFrames,
      long brokenFrame,
      long lostCommits,
      MutableIntIntMap frameOfPage) {
    this.bytes = bytes;
    this.pageSize = pageSize;
    this.pageCount = pageCount;
    this.committedFrames = committedFrames;
    this.brokenFrame = brokenFrame;
    this.lostCommits = lostCommits;
    this.frameOfPage = frameOfPage;
  }

  /// Reads a log; null where its header is none or of another page size, so that SQLite would
  /// ignore it.
  static @Nullable Wal read(MemorySegment bytes, int databasePageSize) {
    if (bytes.byteSize() < SqliteLayout.WAL_HEADER_BYTES) {
      return null;
    }
    int magic = bytes.get(SqliteLayout.U32, 0);
    long pageSize = Integer.toUnsignedLong(bytes.get(SqliteLayout.U32, 8));
    if ((magic & ~1) != SqliteLayout.WAL_MAGIC
        || bytes.get(SqliteLayout.U32, 4) != SqliteLayout.WAL_VERSION
        || pageSize != databasePageSize) {
      return null;
    }
    WalChecksum sum =
        new WalChecksum((magic & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    sum.add(bytes, 0, 24);
    if (!sum.equals(bytes, 24)) {
      return null;
    }
    long salts = bytes.get(SqliteLayout.U64, 16);
    long frameBytes = SqliteLayout.FRAME_HEADER_BYTES + pageSize;
    long frames =
        Math.min(
            Integer.MAX_VALUE, (bytes.byteSize() - SqliteLayout.WAL_HEADER_BYTES) / frameBytes);
    MutableIntIntMap committed = IntIntMaps.mutable.empty();
    Map<Integer, Integer> open = new HashMap<>();
    long pages = -1;
    long usable = 0;
    long broken = -1;
    long lost = 0;
    for (int frame = 0; frame < frames; frame++) {
      long at = SqliteLayout.WAL_HEADER_BYTES + frame * frameBytes;
      if (bytes.get(SqliteLayout.U64, at + 8) != salts) {
        break;
      }
      int page = bytes.get(SqliteLayout.U32, at);
      long commit = Integer.toUnsignedLong(bytes.get(SqliteLayout.U32, at + 4));
      if (broken >= 0) {
        lost += commit > 0 ? 1 : 0;
        continue;
      }
      sum.add(bytes, at, 8);
      sum.add(bytes, at + SqliteLayout.FRAME_HEADER_BYTES, pageSize);
      if (!sum.equals(bytes, at + 16) || page <= 0) {
        broken = frame;
        lost += commit > 0 ? 1 : 0;
        continue;
      }
      open.put(page, frame);
      if (commit > 0) {
        open.forEach(committed::put);
        open.clear();
        pages = commit;
        usable = frame + 1L;
      }
    }
    return new Wal(bytes, (int) pageSize, pages, usable, broken, lost, committed);
  }

  /// Where the newest committed version of a page lies in the log, or -1.
  long offsetOf(int page) {
    int frame = frameOfPage.getIfAbsent(page, -1);
    return frame < 0 ? -1 : frameOffset(frame) + SqliteLayout.FRAME_HEADER_BYTES;
  }

  /// Where a frame begins.
  long frameOffset(long frame) {
    return SqliteLayout.WAL_HEADER_BYTES + frame * (SqliteLayout.FRAME_HEADER_BYTES + pageSize);
  }

  /// Bytes under checksums that were right and count.
  long protectedBytes() {
    return frameOffset(committedFrames);
  }

  /// The running checksum of a log (section 4.4 of the file format).
  private static final class WalChecksum {
    private final java.lang.foreign.ValueLayout.OfInt word;
    private int s0;
    private int s1;

    WalChecksum(ByteOrder order) {
      word = java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    }

    void add(MemorySegment bytes, long from, long length) {
      for (long at = from; at < from + length; at += 8) {
        s0 += bytes.get(word, at) + s1;
        s1 += bytes.get(word, at + 4) + s0;
      }
    }

    boolean equals(MemorySegment bytes, long at) {
      return bytes.get(SqliteLayout.U32, at) == s0 && bytes.get(SqliteLayout.U32, at + 4) == s1;
    }
  }
}
