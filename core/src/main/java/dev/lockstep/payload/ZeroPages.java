package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Finds whole pages of zeros inside coded data, as a loss of power leaves them.
///
/// A run of zeros alone proves nothing: a dark picture codes into zeros. What a torn write leaves
/// begins and ends at a page; so does the run that is reported, give or take the zeros that the
/// data itself has at the edges.
final class ZeroPages {
  /// Size of a page of memory and of a block of nearly every file system.
  static final int PAGE_BYTES = 4096;

  /// Zeros that data may have by itself beside the page, bytes (judged: 256^-9 by chance).
  private static final int EDGE_BYTES = 8;

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private ZeroPages() {}

  /// Reports the first run of zero pages that has data on both sides; whether there is one. Pages
  /// are those of memory, which are those of the file where it is mapped.
  static boolean report(MemorySegment bytes, long at, int lengthBytes, PayloadFacts facts) {
    long end = at + lengthBytes;
    long toPage = -(bytes.address() + at) & (PAGE_BYTES - 1);
    long page = at + toPage;
    while (page + PAGE_BYTES <= end) {
      if (bytes.get(LONG, page) != 0 || !isZero(bytes, page)) {
        page += PAGE_BYTES;
        continue;
      }
      long behind = runEnd(bytes, at, end, page, facts);
      if (behind < 0) {
        return true;
      }
      page = behind;
    }
    return false;
  }

  /// Judges the run of zeros around a zero page; the next page to look at, or -1 if the run was
  /// reported.
  private static long runEnd(
      MemorySegment bytes, long at, long end, long page, PayloadFacts facts) {
    long from = page;
    while (from > at && bytes.get(BYTE, from - 1) == 0) {
      from--;
    }
    long to = page + PAGE_BYTES;
    while (to < end && bytes.get(BYTE, to) == 0) {
      to++;
    }
    long pages = (to - page) / PAGE_BYTES;
    boolean torn =
        from > at
            && to < end
            && page - from <= EDGE_BYTES
            && ((to - page) & (PAGE_BYTES - 1)) <= EDGE_BYTES;
    if (!torn) {
      return page + (pages + 1) * PAGE_BYTES;
    }
    facts.fault(
        DefectKind.ZERO_PAGES,
        new Evidence.Violation(
            "coded data at byte " + (page - at),
            pages * PAGE_BYTES + " zero bytes on page bounds",
            "data"));
    return -1;
  }

  private static boolean isZero(MemorySegment bytes, long page) {
    for (long at = page; at < page + PAGE_BYTES; at += Long.BYTES) {
      if (bytes.get(LONG, at) != 0) {
        return false;
      }
    }
    return true;
  }
}
