package dev.lockstep.source.rosbag2;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Damaged pages, told at the end: only then is it known which rows lie around them. The first ones
/// are kept, all are counted.
final class Damages {
  /// Pages that are told one by one. Judged: enough to see a pattern.
  private static final int KEPT = 64;

  /// Row that is not known.
  static final long UNKNOWN = Long.MIN_VALUE;

  private final List<Page> kept = new ArrayList<>();
  private final List<Page> open = new ArrayList<>();
  private long count;

  /// A damaged page.
  static final class Page {
    final int number;
    final String wrong;
    final String rule;

    /// Cells of the page, and how many of them could be read; -1 for pages without rows.
    final int cells;

    final int readable;

    /// Last row in front of the page and first one behind it.
    long before = UNKNOWN;

    long after = UNKNOWN;

    Page(int number, String wrong, String rule, int cells, int readable) {
      this.number = number;
      this.wrong = wrong;
      this.rule = rule;
      this.cells = cells;
      this.readable = readable;
    }
  }

  /// Adds a page of the tree or the freelist.
  void add(int page, String wrong, String rule) {
    add(new Page(page, wrong, rule, -1, -1), UNKNOWN);
  }

  /// Adds a page, of which rows may be lost.
  ///
  /// @param lastRow last row that was read before it
  void add(Page page, long lastRow) {
    count++;
    if (kept.size() < KEPT) {
      kept.add(page);
      if (page.cells >= 0) {
        if (page.before == UNKNOWN) {
          page.before = lastRow;
        }
        if (page.after == UNKNOWN) {
          open.add(page);
        }
      }
    }
  }

  /// Tells the next row that was read.
  void next(long firstRow) {
    for (Page page : open) {
      page.after = firstRow;
    }
    open.clear();
  }

  /// Number of damaged pages.
  long count() {
    return count;
  }

  /// Hands the damaged pages over.
  void report(Pages pages, RecordingSink sink) {
    for (int i = 0; i < kept.size(); ) {
      Page page = kept.get(i);
      int end = i + 1;
      while (end < kept.size() && isSameDamage(kept.get(end - 1), kept.get(end))) {
        end++;
      }
      String more = end - i == 1 ? "" : " (" + (end - i) + " times in a row)";
      sink.defect(
          Defect.of(
              DefectKind.RECORD_MALFORMED,
              place(page.number, pages),
              new Evidence.Violation(
                  "page " + Integer.toUnsignedLong(page.number),
                  page.wrong + rows(page) + more,
                  page.rule)));
      i = end;
    }
    if (count > kept.size()) {
      sink.defect(
          Defect.of(
              DefectKind.RECORD_MALFORMED,
              Location.file(pages.name),
              new Evidence.Violation(
                  "more damaged pages", (count - kept.size()) + " not listed", "none")));
    }
  }

  /// Whether a page is damaged as the one before it is, by one cause: zeros up to the end of the
  /// file, or entries of one page that lead behind it.
  private static boolean isSameDamage(Page before, Page page) {
    boolean entries = page.number == before.number && page.cells < 0 && before.cells < 0;
    boolean following =
        page.number == before.number + 1 && page.wrong.equals(before.wrong) && page.cells == 0;
    return entries || following;
  }

  /// Where a page lies; where the file ends if it is not there.
  private static Location place(int page, Pages pages) {
    if (pages.has(page)) {
      return Location.bytes(pages.file(page), pages.offset(page), pages.pageSize);
    }
    long length = pages.file.byteSize();
    long from = Math.clamp((page - 1L) * pages.pageSize, 0, length);
    return Location.bytes(pages.name, from, Math.min(pages.pageSize, length - from));
  }

  private static String rows(Page page) {
    if (page.cells < 0) {
      return "";
    }
    String readable = "; " + page.readable + " of " + page.cells + " rows read";
    @Nullable String lost = null;
    if (page.before != UNKNOWN && page.after != UNKNOWN) {
      long from = page.before + 1;
      long to = page.after - 1;
      lost =
          to < from
              ? null
              : from == to ? "row " + from + " lost" : "rows among " + from + " to " + to + " lost";
    } else if (page.before != UNKNOWN) {
      lost = "rows behind " + page.before + " lost";
    } else if (page.after != UNKNOWN) {
      lost = "rows before " + page.after + " lost";
    }
    return lost == null ? readable : readable + ", " + lost;
  }
}
