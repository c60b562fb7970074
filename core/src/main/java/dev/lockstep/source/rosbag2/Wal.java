package dev.lockstep.source.rosbag2;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.collections.api.map.primitive.MutableIntIntMap;
import org.eclipse.collections.impl.factory.primitive.IntIntMaps;
import org.jspecify.annotations.Nullable;

/// The write-ahead log beside a database: the newest committed version of each page in it. Holds 12
/// bytes or so a page of the log.
final class Wal {
  final int pageSize;

  MemorySegment bytes;

  /// Pages of the database after the last commit.
  long pageCount = -1;

  /// Frames up to the last commit.
  long committedFrames;

  /// Number of the frame whose checksum is wrong, though it belongs to this generation of the log,
  /// or -1.
  long brokenFrame = -1;

  /// Commits behind the broken frame, which cannot be used.
  long lostCommits;

  private final byte[] header;

  /// The checksum up to the last commit.
  private final WalChecksum committedSum;

  private final MutableIntIntMap frameOfPage = IntIntMaps.mutable.empty();

  private Wal(MemorySegment bytes, int pageSize, byte[] header, WalChecksum sum) {
    this.bytes = bytes;
    this.pageSize = pageSize;
    this.header = header;
    this.committedSum = sum;
  }

  /// Reads a log; null where its header is none or of another page size, so that SQLite would
  /// ignore it.
  static @Nullable Wal read(MemorySegment bytes, int databasePageSize) {
    return read(bytes, databasePageSize, null);
  }

  /// Reads a log, of which `before` may be an earlier reading: what it has read is not read again
  /// where the log has only become longer since. `before` is not to be used afterwards.
  static @Nullable Wal read(MemorySegment bytes, int databasePageSize, @Nullable Wal before) {
    if (bytes.byteSize() < SqliteLayout.WAL_HEADER_BYTES) {
      return null;
    }
    byte[] header = bytes.asSlice(0, SqliteLayout.WAL_HEADER_BYTES).toArray(SqliteLayout.U8);
    if (before != null
        && Arrays.equals(header, before.header)
        && before.frameOffset(before.committedFrames) <= bytes.byteSize()) {
      before.bytes = bytes;
      long _ = before.readOn();
      return before;
    }
    MemorySegment copy = MemorySegment.ofArray(header);
    int magic = copy.get(SqliteLayout.U32, 0);
    long pageSize = Integer.toUnsignedLong(copy.get(SqliteLayout.U32, 8));
    if ((magic & ~1) != SqliteLayout.WAL_MAGIC
        || copy.get(SqliteLayout.U32, 4) != SqliteLayout.WAL_VERSION
        || pageSize != databasePageSize) {
      return null;
    }
    WalChecksum sum =
        new WalChecksum((magic & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    sum.add(copy, 0, 24);
    if (!sum.equals(copy, 24)) {
      return null;
    }
    Wal wal = new Wal(bytes, (int) pageSize, header, sum);
    long _ = wal.readOn();
    return wal;
  }

  /// Reads what stands behind the last commit. Frames without a commit are not kept: a writer that
  /// takes its transaction back writes others over them.
  ///
  /// @return frames up to the last commit
  long readOn() {
    WalChecksum sum = new WalChecksum(committedSum);
    long salts = MemorySegment.ofArray(header).get(SqliteLayout.U64, 16);
    long frameBytes = (long) SqliteLayout.FRAME_HEADER_BYTES + pageSize;
    long frames =
        Math.min(
            Integer.MAX_VALUE, (bytes.byteSize() - SqliteLayout.WAL_HEADER_BYTES) / frameBytes);
    Map<Integer, Integer> open = new HashMap<>();
    brokenFrame = -1;
    lostCommits = 0;
    for (int frame = (int) committedFrames; frame < frames; frame++) {
      long at = frameOffset(frame);
      if (bytes.get(SqliteLayout.U64, at + 8) != salts) {
        break;
      }
      int page = bytes.get(SqliteLayout.U32, at);
      long commit = Integer.toUnsignedLong(bytes.get(SqliteLayout.U32, at + 4));
      if (brokenFrame >= 0) {
        lostCommits += commit > 0 ? 1 : 0;
        continue;
      }
      sum.add(bytes, at, 8);
      sum.add(bytes, at + SqliteLayout.FRAME_HEADER_BYTES, pageSize);
      if (!sum.equals(bytes, at + 16) || page <= 0) {
        brokenFrame = frame;
        lostCommits += commit > 0 ? 1 : 0;
        continue;
      }
      open.put(page, frame);
      if (commit > 0) {
        open.forEach(frameOfPage::put);
        open.clear();
        pageCount = commit;
        committedFrames = frame + 1L;
        committedSum.set(sum);
      }
    }
    return committedFrames;
  }

  /// Whether the log is still the one that was read: where its writer has begun it anew, frames
  /// that were read may have been overwritten.
  boolean isStill() {
    // What was read before must not be read after this.
    VarHandle.fullFence();
    for (int i = 0; i < header.length; i++) {
      if (bytes.get(SqliteLayout.U8, i) != header[i]) {
        return false;
      }
    }
    return true;
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
    private final ValueLayout.OfInt word;
    private int s0;
    private int s1;

    WalChecksum(ByteOrder order) {
      word = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    }

    WalChecksum(WalChecksum other) {
      word = other.word;
      set(other);
    }

    void set(WalChecksum other) {
      s0 = other.s0;
      s1 = other.s1;
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
