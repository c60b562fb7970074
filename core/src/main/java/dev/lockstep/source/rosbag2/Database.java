package dev.lockstep.source.rosbag2;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A SQLite database as its last commit left it: header, pages, freelist, tables. Holds one bit a
/// page.
final class Database {
  /// Pages that are looked at to guess the page size.
  private static final int GUESS_PAGES = 32;

  /// Longest text of the schema that is read.
  private static final int MAX_SQL_BYTES = 1 << 16;

  /// Tables and indexes that are looked at. rosbag2 makes six.
  private static final int MAX_ENTRIES = 1024;

  final Pages pages;
  final Charset charset;
  final BitSet used = new BitSet();
  final BitSet free = new BitSet();
  final Damages damages = new Damages();
  final List<Defect> defects = new ArrayList<>();
  final Map<String, Integer> tables = new HashMap<>();
  final Map<String, Integer> indexes = new HashMap<>();
  final @Nullable Wal wal;
  private final int pointerMapStep;

  /// Bytes of the file that belong to no page.
  final long trailing;

  private Database(
      Pages pages, Charset charset, @Nullable Wal wal, int pointerMapStep, long trailing) {
    this.pages = pages;
    this.charset = charset;
    this.wal = wal;
    this.pointerMapStep = pointerMapStep;
    this.trailing = trailing;
  }

  /// Opens a database.
  ///
  /// @param name name of the file
  /// @param log the log beside it, or null
  /// @param before what was read of the log earlier, or null
  static Database open(
      String name, MemorySegment file, @Nullable MemorySegment log, @Nullable Wal before) {
    List<Defect> defects = new ArrayList<>();
    // A new database in WAL mode may have no page of its own yet.
    boolean whole = file.byteSize() >= SqliteLayout.FILE_HEADER_BYTES;
    int pageSize = whole ? pageSize(name, file, defects) : sizeIn(log);
    Wal wal = log == null ? null : Wal.read(log, pageSize, before);
    MemorySegment head = file;
    long first = 0;
    long logged = wal == null ? -1 : wal.offsetOf(1);
    if (wal != null && logged >= 0) {
      head = wal.bytes;
      first = logged;
    }
    if (!whole && logged < 0) {
      defects.add(
          Defect.of(
              DefectKind.FILE_TRUNCATED,
              Location.bytes(name, 0, file.byteSize()),
              new Evidence.OutOfRange(
                  "file length", file.byteSize(), SqliteLayout.FILE_HEADER_BYTES, null, "bytes")));
      Database none =
          new Database(new Pages(name, file, pageSize, 0, 0, null), charsetOf(1), null, 0, 0);
      none.defects.addAll(defects);
      return none;
    }
    int reserved = head.get(SqliteLayout.U8, first + SqliteLayout.RESERVED_AT) & 0xFF;
    if (pageSize - reserved < SqliteLayout.MIN_USABLE_BYTES) {
      header(name, "reserved bytes", reserved + "", "at most 32", defects);
      reserved = 0;
    }
    int fractions = head.get(SqliteLayout.U32, first + SqliteLayout.FRACTIONS_AT - 1) & 0xFFFFFF;
    if (fractions != 0x402020) {
      header(name, "payload fractions", "0x%06X".formatted(fractions), "0x402020", defects);
    }
    int encoding = head.get(SqliteLayout.U32, first + SqliteLayout.TEXT_ENCODING_AT);
    if (encoding < 0 || encoding > 3) {
      header(name, "text encoding", Integer.toUnsignedString(encoding), "1 to 3", defects);
    }
    long present = file.byteSize() / pageSize;
    long count = wal == null || wal.committedFrames == 0 ? -1 : wal.pageCount;
    boolean fromWal = count >= 0;
    if (wal != null && fromWal) {
      count = Math.min(count, present + wal.committedFrames);
    }
    if (!fromWal) {
      long said = Integer.toUnsignedLong(head.get(SqliteLayout.U32, SqliteLayout.PAGE_COUNT_AT));
      boolean valid =
          said > 0
              && head.get(SqliteLayout.U32, SqliteLayout.CHANGE_COUNTER_AT)
                  == head.get(SqliteLayout.U32, SqliteLayout.VALID_FOR_AT);
      count = valid ? said : present;
    }
    long bytes = count * pageSize;
    if (!fromWal && bytes > file.byteSize()) {
      defects.add(
          Defect.of(
              DefectKind.FILE_TRUNCATED,
              Location.bytes(name, file.byteSize(), 0),
              new Evidence.OutOfRange("file length", file.byteSize(), bytes, null, "bytes")));
      // A wrong count must not cost time or memory.
      count = Math.min(count, present + 1);
    }
    long trailing = Math.max(0, file.byteSize() - bytes);
    if (!fromWal && trailing > 0) {
      defects.add(
          Defect.of(
              DefectKind.TRAILING_BYTES,
              Location.bytes(name, bytes, trailing),
              new Evidence.Violation("bytes behind the last page", Long.toString(trailing), "0")));
    }
    Pages pages = new Pages(name, file, pageSize, reserved, count, wal);
    int largestRoot = head.get(SqliteLayout.U32, first + SqliteLayout.LARGEST_ROOT_AT);
    int step = largestRoot == 0 ? 0 : pages.usable / 5 + 1;
    Database database = new Database(pages, charsetOf(encoding), wal, step, fromWal ? 0 : trailing);
    database.defects.addAll(defects);
    database.freelist(
        head.get(SqliteLayout.U32, first + SqliteLayout.FREELIST_AT),
        Integer.toUnsignedLong(head.get(SqliteLayout.U32, first + SqliteLayout.FREELIST_COUNT_AT)));
    database.schema();
    return database;
  }

  private static Charset charsetOf(int encoding) {
    return LeafReader.charset(encoding);
  }

  private static int sizeIn(@Nullable MemorySegment log) {
    if (log != null && log.byteSize() >= SqliteLayout.WAL_HEADER_BYTES) {
      long size = Integer.toUnsignedLong(log.get(SqliteLayout.U32, 8));
      if (SqliteLayout.isPageSize(size)) {
        return (int) size;
      }
    }
    return 4096;
  }

  private static int pageSize(String name, MemorySegment file, List<Defect> defects) {
    for (int i = 0; i < SqliteLayout.MAGIC.length; i++) {
      if (file.get(SqliteLayout.U8, i) != SqliteLayout.MAGIC[i]) {
        defects.add(
            Defect.of(
                DefectKind.MAGIC_DAMAGED,
                Location.bytes(name, 0, SqliteLayout.MAGIC.length),
                new Evidence.Violation(
                    "first bytes", "byte " + i + " differs", "'SQLite format 3' and a zero")));
        break;
      }
    }
    int said = file.get(SqliteLayout.U16, SqliteLayout.PAGE_SIZE_AT) & 0xFFFF;
    int size = said == 1 ? SqliteLayout.MAX_PAGE_BYTES : said;
    if (SqliteLayout.isPageSize(size)) {
      return size;
    }
    int best = 4096;
    int most = -1;
    for (int guess = SqliteLayout.MIN_PAGE_BYTES;
        guess <= SqliteLayout.MAX_PAGE_BYTES;
        guess *= 2) {
      int plausible = plausiblePages(file, guess);
      if (plausible > most) {
        most = plausible;
        best = guess;
      }
    }
    header(name, "page size", said + "", "a power of 2 from 512; taken as " + best, defects);
    return best;
  }

  /// How many more of the first pages look like b-tree pages of that size than do not.
  private static int plausiblePages(MemorySegment file, int size) {
    int score = 0;
    for (int page = 1; page < GUESS_PAGES && (page + 1L) * size <= file.byteSize(); page++) {
      long at = (long) page * size;
      int kind = file.get(SqliteLayout.U8, at);
      int cells = file.get(SqliteLayout.U16, at + SqliteLayout.CELL_COUNT_AT) & 0xFFFF;
      int content = file.get(SqliteLayout.U16, at + 5) & 0xFFFF;
      boolean fits =
          (kind == SqliteLayout.TABLE_LEAF
                  || kind == SqliteLayout.TABLE_INTERIOR
                  || kind == SqliteLayout.INDEX_LEAF
                  || kind == SqliteLayout.INDEX_INTERIOR)
              && SqliteLayout.LEAF_HEAD_BYTES + 2 * cells <= size
              && content <= size
              && content >= 2 * cells;
      score += fits ? 1 : -1;
    }
    return score;
  }

  private static void header(
      String name, String what, String observed, String rule, List<Defect> defects) {
    defects.add(
        Defect.of(
            DefectKind.HEADER_MALFORMED,
            Location.bytes(name, 0, SqliteLayout.FILE_HEADER_BYTES),
            new Evidence.Violation(what, observed, rule)));
  }

  private void freelist(int firstTrunk, long stored) {
    int trunk = firstTrunk;
    long found = 0;
    while (trunk != 0) {
      if (trunk < 2 || !pages.has(trunk) || free.get(trunk)) {
        damages.add(trunk, "named by the freelist", "a page that is free and there");
        return;
      }
      free.set(trunk);
      found++;
      MemorySegment segment = pages.segment(trunk);
      long at = pages.offset(trunk);
      long leaves = Integer.toUnsignedLong(segment.get(SqliteLayout.U32, at + 4));
      if (leaves > pages.usable / 4 - 2) {
        damages.add(trunk, leaves + " free pages", "a trunk page of the freelist");
        return;
      }
      for (int i = 0; i < leaves; i++) {
        int leaf = segment.get(SqliteLayout.U32, at + 8 + 4L * i);
        if (leaf < 2 || leaf > pages.count || free.get(leaf)) {
          damages.add(trunk, "free page " + Integer.toUnsignedLong(leaf), "pages that are there");
          return;
        }
        free.set(leaf);
        found++;
      }
      trunk = segment.get(SqliteLayout.U32, at);
    }
    if (found != stored) {
      defects.add(
          Defect.of(
              DefectKind.COUNT_MISMATCH,
              Location.bytes(pages.name, SqliteLayout.FREELIST_COUNT_AT, Integer.BYTES),
              Evidence.Mismatch.ofCount("pages of the freelist", stored, found)));
    }
  }

  private void schema() {
    boolean sound =
        rows(
            1,
            MAX_ENTRIES,
            row -> {
              String type = row.text(0, MAX_SQL_BYTES, charset);
              String name = row.text(1, MAX_SQL_BYTES, charset);
              if (type == null || name == null || !row.isInteger(3)) {
                return;
              }
              long root = row.integer(3);
              if (root < 1 || root > pages.count) {
                return;
              }
              (type.equals("index") ? indexes : tables).putIfAbsent(name, (int) root);
            });
    if (sound && !tables.containsKey("messages")) {
      header(
          pages.name,
          "tables",
          tables.keySet().stream().sorted().toList() + "",
          "those of a rosbag2 recording: topics, messages",
          defects);
    }
  }

  /// Reads a table of few rows.
  ///
  /// @return whether all of it could be read
  boolean rows(int root, int maxRows, Consumer<LeafReader> rows) {
    TableWalk walk = new TableWalk(pages, root, used, damages);
    LeafReader reader = new LeafReader(pages);
    int read = 0;
    boolean sound = true;
    for (int leaf = walk.next(); leaf != 0 && read < maxRows; leaf = walk.next()) {
      String wrong = reader.open(leaf);
      int readable = 0;
      for (int cell = 0; cell < reader.cells() && read < maxRows; cell++) {
        String bad = reader.read(cell);
        if (bad == null) {
          rows.accept(reader);
          readable++;
          read++;
        } else if (wrong == null) {
          wrong = bad;
        }
      }
      if (wrong != null) {
        sound = false;
        damages.add(
            new Damages.Page(leaf, wrong, "a leaf page of a table", reader.cells(), readable),
            Damages.UNKNOWN);
      }
    }
    return sound && !walk.damaged();
  }

  /// Looks through all pages that belong to nothing for leaf pages whose first readable row fits.
  ///
  /// @param found told of each page, with the reader at that row
  void orphans(Predicate<LeafReader> fits, java.util.function.ObjIntConsumer<LeafReader> found) {
    LeafReader reader = new LeafReader(pages);
    for (int page = 2; page <= pages.last(); page++) {
      if (used.get(page)
          || free.get(page)
          || pointerMapStep > 0 && (page - 2) % pointerMapStep == 0
          || !pages.has(page)
          || pages.kind(page) != SqliteLayout.TABLE_LEAF
          || reader.open(page) != null) {
        continue;
      }
      for (int cell = 0; cell < reader.cells(); cell++) {
        if (reader.read(cell) == null) {
          if (fits.test(reader)) {
            used.set(page);
            found.accept(reader, page);
          }
          break;
        }
      }
    }
  }

  /// Counts the entries of an index by the heads of its pages.
  ///
  /// @return -1 if its tree is damaged
  long indexEntries(int root) {
    long entries = 0;
    java.util.ArrayDeque<Integer> todo = new java.util.ArrayDeque<>();
    todo.add(root);
    BitSet seen = new BitSet();
    while (!todo.isEmpty()) {
      int page = todo.removeLast();
      if (!pages.has(page) || seen.get(page)) {
        return -1;
      }
      seen.set(page);
      int kind = pages.kind(page);
      int cells = pages.cells(page);
      int head = Pages.head(page);
      if (kind == SqliteLayout.INDEX_LEAF) {
        if (head + SqliteLayout.LEAF_HEAD_BYTES + 2 * cells > pages.usable) {
          return -1;
        }
        entries += cells;
        continue;
      }
      if (kind != SqliteLayout.INDEX_INTERIOR
          || head + SqliteLayout.INTERIOR_HEAD_BYTES + 2 * cells > pages.usable) {
        return -1;
      }
      entries += cells;
      MemorySegment segment = pages.segment(page);
      long base = pages.offset(page);
      todo.add(segment.get(SqliteLayout.U32, base + head + SqliteLayout.RIGHT_CHILD_AT));
      for (int i = 0; i < cells; i++) {
        int at =
            segment.get(SqliteLayout.U16, base + head + SqliteLayout.INTERIOR_HEAD_BYTES + 2L * i)
                & 0xFFFF;
        if (at + Integer.BYTES > pages.usable) {
          return -1;
        }
        todo.add(segment.get(SqliteLayout.U32, base + at));
      }
    }
    used.or(seen);
    return entries;
  }
}
