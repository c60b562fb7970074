package dev.lockstep.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Finds runs of zeros: what file systems and disks leave behind where data was never written or
/// was lost.
public final class ZeroRuns {
  /// Storage loses whole sectors; shorter runs of zeros are data. Every disk's sector is a multiple
  /// of this.
  public static final int SECTOR_BYTES = 512;

  /// Memory and file systems lose whole pages.
  public static final int PAGE_BYTES = 4096;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private ZeroRuns() {}

  /// End of the run of zeros that begins at or before `at`; `at` itself if the byte there is not
  /// zero.
  public static long end(MemorySegment segment, long at) {
    long size = segment.byteSize();
    long p = at;
    while (p + Long.BYTES <= size && segment.get(LONG, p) == 0) {
      p += Long.BYTES;
    }
    while (p < size && segment.get(ValueLayout.JAVA_BYTE, p) == 0) {
      p++;
    }
    return p;
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
  /// file, with other bytes on both sides; -1 if there is none before `to`. Data that happens to be
  /// zero begins and ends anywhere: that a run of it looks like lost pages has a chance below one
  /// in ten million.
  ///
  /// @param segment the file from its beginning
  public static long findLostPages(MemorySegment segment, long from, long to) {
    long page = (from + PAGE_BYTES - 1) & -PAGE_BYTES;
    while (page + PAGE_BYTES <= to) {
      if (segment.get(LONG, page) != 0) {
        page += PAGE_BYTES;
        continue;
      }
      long end = end(segment, page);
      boolean whole = end - page >= PAGE_BYTES && end % PAGE_BYTES == 0;
      if (whole && page > 0 && segment.get(ValueLayout.JAVA_BYTE, page - 1) != 0) {
        return page;
      }
      page = Math.max(page + PAGE_BYTES, (end + PAGE_BYTES - 1) & -PAGE_BYTES);
    }
    return -1;
  }
}
