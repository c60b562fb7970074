package dev.lockstep.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A file of results, which appears whole or not at all.
final class WholeFile {
  private static final int BUFFER_BYTES = 1 << 16;

  private WholeFile() {}

  /// Writes what a file holds.
  interface Content {
    void write(OutputStream out) throws IOException;
  }

  /// Writes `file`; until it is whole it grows under another name. What is no regular file, such as
  /// a pipe or `/dev/null`, is written to and stays what it is, and a link goes on to lead to the
  /// file.
  ///
  /// @throws IOException if it cannot be written
  static void write(Path file, Content content) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "a folder (expected a file)");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      try {
        fill(file, content);
      } catch (IOException e) {
        throw about(file, e);
      }
      return;
    }
    Path target = Files.exists(file) ? file.toRealPath() : file;
    Path folder = target.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      fill(part, content);
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (AccessDeniedException e) {
      throw new AccessDeniedException(file.toString());
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw about(file, e);
    }
  }

  private static void fill(Path file, Content content) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES)) {
      content.write(out);
    }
  }

  /// Names the file where the system does not: "No space left on device" alone says too little.
  private static IOException about(Path file, IOException e) {
    return e instanceof FileSystemException
        ? e
        : new IOException(file + ": " + Messages.reason(e), e);
  }
}
