package dev.lockstep.source.rosbag2;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.BitSet;

/// Goes through the leaf pages of one table in order of its rows. Of leaf pages only the numbers
/// are used, except of three: all leaves of a b-tree have the same depth.
final class TableWalk {
  /// No tree of 2^31 pages is deeper: an interior page has at least two children.
  private static final int MAX_DEPTH = 31;

  private final Pages pages;
  private final BitSet used;
  private final Damages damages;
  private final long afterRow;
  private final int depth;
  private final ArrayDeque<Level> stack = new ArrayDeque<>();
  private int single;
  private boolean damaged;

  private static final class Level {
    final int page;
    final int cells;
    int next;

    Level(int page, int cells, int next) {
      this.page = page;
      this.cells = cells;
      this.next = next;
    }
  }

  /// A walk over the table whose root is `root`.
  ///
  /// @param used pages that belong to something; those of the table are added, and one that is
  ///   among them already is damage
  TableWalk(Pages pages, int root, BitSet used, Damages damages) {
    this(pages, root, used, damages, Long.MIN_VALUE);
  }

  /// As the other, without those leaves that hold no row behind `afterRow`.
  TableWalk(Pages pages, int root, BitSet used, Damages damages, long afterRow) {
    this.pages = pages;
    this.used = used;
    this.damages = damages;
    this.afterRow = afterRow;
    // A damaged page ends a descent early: the deepest of three counts.
    depth = Math.max(descend(root, 0), Math.max(descend(root, 1), descend(root, 2)));
    if (!claim(root)) {
      return;
    }
    if (depth == 0) {
      single = root;
      damaged |= !pages.has(root) || pages.kind(root) != SqliteLayout.TABLE_LEAF;
    } else {
      push(root);
    }
  }

  /// Interior pages from the root down.
  ///
  /// @param way 0 along the first children, 1 along middle ones, 2 along the last
  private int descend(int root, int way) {
    int levels = 0;
    int page = root;
    while (levels < MAX_DEPTH
        && pages.has(page)
        && pages.kind(page) == SqliteLayout.TABLE_INTERIOR) {
      int cells = pages.cells(page);
      page = child(page, cells * way / 2, cells);
      levels++;
    }
    return levels;
  }

  /// Whether pages of the tree are damaged, so that leaves may be missing.
  boolean damaged() {
    return damaged;
  }

  /// Whether the whole table is one page.
  boolean isSinglePage() {
    return depth == 0;
  }

  /// The next leaf page, or 0 after the last.
  int next() {
    if (single != 0) {
      int leaf = single;
      single = 0;
      return leaf;
    }
    while (!stack.isEmpty()) {
      Level top = stack.getLast();
      if (top.next > top.cells) {
        stack.removeLast();
        continue;
      }
      int child = child(top.page, top.next++, top.cells);
      if (!claim(child)) {
        continue;
      }
      if (stack.size() == depth) {
        return child;
      }
      push(child);
    }
    return 0;
  }

  private boolean claim(int page) {
    if (page < 1 || page > pages.count) {
      wrong(stack.isEmpty() ? page : stack.getLast().page, "child page " + page(page));
      return false;
    }
    if (used.get(page)) {
      wrong(page, "belongs to two places");
      return false;
    }
    used.set(page);
    return true;
  }

  private static String page(int number) {
    return Long.toString(Integer.toUnsignedLong(number));
  }

  private void push(int page) {
    if (!pages.has(page)) {
      wrong(page, "lies behind the end of the file");
      return;
    }
    int cells = pages.cells(page);
    int kind = pages.kind(page);
    int room = pages.usable - Pages.head(page) - SqliteLayout.INTERIOR_HEAD_BYTES;
    if (kind != SqliteLayout.TABLE_INTERIOR || 2 * cells > room) {
      wrong(page, "kind " + kind + ", " + cells + " cells");
      return;
    }
    stack.addLast(new Level(page, cells, firstWanted(page, cells)));
  }

  /// The first child that may hold a row behind [#afterRow]: the one in front of the first key that
  /// is greater. Sought from the end, where a recorder adds.
  private int firstWanted(int page, int cells) {
    if (afterRow == Long.MIN_VALUE) {
      return 0;
    }
    int first = cells;
    while (first > 0 && key(page, first - 1) > afterRow) {
      first--;
    }
    return first;
  }

  /// The key of a cell of an interior page: the last row of its child. A damaged one counts as
  /// great.
  private long key(int page, int index) {
    MemorySegment segment = pages.segment(page);
    long base = pages.offset(page);
    int entry = Pages.head(page) + SqliteLayout.INTERIOR_HEAD_BYTES + 2 * index;
    int at = (segment.get(SqliteLayout.U16, base + entry) & 0xFFFF) + Integer.BYTES;
    long key = 0;
    for (int i = 0; i < SqliteLayout.MAX_VARINT_BYTES && at < pages.usable; i++, at++) {
      int b = segment.get(SqliteLayout.U8, base + at);
      if (i == SqliteLayout.MAX_VARINT_BYTES - 1) {
        return key << 8 | b & 0xFF;
      }
      key = key << 7 | b & 0x7F;
      if (b >= 0) {
        return key;
      }
    }
    return Long.MAX_VALUE;
  }

  private void wrong(int page, String what) {
    damaged = true;
    damages.add(page, what, "an interior page of the table's tree");
  }

  /// A child of an interior page; 0 where its cell lies outside of the page.
  private int child(int page, int index, int cells) {
    MemorySegment segment = pages.segment(page);
    long base = pages.offset(page);
    int head = Pages.head(page);
    if (index == cells) {
      return segment.get(SqliteLayout.U32, base + head + SqliteLayout.RIGHT_CHILD_AT);
    }
    int entry = head + SqliteLayout.INTERIOR_HEAD_BYTES + 2 * index;
    if (entry + 2 > pages.usable) {
      return 0;
    }
    int at = segment.get(SqliteLayout.U16, base + entry) & 0xFFFF;
    return at + Integer.BYTES > pages.usable ? 0 : segment.get(SqliteLayout.U32, base + at);
  }
}
