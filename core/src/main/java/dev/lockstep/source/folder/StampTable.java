package dev.lockstep.source.folder;

import dev.lockstep.model.Defect;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingSink;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A file with one stamp a row. Its stamps are read when it is opened; its rows, where they are
/// messages of their own, later and in pieces.
interface StampTable extends AutoCloseable {
  /// Name of the file relative to the recording.
  String name();

  /// Length of the file.
  long lengthBytes();

  /// Stamps of the rows, [dev.lockstep.model.Times#NONE] where a row has none that can be read.
  StampColumn stamps();

  /// Names of the rows' files, or null if the table has none.
  @Nullable List<String> files();

  /// Finest step that the stored numbers allow, ns; see [dev.lockstep.model.StreamInfo].
  long stampStepNs();

  /// Whether the table could be read.
  boolean sound();

  /// Reports what is wrong with the table, for the stream of that name.
  void report(String stream, RecordingSink sink);

  /// Reads rows `first` to `last` into `batch`, with their places and digests; `defects` is told
  /// what went wrong.
  ///
  /// @param stream name of the stream
  void read(
      int first,
      int last,
      MessageBatch batch,
      String stream,
      ReadOptions options,
      Consumer<Defect> defects);

  @Override
  void close();
}
