package dev.lockstep.source;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads one recording from front to back, once, as far as it has been written.
///
/// The engine calls [#extend] with how much may be read, then drains [#next]; each unit is scanned
/// on any thread and committed on the engine's thread, in the order of `next`. At the end it calls
/// [#finish]. Whether a recording is handed over whole or in small pieces makes no difference to
/// what the sink receives, other than how messages are cut into batches.
///
/// `extend`, `next`, `finish` and `close` are called by one thread.
public interface RecordingReader extends AutoCloseable {
  /// How much there is to read now: bytes for a format of one file, files for a folder.
  ///
  /// @throws IOException if the operating system refuses to tell
  long available() throws IOException;

  /// Allows reading up to `available`; `complete` says that no more will follow.
  ///
  /// @throws IOException if the file cannot be mapped further
  void extend(long available, boolean complete) throws IOException;

  /// The next piece of work, or null if what may be read holds none that is whole.
  @Nullable ScanUnit next();

  /// How far `next` has come, in the unit of [#available].
  long position();

  /// Reports what can be said only at the end: cross-checks, coverage, label sets. Called once,
  /// after the last unit was committed and `extend(.., true)`.
  void finish(RecordingSink sink);

  /// Hands over all that there is to `sink`, on the calling thread; nothing may have been read yet.
  ///
  /// @throws IOException if the recording cannot be mapped
  default void readAll(RecordingSink sink) throws IOException {
    extend(available(), true);
    for (ScanUnit unit = next(); unit != null; unit = next()) {
      unit.scan();
      unit.commit(sink);
    }
    finish(sink);
  }

  /// Releases files and mappings.
  @Override
  void close();
}
