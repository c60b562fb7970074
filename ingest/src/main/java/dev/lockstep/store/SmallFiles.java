package dev.lockstep.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/// Reads and writes whole small files.
final class SmallFiles {
  /// Ends the name of a file that is not whole yet.
  static final String UNFINISHED = ".tmp";

  private static final int MAX_BYTES = 1 << 20;

  private SmallFiles() {}

  /// Writes `file` so that after any crash there is the old content or the new one, durable when
  /// this returns.
  static void write(FileLayer files, Path file, byte[] content) throws IOException {
    prepare(files, file, content);
    publish(files, file);
  }

  /// The first half of [#write]: after an error everything is as it was.
  static void prepare(FileLayer files, Path file, byte[] content) throws IOException {
    try (FileLayer.OpenFile out = files.open(unfinished(file))) {
      out.truncate(0);
      out.write(ByteBuffer.wrap(content), 0);
      out.sync();
    }
  }

  /// The second half of [#write]: after an error there is either content.
  static void publish(FileLayer files, Path file) throws IOException {
    files.replace(unfinished(file), file);
    files.syncFolder(Objects.requireNonNull(file.getParent()));
  }

  private static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + UNFINISHED);
  }

  static byte[] read(FileLayer files, Path file) throws IOException {
    try (FileLayer.OpenFile in = files.open(file)) {
      long size = in.size();
      if (size > MAX_BYTES) {
        throw new IOException(file + ": " + size + " bytes (expected at most " + MAX_BYTES + ")");
      }
      byte[] content = new byte[(int) size];
      readFully(in, ByteBuffer.wrap(content), 0);
      return content;
    }
  }

  /// Fills `bytes` from `position` on.
  static void readFully(FileLayer.OpenFile in, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      int count = in.read(bytes, at);
      if (count < 0) {
        throw new EOFException("ends at byte " + at);
      }
      at += count;
    }
  }
}
