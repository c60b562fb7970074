package dev.lockstep.manifest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Small files that are there whole or not at all, also after a loss of power.
public final class DurableFile {
  private DurableFile() {}

  /// Writes `content` under the name `file`, replacing what was there in one step.
  ///
  /// @throws IOException if it cannot be written; what was there before is there still
  public static void write(Path file, byte[] content) throws IOException {
    Path target = file.toAbsolutePath();
    // Hidden, so that nobody who looks for recordings or uploads files takes it for one.
    Path part = target.resolveSibling("." + target.getFileName() + ".part");
    try (FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    Path folder = target.getParent();
    if (folder != null) {
      syncFolder(folder);
    }
  }

  /// Makes the names in a folder durable.
  ///
  /// @throws IOException if the system refuses
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }
}
