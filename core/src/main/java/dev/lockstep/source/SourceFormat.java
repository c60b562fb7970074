package dev.lockstep.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

  /// How the recording at `path` comes to be, and so whether it can be read meanwhile.
  default Growth growth(Path path) {
    return Growth.UNREADABLE;
  }

  /// Files beside the recording at `path` that hold part of what was recorded, whether or not they
  /// are there: a write-ahead log. A folder's own files are not among them.
  default List<Path> beside(Path path) {
    return List.of();
  }

  /// Whether the recording at `path` says itself that its recorder has closed it; `false` where it
  /// does not, and where the format has no way to say so.
  ///
  /// @throws IOException if the operating system refuses to read it
  default boolean saysItHasEnded(Path path) throws IOException {
    return false;
  }

  /// A file beside the recording at `path` that is read with it, or null.
  default @Nullable Path readBeside(Path path) {
    return null;
  }

  /// Files and folders outside of the recording at `path` that its reading depends on, whether or
  /// not they are there: calibration, the rate of its frames. What was found without them, or with
  /// other ones, does not hold.
  default List<Path> dependsOn(Path path) {
    Path beside = readBeside(path);
    return beside == null ? List.of() : List.of(beside);
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
    return scan(path);
  }

  /// The same by one read of everything, whatever the recording says about where messages lie.
  ///
  /// @throws IOException if the operating system refuses to read
  default RecordingIndex scan(Path path) throws IOException {
    return ScannedIndex.of(path, open(path, ReadOptions.DEFAULT.withCrc32c()), true);
  }

  /// The answer to `question`: of [#index], or of [#scan] where that proves damaged.
  ///
  /// @throws IOException if the operating system refuses to read
  default <T> T ask(Path path, Question<T> question) throws IOException {
    try (RecordingIndex index = index(path)) {
      return question.of(index);
    } catch (DamagedIndexException e) {
      try (RecordingIndex index = scan(path)) {
        return question.of(index);
      }
    }
  }

  /// What is asked of an index, perhaps twice.
  ///
  /// @param <T> the answer
  interface Question<T> {
    /// The answer of `index`.
    ///
    /// @throws IOException if the recording cannot be read
    T of(RecordingIndex index) throws IOException;
  }

  /// Opens the recording at `path` to cut small recordings out of it; null where that is not
  /// possible.
  ///
  /// @throws IOException if the operating system refuses to read
  default @Nullable RecordingCutter cutter(Path path) throws IOException {
    return null;
  }
}
