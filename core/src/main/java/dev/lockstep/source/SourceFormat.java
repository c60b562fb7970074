package dev.lockstep.source;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One container or dataset layout that recordings come in. Stateless.
public interface SourceFormat {
  /// Short lower-case name (`mcap`, `kitti`, `av2`), as reports and options use it.
  String name();

  /// One line for the table of formats: what is read.
  String summary();

  /// Whether `probe`'s path is a recording of this format. Exactly one format may claim a path.
  ///
  /// Damaged recordings are claimed too, as long as name or content still tell what they were meant
  /// to be: a file that is cut to nothing must be reported, not overlooked.
  Match match(Probe probe);

  /// Whether a recording can be read while it grows, because its bytes stand in the order in which
  /// they were recorded. Others are read as they are when they are opened.
  default boolean grows() {
    return false;
  }

  /// A file beside the recording at `path` that is read with it, or null.
  default @Nullable Path readBeside(Path path) {
    return null;
  }

  /// Opens the recording at `path` for one read from its beginning.
  ///
  /// Bad data is never an exception here or later: the reader reports it as defects.
  ///
  /// @throws IOException if the operating system refuses to open or map a file (worth a retry)
  RecordingReader open(Path path, ReadOptions options) throws IOException;

  /// Opens the recording at `path` for access to any message.
  ///
  /// A format that has no other way reads everything once.
  ///
  /// @throws IOException if the operating system refuses to read
  default RecordingIndex index(Path path) throws IOException {
    return ScannedIndex.of(path, open(path, ReadOptions.DEFAULT.withCrc32c()), true);
  }

  /// Opens the recording at `path` to cut small recordings out of it; null where that is not
  /// possible.
  ///
  /// @throws IOException if the operating system refuses to read
  default @Nullable RecordingCutter cutter(Path path) throws IOException {
    return null;
  }
}
