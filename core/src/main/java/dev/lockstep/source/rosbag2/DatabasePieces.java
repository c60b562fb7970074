package dev.lockstep.source.rosbag2;

import dev.lockstep.model.Order;
import dev.lockstep.source.MessageStream;
import dev.lockstep.source.Opening;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.PieceTable;
import dev.lockstep.source.ReadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.jspecify.annotations.Nullable;

/// The messages of one sound database, and a writer of some of them: a new database with the rows
/// of the tables as they are.
final class DatabasePieces implements AutoCloseable {
  private static final String MESSAGES = "messages";
  private static final int TOPIC = 1;
  private static final int TIMESTAMP = 2;
  private static final int DATA = 3;

  /// Page size of databases that are written: the default of SQLite.
  private static final int PAGE_BYTES = 4096;

  /// Longest text of the schema.
  private static final int MAX_TEXT_BYTES = 1 << 16;

  private static final int MAX_ROWS = 1 << 20;

  private final Db3Bytes bytes;
  private final LongArrayList rowids = new LongArrayList();
  private int firstPiece;

  private DatabasePieces(Db3Bytes bytes) {
    this.bytes = bytes;
  }

  /// A table or index as the schema has it.
  private record Entry(String type, String name, String table, int root, String sql) {}

  /// A row of a table that is copied.
  private interface Rows {
    void take(LeafReader row) throws IOException;
  }

  /// Opens a database and adds its messages to `table`; null if it is damaged, compressed, or of
  /// another encoding than UTF-8.
  ///
  /// @throws IOException if it cannot be read
  static @Nullable DatabasePieces open(Path path, String name, PieceTable table)
      throws IOException {
    DatabasePieces pieces = new DatabasePieces(Db3Bytes.open(path));
    return Opening.keepIf(() -> pieces.read(name, table), pieces, pieces::close);
  }

  private Database database() {
    return Database.open(bytes.name(), bytes.content(), bytes.log(), null);
  }

  private boolean read(String name, PieceTable table) throws IOException {
    if (bytes.isCompressed()) {
      return false;
    }
    boolean[] sound = new boolean[1];
    guard(() -> sound[0] = addAll(name, table));
    return sound[0];
  }

  private boolean addAll(String name, PieceTable table) throws IOException {
    Database database = database();
    Integer root = database.tables.get(MESSAGES);
    if (root == null || !database.charset.equals(StandardCharsets.UTF_8)) {
      return false;
    }
    Topics topics = new Topics(name, ReadOptions.DEFAULT);
    topics.take(Topics.read(database));
    Map<Long, MessageStream> streams = topics.streams();
    firstPiece = table.size();
    return forEach(
            database.pages,
            root,
            Long.MIN_VALUE,
            row -> {
              MessageStream stream = streams.get(row.integer(TOPIC));
              rowids.add(row.rowid);
              table.add(
                  stream == null ? PieceTable.ANY : stream.name(),
                  row.integer(TIMESTAMP),
                  name,
                  row.position(0),
                  row.payloadBytes,
                  -1);
            })
        && database.damages.count() == 0;
  }

  /// Reads the rows of a table behind one; `false` if not all can be read.
  private static boolean forEach(Pages pages, int root, long afterRow, Rows rows)
      throws IOException {
    TableWalk walk = new TableWalk(pages, root, new BitSet(), new Damages(), afterRow);
    LeafReader reader = new LeafReader(pages);
    boolean sound = true;
    for (int leaf = walk.next(); leaf != 0; leaf = walk.next()) {
      sound &= reader.open(leaf) == null;
      for (int cell = 0; cell < reader.cells(); cell++) {
        if (reader.read(cell) == null) {
          rows.take(reader);
        } else {
          sound = false;
        }
      }
    }
    return sound && !walk.damaged();
  }

  /// Number of messages of it among the pieces.
  int size() {
    return rowids.size();
  }

  /// Number of its first message among the pieces.
  int firstPiece() {
    return firstPiece;
  }

  /// Writes a database with those messages that are kept, and their topics.
  ///
  /// @throws IOException if it cannot be read or written
  void write(BitSet kept, BitSet shortened, Path target) throws IOException {
    try (SqliteWriter out = new SqliteWriter(target, PAGE_BYTES)) {
      guard(() -> new Copy(kept, shortened, out).run());
    }
  }

  /// Work on the database's bytes.
  private interface Work {
    void run() throws IOException;
  }

  private void guard(Work work) throws IOException {
    try {
      bytes.guard(() -> {
        try {
          work.run();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() {
    bytes.close();
  }

  /// One database that is being written.
  private final class Copy {
    private final BitSet kept;
    private final BitSet shortened;
    private final SqliteWriter out;
    private final Database database = database();
    private final Set<Long> topics = new HashSet<>();
    private final Set<String> types = new HashSet<>();
    private final List<long[]> times = new ArrayList<>();

    Copy(BitSet kept, BitSet shortened, SqliteWriter out) {
      this.kept = kept;
      this.shortened = shortened;
      this.out = out;
    }

    void run() throws IOException {
      List<Entry> entries = entries();
      Map<String, Integer> order = new HashMap<>();
      order.put(MESSAGES, 0);
      order.put("topics", 1);
      entries.sort(Order.byInt(each -> order.getOrDefault(each.name(), 2)));
      for (Entry each : entries) {
        if (each.type().equals("table")) {
          table(each);
        }
      }
      for (Entry each : entries) {
        if (each.type().equals("index") && each.table().equals(MESSAGES)) {
          index(each);
        }
      }
      out.finish();
    }

    private List<Entry> entries() throws IOException {
      List<Entry> entries = new ArrayList<>();
      forEach(
          database.pages,
          1,
          Long.MIN_VALUE,
          row -> {
            String type = row.text(0, MAX_TEXT_BYTES, StandardCharsets.UTF_8);
            String name = row.text(1, MAX_TEXT_BYTES, StandardCharsets.UTF_8);
            String of = row.text(2, MAX_TEXT_BYTES, StandardCharsets.UTF_8);
            String sql = row.text(4, MAX_TEXT_BYTES, StandardCharsets.UTF_8);
            if (type != null && name != null && of != null && sql != null && row.isInteger(3)) {
              entries.add(new Entry(type, name, of, (int) row.integer(3), sql));
            }
          });
      return entries;
    }

    private void table(Entry entry) throws IOException {
      SqliteWriter.Table to = out.table();
      if (entry.name().equals(MESSAGES)) {
        messages(entry, to);
      } else {
        boolean topicTable = entry.name().equals("topics");
        boolean definitions = entry.name().equals("message_definitions");
        copy(
            entry,
            to,
            row -> {
              String type = topicTable ? text(row, 2) : "";
              if (topicTable && topics.contains(row.rowid)) {
                types.add(type);
              }
              return topicTable
                  ? topics.contains(row.rowid)
                  : !definitions || types.contains(text(row, 1));
            });
      }
      to.finish(entry.name(), entry.sql());
    }

    private static String text(LeafReader row, int column) {
      return String.valueOf(row.text(column, MAX_TEXT_BYTES, StandardCharsets.UTF_8));
    }

    private interface Wanted {
      boolean is(LeafReader row);
    }

    private void copy(Entry entry, SqliteWriter.Table to, Wanted wanted) throws IOException {
      int[] count = new int[1];
      forEach(
          database.pages,
          entry.root(),
          Long.MIN_VALUE,
          row -> {
            if (count[0]++ < MAX_ROWS && wanted.is(row)) {
              to.add(row.rowid, payload(row));
            }
          });
    }

    private void messages(Entry entry, SqliteWriter.Table to) throws IOException {
      int first = kept.nextSetBit(firstPiece);
      if (first < 0 || first >= firstPiece + size()) {
        return;
      }
      int[] at = {first - firstPiece};
      LongPredicate isNext =
          rowid -> {
            while (at[0] < rowids.size() && rowids.get(at[0]) < rowid) {
              at[0]++;
            }
            return at[0] < rowids.size()
                && rowids.get(at[0]) == rowid
                && kept.get(firstPiece + at[0]);
          };
      int last = kept.previousSetBit(firstPiece + size() - 1) - firstPiece;
      long afterRow = rowids.get(at[0]) - 1;
      TableWalk walk =
          new TableWalk(database.pages, entry.root(), new BitSet(), new Damages(), afterRow);
      LeafReader reader = new LeafReader(database.pages);
      for (int leaf = walk.next(); leaf != 0; leaf = walk.next()) {
        reader.open(leaf);
        for (int cell = 0; cell < reader.cells(); cell++) {
          if (reader.read(cell) == null && isNext.test(reader.rowid)) {
            topics.add(reader.integer(TOPIC));
            times.add(new long[] {reader.integer(TIMESTAMP), reader.rowid});
            boolean whole = !shortened.get(firstPiece + at[0]);
            to.add(reader.rowid, whole ? payload(reader) : shortened(reader));
          }
        }
        if (reader.cells() > 0 && reader.rowid > rowids.get(last)) {
          return;
        }
      }
    }

    /// A message without most of its payload.
    private static byte[] shortened(LeafReader row) throws IOException {
      byte[] data = row.bytes(DATA, Integer.MAX_VALUE);
      if (data == null || row.columns != DATA + 1) {
        return payload(row);
      }
      int left = Math.min(data.length, PieceCutter.SHORT_BYTES);
      return SqliteWriter.record(
          null, row.integer(TOPIC), row.integer(TIMESTAMP), Arrays.copyOf(data, left));
    }

    private static byte[] payload(LeafReader row) throws IOException {
      byte[] record = new byte[Math.toIntExact(row.payloadBytes)];
      String wrong = row.copy(0, record.length, MemorySegment.ofArray(record));
      if (wrong != null) {
        throw new IOException("row " + row.rowid + ": " + wrong);
      }
      return record;
    }

    /// Indexes of other columns than that of rosbag2 are left out.
    private void index(Entry entry) throws IOException {
      if (entry.sql().toLowerCase(java.util.Locale.ROOT).contains("(timestamp")) {
        times.sort(Order.<long[]>byLong(time -> time[0]).thenComparingLong(time -> time[1]));
        out.index(
            entry.name(),
            entry.table(),
            times.stream().map(time -> SqliteWriter.record(time[0], time[1])).toList(),
            entry.sql());
      }
    }
  }
}
