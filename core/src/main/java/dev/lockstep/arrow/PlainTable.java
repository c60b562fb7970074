package dev.lockstep.arrow;

import static dev.lockstep.arrow.MalformedFeatherException.Fault;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;
import org.jspecify.annotations.Nullable;

/// An Arrow file whose columns are known beforehand, few in kind and not compressed, read without
/// Arrow's vectors: they take a quarter of a second to load, which is more than most such files
/// take to read. As distrustful as [FeatherFile].
///
/// Columns are copied out of the file. Bytes that are mapped must be read inside their file's
/// guard.
public final class PlainTable {
  private final FeatherParts parts;
  private final Schema schema;
  private final List<Column> columns;
  private final Map<String, String> metadata = new HashMap<>();

  /// What the values of a column are.
  public enum Kind {
    /// UTF-8.
    TEXT(Type.Utf8, 0),
    /// Signed, 32 bits.
    INT32(Type.Int, 32),
    /// Unsigned, 32 bits.
    UINT32(Type.Int, 32),
    /// Signed, 64 bits.
    INT64(Type.Int, 64),
    /// 32 bytes.
    BYTES32(Type.FixedSizeBinary, 256),
    /// Lists of unsigned numbers of 32 bits.
    UINT32_LIST(Type.List, 0);

    /// Name of the numbers in a list.
    public static final String ITEM = "item";

    private final byte type;
    private final int bits;

    Kind(byte type, int bits) {
      this.type = type;
      this.bits = bits;
    }

    int bits() {
      return bits;
    }

    boolean is(Field field) {
      if (field.typeType() != type
          || field.dictionary() != null
          || field.customMetadataLength() > 0
          || field.childrenLength() != (this == UINT32_LIST ? 1 : 0)) {
        return false;
      }
      return switch (this) {
        case TEXT -> true;
        case INT32, INT64 -> isInt(field, true);
        case UINT32 -> isInt(field, false);
        case BYTES32 -> {
          FixedSizeBinary binary = (FixedSizeBinary) field.type(new FixedSizeBinary());
          yield binary != null && binary.byteWidth() * Byte.SIZE == bits;
        }
        case UINT32_LIST -> {
          Field item = field.children(0);
          yield ITEM.equals(item.name()) && !item.nullable() && UINT32.is(item);
        }
      };
    }

    private boolean isInt(Field field, boolean signed) {
      Int number = (Int) field.type(new Int());
      return number != null && number.bitWidth() == bits && number.isSigned() == signed;
    }
  }

  /// A column as it has to be.
  ///
  /// @param name its name
  /// @param kind what its values are
  /// @param nullable whether it may say that it may be null
  public record Column(String name, Kind kind, boolean nullable) {
    boolean is(Field field) {
      return name.equals(field.name()) && field.nullable() == nullable && kind.is(field);
    }
  }

  private PlainTable(FeatherParts parts, Schema schema, List<Column> columns) {
    this.parts = parts;
    this.schema = schema;
    this.columns = List.copyOf(columns);
    for (int i = 0; i < schema.customMetadataLength(); i++) {
      KeyValue pair = schema.customMetadata(i);
      @Nullable String key = pair.key();
      @Nullable String value = pair.value();
      metadata.put(key == null ? "" : key, value == null ? "" : value);
    }
  }

  /// Reads the footer.
  ///
  /// @param file the whole file
  /// @param columns what columns are expected; [#fits] says whether they are there
  /// @throws MalformedFeatherException if it is no Arrow file, or a damaged one
  public static PlainTable open(MemorySegment file, List<Column> columns)
      throws MalformedFeatherException {
    FeatherParts parts = FeatherParts.open(file);
    try {
      @Nullable Schema schema = parts.footer().schema();
      if (schema == null) {
        throw parts.footerUnreadable();
      }
      return new PlainTable(parts, schema, columns);
    } catch (RuntimeException e) {
      // The accessors of damaged flatbuffers run out of their bounds in many ways.
      throw parts.footerUnreadable();
    }
  }

  /// Whether the columns are those that were expected.
  ///
  /// @throws MalformedFeatherException if the schema is damaged
  public boolean fits() throws MalformedFeatherException {
    try {
      if (schema.fieldsLength() != columns.size()) {
        return false;
      }
      for (int i = 0; i < columns.size(); i++) {
        if (!columns.get(i).is(schema.fields(i))) {
          return false;
        }
      }
      return true;
    } catch (RuntimeException e) {
      throw parts.footerUnreadable();
    }
  }

  /// The columns that are there, in Arrow's words.
  ///
  /// @throws MalformedFeatherException if the schema is damaged, or has columns that are not read
  public String columnText() throws MalformedFeatherException {
    return parts.schema().getFields().toString();
  }

  /// What the schema says about the file.
  public Map<String, String> metadata() {
    return metadata;
  }

  /// Number of record batches.
  public int batchCount() {
    return parts.batches().size();
  }

  /// The rows of a batch, if [#fits].
  ///
  /// @throws MalformedFeatherException if its metadata is damaged or a buffer does not fit
  public PlainRows rows(int batch) throws MalformedFeatherException {
    FeatherParts.Batch place = parts.batches().get(batch);
    try {
      return new PlainRows(parts.file(), place, parts.header(batch), columns);
    } catch (RuntimeException e) {
      throw new MalformedFeatherException(
          Fault.METADATA,
          place.offset(),
          place.metadataBytes(),
          "batch " + batch,
          "cannot be loaded: " + e,
          "a record batch of the schema");
    }
  }
}
