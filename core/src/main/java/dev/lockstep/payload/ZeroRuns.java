package dev.lockstep.payload;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Finds runs of zeros: what file systems and disks leave behind where data was never written or
/// was lost.
public final class ZeroRuns {
  /// Storage loses whole sectors; shorter runs of zeros are data. Every disk's sector is a multiple
  /// of this.
  public static final int SECTOR_BYTES = 512;

  /// Memory and file systems lose whole pages.
  public static final int PAGE_BYTES = 4096;

  /// Zeros that data may have by itself beside lost pages. Judged: 256^-8 by chance.
  private static final int EDGE_BYTES = 8;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private ZeroRuns() {}

  /// End of the run of zeros that begins at or before `at`; `at` itself if the byte there is not
  /// zero.
  public static long end(MemorySegment segment, long at) {
    return end(segment, at, segment.byteSize());
  }

  /// End of the run of zeros that begins at or before `at`, not behind `limit`.
  private static long end(MemorySegment segment, long at, long limit) {
    long p = at;
    while (p + Long.BYTES <= limit && segment.get(LONG, p) == 0) {
      p += Long.BYTES;
    }
    while (p < limit && segment.get(ValueLayout.JAVA_BYTE, p) == 0) {
      p++;
    }
    return p;
  }

  /// Whether all bytes from `from` to `to` are zero.
  public static boolean isZero(MemorySegment segment, long from, long to) {
    return end(segment, from, to) == to;
  }

  /// Beginning of the run of zeros that ends at or behind `at`, not before `floor`; `at` itself if
  /// the byte in front of it is not zero.
  public static long begin(MemorySegment segment, long at, long floor) {
    long p = at;
    while (p - Long.BYTES >= floor && segment.get(LONG, p - Long.BYTES) == 0) {
      p -= Long.BYTES;
    }
    while (p > floor && segment.get(ValueLayout.JAVA_BYTE, p - 1) == 0) {
      p--;
    }
    return p;
  }

  /// The first run of whole zero pages from `from` on that begins and ends exactly at a page of the
  /// file, with other bytes on both sides; -1 if there is none before `to`. What stands at `to` and
  /// behind it does not count: it need not be there yet. Data that happens to be zero begins and
  /// ends anywhere: that a run of it looks like lost pages has a chance below one in ten million.
  ///
  /// @param segment the file from its beginning
  public static long findLostPages(MemorySegment segment, long from, long to) {
    long page = (from + PAGE_BYTES - 1) & -PAGE_BYTES;
    while (page + PAGE_BYTES <= to) {
      if (segment.get(LONG, page) != 0) {
        page += PAGE_BYTES;
        continue;
      }
      long end = end(segment, page, to);
      if (end == to) {
        return -1;
      }
      boolean whole = end - page >= PAGE_BYTES && end % PAGE_BYTES == 0;
      if (whole && page > 0 && segment.get(ValueLayout.JAVA_BYTE, page - 1) != 0) {
        return page;
      }
      page = Math.max(page + PAGE_BYTES, (end + PAGE_BYTES - 1) & -PAGE_BYTES);
    }
    return -1;
  }

  /// Pages that hold nothing but zeros, one after the other.
  ///
  /// @param offset where the first begins
  /// @param bytes their bytes; the last page is shorter where what it lies in ends
  public record Pages(long offset, long bytes) {
    /// Offset of the first byte behind them.
    public long end() {
      return offset + bytes;
    }
  }

  /// The first pages from `from` on that were never written or were lost, or null: runs of zeros
  /// that begin and end where pages do, give or take what the data around them has of zeros itself.
  ///
  /// @param floor beginning of the data that the pages lie in
  /// @param to its end
  /// @param origin where any page begins: 0 where offsets are those of a file
  public static @Nullable Pages lostPages(
      MemorySegment segment, long floor, long from, long to, long origin) {
    long page = from + Math.floorMod(origin - from, (long) PAGE_BYTES);
    while (page + SECTOR_BYTES <= to) {
      if (segment.get(LONG, page) != 0) {
        page += PAGE_BYTES;
        continue;
      }
      long end = end(segment, page, to);
      long next = page + PAGE_BYTES;
      if (end == to || end >= next) {
        next = end == to ? to : page + (end - page) / PAGE_BYTES * PAGE_BYTES;
        long begin = begin(segment, page, Math.max(floor, page - EDGE_BYTES - 1));
        if (page - begin <= EDGE_BYTES && end - next <= EDGE_BYTES) {
          return new Pages(page, next - page);
        }
      }
      page = next;
    }
    return null;
  }
}
