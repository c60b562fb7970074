package dev.lockstep.source.rosbag2;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.source.BlockBuffers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bytes of one database: its file, and the log beside it if there is one. Neither is locked or
/// written; what a recorder appends later is not seen.
final class Db3Bytes implements AutoCloseable {
  static final String COMPRESSED = ".zstd";

  private final Path path;
  private final MappedFile file;
  private final @Nullable MappedFile log;
  private final @Nullable FileTime modified;
  private BlockBuffers.@Nullable Lease plain;
  private MemorySegment content;

  private Db3Bytes(
      Path path, MappedFile file, @Nullable MappedFile log, @Nullable FileTime modified) {
    this.path = path;
    this.file = file;
    this.log = log;
    this.modified = modified;
    this.content = file.segment();
  }

  /// Maps the file and its log at their present lengths.
  static Db3Bytes open(Path path) throws IOException {
    FileTime modified = modified(path);
    MappedFile file = MappedFile.open(path);
    try {
      Path beside = beside(path, "-wal");
      MappedFile log = null;
      if (Files.isRegularFile(beside)) {
        log = MappedFile.open(beside);
      }
      return new Db3Bytes(path, file, log, modified);
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static @Nullable FileTime modified(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      return null;
    }
  }

  private static Path beside(Path path, String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  /// Files that hold part of what the database at `path` does, where they are there.
  static List<Path> beside(Path path) {
    return List.of(beside(path, "-wal"), beside(path, "-journal"));
  }

  Path path() {
    return path;
  }

  /// What changes when somebody writes the files: length and identity of the log, length of the
  /// file and the counter of its changes.
  record Mark(String log, long logBytes, long fileBytes, int changes) {}

  /// The mark as of now.
  Mark mark() {
    VarHandle.fullFence();
    Path beside = beside(path, "-wal");
    String log = "";
    long logBytes = 0;
    long fileBytes = -1;
    try {
      fileBytes = file.currentFileLength();
      BasicFileAttributes attributes = Files.readAttributes(beside, BasicFileAttributes.class);
      log = String.valueOf(attributes.fileKey());
      logBytes = attributes.size();
    } catch (IOException e) {
      // There is none.
    }
    int changes =
        file.lengthBytes() < SqliteLayout.FILE_HEADER_BYTES
            ? 0
            : file.segment().get(SqliteLayout.U32, SqliteLayout.CHANGE_COUNTER_AT);
    return new Mark(log, logBytes, fileBytes, changes);
  }

  /// Whether the files are as long as they were when they were opened.
  boolean isStill() {
    Mark now = mark();
    return now.fileBytes() == file.lengthBytes() && now.logBytes() == logBytes();
  }

  String name() {
    return file.name();
  }

  boolean isCompressed() {
    return name().endsWith(COMPRESSED);
  }

  /// Decompresses a file that is compressed as a whole.
  ///
  /// @return whether all of the content has a checksum of its own, which was right
  /// @throws MalformedCompressionException if it is damaged or larger than `limitBytes`
  boolean decompress(BlockBuffers buffers, Decompressors decompressors, long limitBytes)
      throws MalformedCompressionException {
    long room = Math.min(limitBytes, Math.max(1 << 20, file.lengthBytes() * 8));
    while (true) {
      BlockBuffers.Lease lease = buffers.take(room);
      boolean kept = false;
      try {
        var done = decompressors.decompress(Decompressors.ZSTD, file.segment(), lease.segment());
        plain = lease;
        kept = true;
        content = lease.segment().asSlice(0, done.outputBytes());
        return done.checksummed();
      } catch (MalformedCompressionException e) {
        if (room >= limitBytes || e.decodedBytes() < room / 2) {
          throw e;
        }
        room = Math.min(limitBytes, room * 8);
      } finally {
        if (!kept) {
          lease.close();
        }
      }
    }
  }

  /// The database.
  MemorySegment content() {
    return content;
  }

  /// The file as it lies there.
  MemorySegment stored() {
    return file.segment();
  }

  /// The log, or null.
  @Nullable MemorySegment log() {
    MappedFile mapped = log;
    return mapped == null ? null : mapped.segment();
  }

  /// Length of the log, 0 if there is none.
  long logBytes() {
    MappedFile mapped = log;
    return mapped == null ? 0 : mapped.lengthBytes();
  }

  /// Length of a rollback journal that has not been played back, or 0. SQLite ends a transaction by
  /// removing it, emptying it or overwriting its first bytes with zeros.
  long hotJournalBytes() {
    Path journal = beside(path, "-journal");
    try (var in = Files.newInputStream(journal)) {
      return in.read() == 0xD9 ? Files.size(journal) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /// Whether somebody wrote the file since it was opened.
  boolean changed() {
    FileTime then = modified;
    return then != null && Files.exists(path) && !then.equals(modified(path));
  }

  /// Runs `scan` over both files.
  void guard(Runnable scan) throws MappedFaultException {
    MappedFile second = log;
    if (second == null) {
      file.guard(scan::run);
    } else {
      file.guard((MappedFile.Scan<MappedFaultException>) () -> second.guard(scan::run));
    }
  }

  @Override
  public void close() {
    BlockBuffers.Lease lease = plain;
    plain = null;
    if (lease != null) {
      lease.close();
    }
    MappedFile second = log;
    if (second != null) {
      second.close();
    }
    file.close();
  }
}
