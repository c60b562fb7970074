package dev.lockstep.arrow;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.mapped.MappedFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.jspecify.annotations.Nullable;

/// Writes some rows of an Arrow file as another one of the same columns and metadata, uncompressed.
public final class RowSubset {
  /// Rows of a batch; judged: a few megabytes.
  private static final int BATCH_ROWS = 32_768;

  private RowSubset() {}

  /// Says which rows are kept.
  public interface Rows {
    /// Which rows of a batch are kept, or null if that cannot be told and the table is not written.
    ///
    /// @param first number of its first row in the table
    @Nullable IntPredicate of(VectorSchemaRoot batch, long first);
  }

  /// Number of rows of the table at `from`, -1 if it is damaged.
  ///
  /// @param maxBatchBytes most memory that one batch may take decompressed
  /// @throws IOException if it cannot be read
  public static long count(Path from, long maxBatchBytes) throws IOException {
    long[] count = new long[1];
    boolean whole =
        read(
            from,
            maxBatchBytes,
            table -> {
              for (int number = 0; number < table.batchCount(); number++) {
                try (VectorSchemaRoot batch = table.load(number)) {
                  count[0] += batch.getRowCount();
                }
              }
              return true;
            });
    return whole ? count[0] : -1;
  }

  /// Writes those rows of the table at `from` that `rows` keeps to the file `to`, in batches of
  /// their own.
  ///
  /// @param maxBatchBytes most memory that one batch may take decompressed
  /// @return `false`, and nothing is written, if the table is damaged or `rows` cannot tell
  /// @throws IOException if it cannot be read or written
  public static boolean write(Path from, long maxBatchBytes, Rows rows, Path to)
      throws IOException {
    boolean written = read(from, maxBatchBytes, table -> write(table, rows, to));
    if (!written) {
      Files.deleteIfExists(to);
    }
    return written;
  }

  /// Does something with a table.
  private interface Use {
    boolean with(FeatherFile table) throws IOException, MalformedFeatherException;
  }

  /// What `use` says of the table, `false` where it is damaged.
  private static boolean read(Path from, long maxBatchBytes, Use use) throws IOException {
    boolean[] whole = new boolean[1];
    try (MappedFile file = MappedFile.open(from);
        Decompressors decompressors = new Decompressors()) {
      file.guard(() -> {
        try (FeatherFile table = FeatherFile.open(file.segment(), maxBatchBytes, decompressors)) {
          whole[0] = use.with(table);
        } catch (MalformedFeatherException e) {
          whole[0] = false;
        }
      });
    }
    return whole[0];
  }

  private static boolean write(FeatherFile table, Rows rows, Path to)
      throws IOException, MalformedFeatherException {
    try (FileChannel channel =
            FileChannel.open(
                to,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        ArrowFileOutput out =
            new ArrowFileOutput(channel, table.schema(), CodecType.NO_COMPRESSION)) {
      int held = 0;
      long first = 0;
      for (int number = 0; number < table.batchCount(); number++) {
        try (VectorSchemaRoot batch = table.load(number)) {
          IntPredicate kept = rows.of(batch, first);
          if (kept == null) {
            return false;
          }
          first += batch.getRowCount();
          for (int row = 0; row < batch.getRowCount(); row++) {
            if (kept.test(row)) {
              copy(batch, row, out.root(), held++);
            }
            if (held == BATCH_ROWS) {
              out.writeBatch(held);
              held = 0;
            }
          }
        }
      }
      if (held > 0 || first == 0) {
        out.writeBatch(held);
      }
      out.finish();
    }
    return true;
  }

  private static void copy(VectorSchemaRoot from, int row, VectorSchemaRoot to, int toRow) {
    List<FieldVector> columns = from.getFieldVectors();
    for (int c = 0; c < columns.size(); c++) {
      to.getVector(c).copyFromSafe(row, toRow, columns.get(c));
    }
  }
}
