package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.payload.ZeroRuns.Pages;
import java.lang.foreign.MemorySegment;

/// Finds whole pages of zeros inside coded data, as a loss of power leaves them.
///
/// A run of zeros alone proves nothing: a dark picture codes into zeros. What a torn write leaves
/// begins and ends at a page; so does the run that is reported, give or take the zeros that the
/// data itself has at the edges.
final class ZeroPages {
  private ZeroPages() {}

  /// Reports the first run of zero pages that has data on both sides; whether there is one. Pages
  /// are those of memory, which are those of the file where it is mapped.
  static boolean report(MemorySegment bytes, long at, int lengthBytes, PayloadFacts facts) {
    long end = at + lengthBytes;
    long origin = -bytes.address();
    Pages pages = ZeroRuns.lostPages(bytes, at, at, end, origin);
    while (pages != null) {
      if (ZeroRuns.begin(bytes, pages.offset(), at) > at && pages.end() < end) {
        facts.fault(
            DefectKind.ZERO_PAGES,
            new Evidence.Violation(
                "coded data at byte " + (pages.offset() - at),
                pages.bytes() + " zero bytes on page bounds",
                "data"));
        return true;
      }
      pages = ZeroRuns.lostPages(bytes, at, pages.end(), end, origin);
    }
    return false;
  }
}
