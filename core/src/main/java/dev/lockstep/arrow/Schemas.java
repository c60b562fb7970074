package dev.lockstep.arrow;

import java.io.Serial;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/// Reads a schema after making sure that it is finite: nesting and number of columns are bounded,
/// and only types whose buffers [BatchBuffers] can check are let through.
final class Schemas {
  /// Deepest nesting. Judged: tables of recordings nest once or twice.
  private static final int MAX_DEPTH = 8;

  /// Most columns, nested ones included. Judged.
  private static final int MAX_FIELDS = 4096;

  private int fields;

  private Schemas() {}

  /// A column of a type that is not read.
  static final class UnsupportedTypeException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final String what;

    UnsupportedTypeException(String what) {
      super(what);
      this.what = what;
    }

    /// The column and its type.
    String what() {
      return what;
    }
  }

  /// Converts a schema.
  ///
  /// @throws UnsupportedTypeException if a column is of a type that is not read
  /// @throws RuntimeException of some kind if the schema is damaged
  static Schema read(org.apache.arrow.flatbuf.@Nullable Schema schema) {
    if (schema == null) {
      throw new IllegalArgumentException("no schema");
    }
    Schemas walk = new Schemas();
    for (int i = 0; i < schema.fieldsLength(); i++) {
      walk.check(schema.fields(i), 0);
    }
    return Schema.convertSchema(schema);
  }

  private void check(Field field, int depth) {
    if (++fields > MAX_FIELDS || depth > MAX_DEPTH) {
      throw new IllegalArgumentException("schema without end");
    }
    if (depth == 0 && field.name() == null) {
      throw new IllegalArgumentException("column without a name");
    }
    byte type = field.typeType();
    boolean known =
        switch (type) {
          case Type.Int,
              Type.FloatingPoint,
              Type.Bool,
              Type.Utf8,
              Type.LargeUtf8,
              Type.Binary,
              Type.LargeBinary,
              Type.Timestamp,
              Type.Date,
              Type.Time,
              Type.Duration,
              Type.Decimal,
              Type.FixedSizeBinary,
              Type.List,
              Type.LargeList,
              Type.FixedSizeList,
              Type.Struct_,
              Type.Null ->
              field.dictionary() == null;
          default -> false;
        };
    if (!known) {
      throw new UnsupportedTypeException(
          field.name()
              + " of type "
              + (field.dictionary() == null ? Type.name(type) : "dictionary"));
    }
    for (int i = 0; i < field.childrenLength(); i++) {
      check(field.children(i), depth + 1);
    }
  }
}
