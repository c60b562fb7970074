package dev.lockstep.labels.log;

import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/// The canonical label table: an Arrow file of one label set, a row a box, in order of time.
///
/// ```text
/// stamp_ns i64?   frame i64?   track utf8?   category utf8
/// left top right bottom f32?                                  px from the image's top left
/// x y z length width height qw qx qy qz f64?                  m, unit quaternion
/// points i64?   score truncated occluded f32?   flags i32     bits of LabelDetails
/// label_id utf8?   revision i32?   annotator tool utf8?   edited_ns i64?
/// attributes utf8?                                            a JSON object of texts
/// source_file utf8?   source_offset source_length source_message i64?
/// file utf8   position i64   byte_offset byte_length i64?     where the row was read
/// ```
///
/// Metadata of the schema: `lockstep.table` = `labels`, `lockstep.table.version` = `1`, and
/// `lockstep.set`, the header line of the label log.
final class TableLayout {
  static final String TABLE_KEY = "lockstep.table";
  static final String TABLE = "labels";
  static final String VERSION_KEY = "lockstep.table.version";
  static final String VERSION = "1";
  static final String SET_KEY = "lockstep.set";

  static final String MAGIC = "ARROW1";

  static final List<String> BOX_2D = List.of("left", "top", "right", "bottom");
  static final List<String> BOX_3D =
      List.of("x", "y", "z", "length", "width", "height", "qw", "qx", "qy", "qz");

  private static final ArrowType INT64 = new ArrowType.Int(Long.SIZE, true);
  private static final ArrowType INT32 = new ArrowType.Int(Integer.SIZE, true);
  private static final ArrowType FLOAT32 =
      new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
  private static final ArrowType FLOAT64 =
      new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
  private static final ArrowType UTF8 = ArrowType.Utf8.INSTANCE;

  private TableLayout() {}

  /// The schema of a table.
  ///
  /// @param header the header line of the set
  static Schema schema(String header) {
    List<Field> fields = new ArrayList<>();
    add(fields, INT64, List.of("stamp_ns", "frame"));
    add(fields, UTF8, List.of("track", "category"));
    add(fields, FLOAT32, BOX_2D);
    add(fields, FLOAT64, BOX_3D);
    add(fields, INT64, List.of("points"));
    add(fields, FLOAT32, List.of("score", "truncated", "occluded"));
    add(fields, INT32, List.of("flags"));
    add(fields, UTF8, List.of("label_id"));
    add(fields, INT32, List.of("revision"));
    add(fields, UTF8, List.of("annotator", "tool"));
    add(fields, INT64, List.of("edited_ns"));
    add(fields, UTF8, List.of("attributes", "source_file"));
    add(fields, INT64, List.of("source_offset", "source_length", "source_message"));
    add(fields, UTF8, List.of("file"));
    add(fields, INT64, List.of("position", "byte_offset", "byte_length"));
    // In one order always: that of Map.of differs from run to run.
    return new Schema(
        fields, new TreeMap<>(Map.of(TABLE_KEY, TABLE, VERSION_KEY, VERSION, SET_KEY, header)));
  }

  private static void add(List<Field> fields, ArrowType type, List<String> names) {
    for (String name : names) {
      fields.add(Field.nullable(name, type));
    }
  }

  static {
    if (BOX_2D.size() != LabelSet.BOX_2D || BOX_3D.size() != LabelSet.BOX_3D) {
      throw new AssertionError("columns of boxes");
    }
  }
}
