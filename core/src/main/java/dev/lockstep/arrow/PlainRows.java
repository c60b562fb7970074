package dev.lockstep.arrow;

import static dev.lockstep.arrow.MalformedFeatherException.Fault;

import dev.lockstep.arrow.PlainTable.Column;
import dev.lockstep.arrow.PlainTable.Kind;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/// The rows of one batch of a [PlainTable]: columns are copied when they are asked for. Made whole
/// or not at all: every buffer lies inside the batch and is long enough.
public final class PlainRows {
  private final MemorySegment file;
  private final FeatherParts.Batch batch;
  private final RecordBatch header;
  private final int size;
  private final Part[] parts;
  private final Part[] items;
  private int nodes;
  private int buffers;

  /// Where the values of a column lie in the file.
  ///
  /// @param values how many there are
  /// @param nulls how many of them are null
  private record Part(String name, long values, long nulls, Place validity, Place data) {}

  private record Place(long offset, long length) {}

  PlainRows(MemorySegment file, FeatherParts.Batch batch, RecordBatch header, List<Column> columns)
      throws MalformedFeatherException {
    this.file = file;
    this.batch = batch;
    this.header = header;
    if (header.compression() != null) {
      throw malformed("compression of the batch", "type " + header.compression().codec(), "none");
    }
    long rows = header.length();
    if (rows < 0 || rows > Integer.MAX_VALUE - 8) {
      throw malformed("rows of the batch", Long.toString(rows), "0 to 2^31 - 9");
    }
    this.size = (int) rows;
    this.parts = new Part[columns.size()];
    this.items = new Part[columns.size()];
    for (int i = 0; i < parts.length; i++) {
      take(columns.get(i), i);
    }
    if (nodes != header.nodesLength() || buffers != header.buffersLength()) {
      throw malformed(
          "columns and buffers of the batch",
          header.nodesLength() + " and " + header.buffersLength(),
          nodes + " and " + buffers);
    }
  }

  private void take(Column column, int i) throws MalformedFeatherException {
    boolean text = column.kind() == Kind.TEXT;
    if (!text && column.kind() != Kind.UINT32_LIST) {
      parts[i] = part(column.name(), size, column.kind().bits());
      return;
    }
    // Offsets, one more than rows, and what they lead to.
    FieldNode node = node(column.name(), size);
    Place validity = place(column.name(), "validity", validityBytes(node));
    Place offsets = place(column.name(), "offsets", size == 0 ? 0 : (size + 1L) * Integer.BYTES);
    parts[i] = new Part(column.name(), size, node.nullCount(), validity, offsets);
    long inner = 0;
    if (size > 0) {
      inner = file.get(FeatherLayout.INT, offsets.offset() + (long) size * Integer.BYTES);
      if (inner < 0) {
        throw content(offsets, "last offset of column " + column.name(), inner, "at least 0");
      }
    }
    if (text) {
      Place data = place(column.name(), "data", inner);
      items[i] = new Part(column.name(), inner, 0, new Place(0, 0), data);
    } else {
      items[i] = part(Kind.ITEM, inner, Integer.SIZE);
    }
  }

  private Part part(String name, long values, int bits) throws MalformedFeatherException {
    FieldNode node = node(name, values);
    Place validity = place(name, "validity", validityBytes(node));
    Place data = place(name, "data", Math.multiplyExact(values, bits / Byte.SIZE));
    return new Part(name, values, node.nullCount(), validity, data);
  }

  private static long validityBytes(FieldNode node) {
    return node.nullCount() == 0 ? 0 : (node.length() + Byte.SIZE - 1) / Byte.SIZE;
  }

  private FieldNode node(String name, long values) throws MalformedFeatherException {
    if (nodes >= header.nodesLength()) {
      throw malformed(
          "columns of the batch", Integer.toString(header.nodesLength()), "those of the schema");
    }
    FieldNode node = header.nodes(nodes++);
    if (node.length() != values || node.nullCount() < 0 || node.nullCount() > values) {
      throw malformed(
          "rows of column " + name,
          node.length() + " with " + node.nullCount() + " nulls",
          Long.toString(values));
    }
    return node;
  }

  /// The next buffer, which must hold `needed` bytes or more.
  private Place place(String column, String role, long needed) throws MalformedFeatherException {
    if (buffers >= header.buffersLength()) {
      throw malformed(
          "buffers of the batch", Integer.toString(header.buffersLength()), "those of the schema");
    }
    Buffer buffer = header.buffers(buffers++);
    long offset = buffer.offset();
    long length = buffer.length();
    String name = role + " of column " + column;
    if (offset < 0 || length < 0 || offset > batch.bodyBytes() - length) {
      throw new MalformedFeatherException(
          Fault.RANGE,
          batch.offset(),
          batch.metadataBytes(),
          name,
          "bytes " + offset + "+" + length,
          "inside a body of " + batch.bodyBytes() + " bytes");
    }
    Place place = new Place(batch.bodyOffset() + offset, length);
    if (length < needed) {
      throw content(place, name, length + " bytes", "at least " + needed);
    }
    return place;
  }

  private static MalformedFeatherException content(
      Place place, String what, Object observed, String expected) {
    return new MalformedFeatherException(
        Fault.CONTENT, place.offset(), place.length(), what, observed.toString(), expected);
  }

  private MalformedFeatherException malformed(String what, String observed, String expected) {
    return FeatherParts.malformed(batch, what, observed, expected);
  }

  /// Number of rows.
  public int size() {
    return size;
  }

  /// Which rows of a column have a value.
  public boolean[] present(int column) {
    return present(parts[column]);
  }

  private boolean[] present(Part part) {
    boolean[] present = new boolean[(int) part.values()];
    if (part.nulls() == 0) {
      Arrays.fill(present, true);
    } else if (part.nulls() < part.values()) {
      byte[] bits = bytes(part.validity(), validityBytes(part.values()));
      for (int row = 0; row < present.length; row++) {
        present[row] = (bits[row >> 3] >> (row & 7) & 1) != 0;
      }
    }
    return present;
  }

  private static long validityBytes(long values) {
    return (values + Byte.SIZE - 1) / Byte.SIZE;
  }

  private byte[] bytes(Place place, long length) {
    byte[] bytes = new byte[Math.toIntExact(length)];
    MemorySegment.copy(file, place.offset(), MemorySegment.ofArray(bytes), 0, bytes.length);
    return bytes;
  }

  /// A column of numbers of 64 bits; anything where it is null.
  public long[] longs(int column) {
    long[] values = new long[size];
    MemorySegment.copy(file, FeatherLayout.LONG, parts[column].data().offset(), values, 0, size);
    return values;
  }

  /// A column of numbers of 32 bits; anything where it is null.
  public int[] ints(int column) {
    return ints(parts[column].data(), size);
  }

  private int[] ints(Place place, long count) {
    int[] values = new int[Math.toIntExact(count)];
    MemorySegment.copy(file, FeatherLayout.INT, place.offset(), values, 0, values.length);
    return values;
  }

  /// Where the values of each row of a column of texts or lists begin, and where the last ends.
  ///
  /// @throws MalformedFeatherException if they do not ascend
  public int[] offsets(int column) throws MalformedFeatherException {
    int[] offsets = size == 0 ? new int[1] : ints(parts[column].data(), size + 1L);
    for (int row = 0; row < size; row++) {
      if (offsets[row] < 0 || offsets[row] > offsets[row + 1]) {
        throw content(
            parts[column].data(),
            "offset of row " + (row + 1) + " of column " + parts[column].name(),
            offsets[row + 1],
            "at least " + Math.max(0, offsets[row]));
      }
    }
    return offsets;
  }

  /// A column of texts; anything where it is null.
  ///
  /// @throws MalformedFeatherException if its offsets do not ascend
  public String[] texts(int column) throws MalformedFeatherException {
    int[] offsets = offsets(column);
    byte[] bytes = bytes(items[column].data(), items[column].values());
    String[] texts = new String[size];
    for (int row = 0; row < size; row++) {
      int from = offsets[row];
      texts[row] = new String(bytes, from, offsets[row + 1] - from, StandardCharsets.UTF_8);
    }
    return texts;
  }

  /// How many numbers a column of lists holds together.
  public long itemCount(int column) {
    return items[column].values();
  }

  /// The numbers of a column of lists, one list after the other.
  public int[] items(int column) {
    return ints(items[column].data(), items[column].values());
  }

  /// Which of [#items] have a value.
  public boolean[] itemsPresent(int column) {
    return present(items[column]);
  }

  /// The 32 bytes of a row; anything where it is null.
  public byte[] bytes32(int column, int row) {
    int length = Kind.BYTES32.bits() / Byte.SIZE;
    Place data = parts[column].data();
    return bytes(new Place(data.offset() + (long) row * length, length), length);
  }
}
