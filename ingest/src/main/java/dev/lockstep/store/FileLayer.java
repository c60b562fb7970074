package dev.lockstep.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// What the store asks of a file system, and no more: tests put a disk that fails, or that loses
/// power, behind it.
public interface FileLayer {
  /// Makes a folder; its parent exists. Nothing happens where it is there already.
  void createFolder(Path folder) throws IOException;

  /// Whether there is a file or folder.
  boolean exists(Path path);

  /// Names in a folder, sorted.
  List<String> list(Path folder) throws IOException;

  /// Opens for reading and writing; made empty if it is not there.
  OpenFile open(Path file) throws IOException;

  /// Renames; what was at `to` is gone. Within one folder or file system.
  void replace(Path from, Path to) throws IOException;

  /// Deletes a file.
  void delete(Path file) throws IOException;

  /// Makes names in the folder durable.
  void syncFolder(Path folder) throws IOException;

  /// Takes the permission to write away.
  void makeReadOnly(Path file) throws IOException;

  /// Free space for an ordinary user.
  long usableBytes(Path folder) throws IOException;

  /// Size of the whole file system.
  long totalBytes(Path folder) throws IOException;

  /// An open file.
  interface OpenFile extends AutoCloseable {
    /// Reads up to `bytes.remaining()` bytes at `position`; -1 at the end.
    int read(ByteBuffer bytes, long position) throws IOException;

    /// Writes all of `bytes` at `position`.
    void write(ByteBuffer bytes, long position) throws IOException;

    /// Length.
    long size() throws IOException;

    /// Cuts to `size`.
    void truncate(long size) throws IOException;

    /// Makes content and length durable (`fdatasync`). After an error nobody knows what is stored:
    /// never call it again and believe it.
    void sync() throws IOException;

    @Override
    void close() throws IOException;
  }
}
