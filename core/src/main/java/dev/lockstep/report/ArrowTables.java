package dev.lockstep.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/// The frozen schemas of [ArrowReport], and the way in which their rows are filled.
final class ArrowTables {
  private static final ArrowType INT64 = new ArrowType.Int(Long.SIZE, true);
  private static final ArrowType FLOAT64 =
      new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

  /// Whatever changes a schema changes its version.
  private static final String VERSION = "1";

  static final Schema FINDINGS =
      new Columns()
          .texts("recording", "format", "check", "name", "severity", "title", "message")
          .texts("what", "observed", "expected")
          .nullable(ArrowType.Utf8.INSTANCE, "unit", "cause", "file", "stream", "track")
          .nullable(INT64, "byte_offset", "byte_length", "first_message", "last_message")
          .nullable(INT64, "first_stamp_ns", "last_stamp_ns", "first_frame", "last_frame")
          .texts("fingerprint")
          .schema("findings");

  static final Schema MEASUREMENTS =
      new Columns()
          .texts("recording", "format", "check")
          .nullable(ArrowType.Utf8.INSTANCE, "subject")
          .texts("quantity")
          .required(FLOAT64, "value")
          .nullable(ArrowType.Utf8.INSTANCE, "unit")
          .schema("measurements");

  static final Schema AGREEMENT =
      new Columns()
          .texts("scope", "subject", "measure")
          .nullable(FLOAT64, "value", "low", "high")
          .required(INT64, "count")
          .schema("agreement");

  private ArrowTables() {}

  private static final class Columns {
    private final List<Field> fields = new ArrayList<>();

    Columns texts(String... names) {
      for (String name : names) {
        required(ArrowType.Utf8.INSTANCE, name);
      }
      return this;
    }

    Columns required(ArrowType type, String name) {
      fields.add(new Field(name, FieldType.notNullable(type), null));
      return this;
    }

    Columns nullable(ArrowType type, String... names) {
      for (String name : names) {
        fields.add(Field.nullable(name, type));
      }
      return this;
    }

    Schema schema(String table) {
      // In one order always: that of Map.of differs from run to run.
      return new Schema(
          fields,
          new TreeMap<>(Map.of("lockstep.table", table, "lockstep.table.version", VERSION)));
    }
  }

  /// Fills a batch, row after row, column after column.
  static final class Rows {
    private final VectorSchemaRoot root;
    private int row = -1;
    private int column;

    Rows(VectorSchemaRoot root) {
      this.root = root;
    }

    /// Begins the next row.
    void begin() {
      row++;
      column = 0;
    }

    /// Begins the next batch.
    void restart() {
      row = -1;
    }

    /// Rows of this batch.
    int count() {
      return row + 1;
    }

    void texts(List<String> values) {
      values.forEach(this::text);
    }

    /// A text, null where it is empty.
    void textOrNull(@Nullable String value) {
      if (value == null || value.isEmpty()) {
        root.getVector(column++).setNull(row);
      } else {
        text(value);
      }
    }

    private void text(String value) {
      ((VarCharVector) root.getVector(column++))
          .setSafe(row, value.getBytes(StandardCharsets.UTF_8));
    }

    void number(@Nullable Long value) {
      BigIntVector numbers = (BigIntVector) root.getVector(column++);
      if (value == null) {
        numbers.setNull(row);
      } else {
        numbers.setSafe(row, value);
      }
    }

    /// A number, null where it is NaN.
    void realOrNull(double value) {
      if (Double.isNaN(value)) {
        root.getVector(column++).setNull(row);
      } else {
        real(value);
      }
    }

    void real(double value) {
      ((Float8Vector) root.getVector(column++)).setSafe(row, value);
    }
  }
}
