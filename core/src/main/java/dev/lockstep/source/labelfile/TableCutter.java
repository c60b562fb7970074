package dev.lockstep.source.labelfile;

import dev.lockstep.arrow.RowSubset;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.BitSet;
import java.util.List;

/// Cuts label tables, which are Arrow files, along the numbers of their rows.
final class TableCutter implements RecordingCutter {
  /// Longest table whose rows are left out one by one. Judged: beyond, the window along the rows
  /// has to do.
  private static final int MAX_PARTS = 1 << 22;

  private final Path path;
  private final List<String> sets;
  private final long rows;

  /// A cutter for the table of `rows` rows at `path`.
  ///
  /// @param sets names of its label sets
  TableCutter(Path path, List<String> sets, long rows) {
    this.path = path.toAbsolutePath().normalize();
    this.sets = sets;
    this.rows = rows;
  }

  @Override
  public List<String> streams() {
    return sets;
  }

  @Override
  public Window whole() {
    return new Window(0, Math.max(0, rows - 1));
  }

  @Override
  public long axisOf(String stream, long index) {
    return Math.clamp(index, 0, whole().last());
  }

  /// Rows are found by their numbers only.
  @Override
  public long axisOfByte(String file, long offsetBytes) {
    return 0;
  }

  @Override
  public long step(String stream) {
    return 1;
  }

  @Override
  public boolean hasContainer() {
    return false;
  }

  @Override
  public Path cut(Plan plan, Path folder) throws IOException {
    return write((batch, first) -> row -> plan.window().contains(first + row), folder);
  }

  @Override
  public List<Part> parts() {
    if (rows > MAX_PARTS) {
      return List.of();
    }
    Part row = new Part("row", 1, false);
    return new AbstractList<>() {
      @Override
      public Part get(int index) {
        return row;
      }

      @Override
      public int size() {
        return (int) rows;
      }
    };
  }

  @Override
  public Path cut(BitSet kept, Path folder) throws IOException {
    return write((batch, first) -> row -> kept.get((int) first + row), folder);
  }

  private Path write(RowSubset.Rows kept, Path folder) throws IOException {
    Path target = folder.resolve(String.valueOf(path.getFileName()));
    if (!RowSubset.write(path, ReadOptions.DEFAULT_MAX_BLOCK_BYTES, kept, target)) {
      Files.copy(path, target);
    }
    return target;
  }

  @Override
  public void close() {}
}
