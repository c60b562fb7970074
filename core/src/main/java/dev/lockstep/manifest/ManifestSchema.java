package dev.lockstep.manifest;

import dev.lockstep.arrow.PlainTable.Column;
import dev.lockstep.arrow.PlainTable.Kind;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/// The columns of a manifest in Arrow's words, for what writes one. What reads one does without:
/// see [dev.lockstep.arrow.PlainTable].
final class ManifestSchema {
  private ManifestSchema() {}

  /// The schema of a manifest with `header`.
  static Schema of(ManifestHeader header) {
    return new Schema(fields(), ManifestLayout.metadata(header));
  }

  /// The columns in order.
  static List<Field> fields() {
    return ManifestColumn.all().stream().map(ManifestSchema::field).toList();
  }

  private static Field field(Column column) {
    List<Field> items =
        column.kind() == Kind.UINT32_LIST
            ? List.of(Field.notNullable(Kind.ITEM, type(Kind.UINT32)))
            : List.of();
    ArrowType type = type(column.kind());
    return new Field(
        column.name(),
        column.nullable() ? FieldType.nullable(type) : FieldType.notNullable(type),
        items);
  }

  private static ArrowType type(Kind kind) {
    return switch (kind) {
      case TEXT -> ArrowType.Utf8.INSTANCE;
      case INT32 -> new ArrowType.Int(Integer.SIZE, true);
      case UINT32 -> new ArrowType.Int(Integer.SIZE, false);
      case INT64 -> new ArrowType.Int(Long.SIZE, true);
      case BYTES32 -> new ArrowType.FixedSizeBinary(32);
      case UINT32_LIST -> ArrowType.List.INSTANCE;
    };
  }
}
