package dev.lockstep.labels.av2;

import dev.lockstep.arrow.ArrowFileOutput;
import dev.lockstep.model.LabelSet;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/// Writes the 3D boxes of a set as Argoverse 2 annotations, in the columns that [AnnotationTable]
/// reads.
final class AnnotationWriter {
  private static final int BATCH_ROWS = 1 << 16;

  private static final ArrowType INT64 = new ArrowType.Int(Long.SIZE, true);
  private static final ArrowType FLOAT64 =
      new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
  private static final String POINTS = "num_interior_pts";

  private AnnotationWriter() {}

  static void write(LabelSet labels, Path file) throws IOException {
    List<Integer> rows = new ArrayList<>();
    boolean counted = true;
    for (int row = 0; row < labels.size(); row++) {
      if (labels.has3d(row)) {
        rows.add(row);
        counted &= labels.points()[row] >= 0;
      }
    }
    try (FileChannel out =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        ArrowFileOutput table =
            new ArrowFileOutput(out, schema(counted), CodecType.NO_COMPRESSION)) {
      int inBatch = 0;
      for (int row : rows) {
        put(table.root(), inBatch++, labels, row, counted);
        if (inBatch == BATCH_ROWS) {
          table.writeBatch(inBatch);
          inBatch = 0;
        }
      }
      if (inBatch > 0 || rows.isEmpty()) {
        table.writeBatch(inBatch);
      }
      table.finish();
    }
  }

  /// @param counted whether every row tells its number of points: there is no word for unknown
  private static Schema schema(boolean counted) {
    List<Field> fields = new ArrayList<>();
    fields.add(Field.nullable("timestamp_ns", INT64));
    fields.add(Field.nullable("track_uuid", ArrowType.Utf8.INSTANCE));
    fields.add(Field.nullable("category", ArrowType.Utf8.INSTANCE));
    for (String name : AnnotationTable.NUMBERS) {
      fields.add(Field.nullable(name, FLOAT64));
    }
    if (counted) {
      fields.add(Field.nullable(POINTS, INT64));
    }
    return new Schema(fields);
  }

  private static void put(
      VectorSchemaRoot root, int to, LabelSet labels, int row, boolean counted) {
    ((BigIntVector) root.getVector("timestamp_ns")).setSafe(to, labels.stampsNs()[row]);
    int track = labels.tracks()[row];
    if (track != LabelSet.NO_TRACK) {
      text(root, "track_uuid", to, labels.trackName(track));
    }
    text(root, "category", to, labels.categoryName(labels.categories()[row]));
    // Centre, size and quaternion stand in one order in both.
    for (int i = 0; i < LabelSet.BOX_3D; i++) {
      ((Float8Vector) root.getVector(AnnotationTable.NUMBERS.get(i)))
          .setSafe(to, labels.boxes3d()[row * LabelSet.BOX_3D + i]);
    }
    if (counted) {
      ((BigIntVector) root.getVector(POINTS)).setSafe(to, labels.points()[row]);
    }
  }

  private static void text(VectorSchemaRoot root, String name, int to, String value) {
    ((VarCharVector) root.getVector(name)).setSafe(to, value.getBytes(StandardCharsets.UTF_8));
  }
}
