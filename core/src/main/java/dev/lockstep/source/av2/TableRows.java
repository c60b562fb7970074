package dev.lockstep.source.av2;

import dev.lockstep.arrow.FeatherFile;
import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.source.RecordingSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/// A table whose meaning is not known here: its structure is examined and its rows are counted.
final class TableRows implements FeatherTable.Content {
  private final String name;
  private long rows;
  private boolean read;

  /// @param name name of the file relative to the recording
  TableRows(String name) {
    this.name = name;
  }

  /// The columns of a table; empty if the file is none.
  ///
  /// @throws IOException if the file cannot be opened
  static List<String> columns(Path path, Decompressors decompressors) throws IOException {
    List<String> columns = new ArrayList<>();
    try (MappedFile file = MappedFile.open(path)) {
      file.guard(() -> columns(file.segment(), decompressors, columns));
    } catch (MappedFaultException e) {
      columns.clear();
    }
    return columns;
  }

  private static void columns(
      MemorySegment file, Decompressors decompressors, List<String> columns) {
    try (FeatherFile table = FeatherFile.open(file, 0, decompressors)) {
      table.schema().getFields().forEach(field -> columns.add(field.getName()));
    } catch (MalformedFeatherException e) {
      // Reading it again, for its rows, will say so.
      columns.clear();
    }
  }

  @Override
  public void read(FeatherFile table, FeatherTable.Findings findings)
      throws MalformedFeatherException {
    for (int i = 0; i < table.batchCount(); i++) {
      try (VectorSchemaRoot batch = table.load(i)) {
        rows += batch.getRowCount();
      }
    }
    read = true;
  }

  @Override
  public void commit(RecordingSink sink) {
    sink.note(name + ": " + rows + " rows, of which only the structure was examined");
  }

  /// Name of the file relative to the recording.
  String name() {
    return name;
  }

  /// Number of rows.
  long rows() {
    return rows;
  }

  /// Whether the whole table could be read.
  boolean read() {
    return read;
  }
}
