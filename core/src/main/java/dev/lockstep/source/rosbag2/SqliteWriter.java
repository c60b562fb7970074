package dev.lockstep.source.rosbag2;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a SQLite 3 database from its first page to its last: tables whose rows come in order of
/// their ids, and indexes. Nothing is changed afterwards, so that equal input gives equal bytes.
///
/// Independent of the reader beside it, which is tested with it.
public final class SqliteWriter implements AutoCloseable {
  private static final int TABLE_INTERIOR = 5;
  private static final int TABLE_LEAF = 13;
  private static final int INDEX_INTERIOR = 2;
  private static final int INDEX_LEAF = 10;
  private static final int HEADER_BYTES = 100;
  private static final int ENCODED_VERSION = 3045000;

  private final FileChannel file;
  private final int pageSize;
  private final List<byte[]> schema = new ArrayList<>();
  private int pages = 1;

  /// Creates or replaces a file.
  ///
  /// @param pageSize a power of 2 from 512
  /// @throws IOException if it cannot be created
  public SqliteWriter(Path path, int pageSize) throws IOException {
    this.pageSize = pageSize;
    file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  private int newPage() {
    return ++pages;
  }

  private void put(int page, ByteBuffer bytes) throws IOException {
    ByteBuffer out = bytes.duplicate().rewind();
    long at = (page - 1L) * pageSize;
    while (out.hasRemaining()) {
      at += file.write(out, at);
    }
  }

  /// A record of these values: `null`, [Long], [String] or bytes.
  public static byte[] record(@Nullable Object... values) {
    ByteArrayOutputStream types = new ByteArrayOutputStream();
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (Object value : values) {
      if (value == null) {
        types.write(0);
      } else if (value instanceof Long number) {
        integer(number, types, content);
      } else {
        boolean text = value instanceof String;
        byte[] bytes = text ? ((String) value).getBytes(StandardCharsets.UTF_8) : (byte[]) value;
        varint(types, 2L * bytes.length + (text ? 13 : 12));
        content.writeBytes(bytes);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // The header's length counts itself; headers here are shorter than 127 bytes.
    varint(out, types.size() + 1L);
    out.writeBytes(types.toByteArray());
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static void integer(long value, ByteArrayOutputStream types, ByteArrayOutputStream out) {
    if (value == 0 || value == 1) {
      types.write((int) (8 + value));
      return;
    }
    int[] sizes = {1, 2, 3, 4, 6, 8};
    for (int i = 0; i < sizes.length; i++) {
      int shift = 64 - 8 * sizes[i];
      if (value << shift >> shift == value) {
        types.write(i + 1);
        for (int b = sizes[i] - 1; b >= 0; b--) {
          out.write((int) (value >> (8 * b)));
        }
        return;
      }
    }
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    int groups = 1;
    while (groups < 9 && value >>> (7 * groups) != 0) {
      groups++;
    }
    if (groups == 9) {
      throw new IllegalArgumentException("number of nine bytes: " + value);
    }
    for (int i = groups - 1; i >= 0; i--) {
      out.write((int) (value >>> (7 * i) & 0x7F) | (i > 0 ? 0x80 : 0));
    }
  }

  /// Cells of one b-tree page.
  private final class Page {
    final int number;
    final int kind;
    private final int head;
    private final int reserved;
    private final List<byte[]> cells = new ArrayList<>();
    private int bytes;

    Page(int number, int kind) {
      this.number = number;
      this.kind = kind;
      this.head = number == 1 ? HEADER_BYTES : 0;
      this.reserved = kind == TABLE_INTERIOR || kind == INDEX_INTERIOR ? 12 : 8;
    }

    boolean fits(byte[] cell) {
      return head + reserved + bytes + cell.length + 2 * (cells.size() + 1) <= pageSize;
    }

    void add(byte[] cell) {
      cells.add(cell);
      bytes += cell.length;
    }

    ByteBuffer toBytes(int rightChild) {
      ByteBuffer page = ByteBuffer.allocate(pageSize);
      int content = pageSize;
      for (int i = 0; i < cells.size(); i++) {
        content -= cells.get(i).length;
        page.putShort(head + reserved + 2 * i, (short) content);
        page.put(content, cells.get(i));
      }
      page.put(head, (byte) kind);
      page.putShort(head + 3, (short) cells.size());
      page.putShort(head + 5, (short) content);
      if (reserved == 12) {
        page.putInt(head + 8, rightChild);
      }
      return page;
    }
  }

  /// A child and the key that ends it.
  private record Child(int page, byte[] key) {}

  /// A table that is being written.
  public final class Table {
    private final List<Child> leaves = new ArrayList<>();
    private Page leaf = new Page(newPage(), TABLE_LEAF);
    private long last;

    /// Appends a row; ids must ascend.
    ///
    /// @throws IOException if it cannot be written
    public void add(long rowid, byte[] record) throws IOException {
      byte[] cell = cell(rowid, record);
      if (!leaf.fits(cell)) {
        end();
        leaf = new Page(newPage(), TABLE_LEAF);
      }
      leaf.add(cell);
      last = rowid;
    }

    private void end() throws IOException {
      put(leaf.number, leaf.toBytes(0));
      ByteArrayOutputStream key = new ByteArrayOutputStream();
      varint(key, last);
      leaves.add(new Child(leaf.number, key.toByteArray()));
    }

    /// Ends the table, names it in the schema and returns its root.
    ///
    /// @throws IOException if it cannot be written
    public int finish(String name, String sql) throws IOException {
      end();
      List<Child> level = leaves;
      while (level.size() > 1) {
        level = level(level, TABLE_INTERIOR);
      }
      int root = level.getFirst().page();
      declare("table", name, name, root, sql);
      return root;
    }
  }

  /// Writes the interior pages above `children`, as evenly filled as can be: none may be without a
  /// cell. The key of the last child of a page goes up with it.
  private List<Child> level(List<Child> children, int kind) throws IOException {
    int longest = children.stream().mapToInt(child -> child.key().length).max().orElse(0);
    int most = (pageSize - 12) / (4 + longest + 2) + 1;
    int count = (children.size() + most - 1) / most;
    List<Child> above = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) children.size() * i / count);
      int to = (int) ((long) children.size() * (i + 1) / count);
      Page page = new Page(newPage(), kind);
      for (Child child : children.subList(from, to - 1)) {
        page.add(interior(child.page(), child.key()));
      }
      Child last = children.get(to - 1);
      put(page.number, page.toBytes(last.page()));
      above.add(new Child(page.number, last.key()));
    }
    return above;
  }

  private static byte[] interior(int child, byte[] key) {
    return ByteBuffer.allocate(4 + key.length).putInt(child).put(key).array();
  }

  private byte[] cell(long rowid, byte[] record) throws IOException {
    int most = pageSize - 35;
    int local = record.length;
    if (local > most) {
      int least = (pageSize - 12) * 32 / 255 - 23;
      local = least + (record.length - least) % (pageSize - 4);
      local = local > most ? least : local;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varint(out, record.length);
    varint(out, rowid);
    out.write(record, 0, local);
    if (local < record.length) {
      int page = newPage();
      out.writeBytes(ByteBuffer.allocate(4).putInt(page).array());
      for (int at = local; at < record.length; ) {
        int count = Math.min(pageSize - 4, record.length - at);
        int next = at + count < record.length ? newPage() : 0;
        put(page, ByteBuffer.allocate(pageSize).putInt(next).put(record, at, count));
        page = next;
        at += count;
      }
    }
    return out.toByteArray();
  }

  /// Begins a table.
  public Table table() {
    return new Table();
  }

  /// Writes an index whose records come in its order, and names it in the schema.
  ///
  /// @throws IOException if it cannot be written
  public void index(String name, String table, List<byte[]> records, String sql)
      throws IOException {
    List<Child> children = new ArrayList<>();
    Page leaf = new Page(newPage(), INDEX_LEAF);
    for (int i = 0; i < records.size(); i++) {
      byte[] cell = indexCell(records.get(i));
      boolean last = i == records.size() - 1;
      if (!leaf.fits(cell) && last) {
        // No leaf may be empty: the entry in front of the last one goes up instead.
        byte[] before = leaf.cells.removeLast();
        put(leaf.number, leaf.toBytes(0));
        children.add(new Child(leaf.number, before));
        leaf = new Page(newPage(), INDEX_LEAF);
        leaf.add(cell);
      } else if (leaf.fits(cell)) {
        leaf.add(cell);
      } else {
        // An entry between two leaves stands above them.
        put(leaf.number, leaf.toBytes(0));
        children.add(new Child(leaf.number, cell));
        leaf = new Page(newPage(), INDEX_LEAF);
      }
    }
    put(leaf.number, leaf.toBytes(0));
    children.add(new Child(leaf.number, new byte[0]));
    while (children.size() > 1) {
      children = level(children, INDEX_INTERIOR);
    }
    declare("index", name, table, children.getFirst().page(), sql);
  }

  private static byte[] indexCell(byte[] record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varint(out, record.length);
    out.writeBytes(record);
    return out.toByteArray();
  }

  private void declare(String type, String name, String table, int root, String sql) {
    schema.add(record(type, name, table, (long) root, sql));
  }

  /// Writes the first page and returns the length of the file.
  ///
  /// @throws IllegalStateException if the schema does not fit one page
  /// @throws IOException if it cannot be written
  public long finish() throws IOException {
    Page first = new Page(1, TABLE_LEAF);
    long rowid = 1;
    for (byte[] row : schema) {
      byte[] cell = cell(rowid++, row);
      if (!first.fits(cell)) {
        throw new IllegalStateException("schema is larger than a page");
      }
      first.add(cell);
    }
    ByteBuffer page = first.toBytes(0);
    page.put(0, "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII));
    page.putShort(16, (short) (pageSize == 65536 ? 1 : pageSize));
    page.put(18, (byte) 1).put(19, (byte) 1);
    page.put(21, (byte) 64).put(22, (byte) 32).put(23, (byte) 32);
    page.putInt(24, 1).putInt(28, pages);
    page.putInt(40, 1).putInt(44, 4).putInt(56, 1);
    page.putInt(92, 1).putInt(96, ENCODED_VERSION);
    put(1, page);
    return (long) pages * pageSize;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
