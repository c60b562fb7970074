package dev.lockstep.mapped;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The first bytes of a file as one read-only segment, of any length.
///
/// The length is a snapshot: what is appended later is seen only after [#extendTo]. All methods may
/// be called from any thread, and so may the segments be read until [#close], which ends them: a
/// later access throws `IllegalStateException`.
///
/// A file that shrinks while it is mapped takes pages away. Reading them raises an `InternalError`
/// in whatever Java code touches them, so all reading belongs inside [#guard]. Native code is not
/// forgiven: the process dies if a fault hits it. **Never hand a mapped segment, or a buffer over
/// one, to JNI or to `java.util.zip`**; copy to an array or to [OffHeap] first (the classes of
/// `checksum` and `codec` do).
public final class MappedFile implements AutoCloseable {
  private static final AtomicInteger OPEN = new AtomicInteger();

  /// How the JVM begins the message of the error that stands for a fault on mapped memory; other
  /// internal errors have nothing to do with the file.
  private static final String FAULT_MESSAGE = "a fault occurred in ";

  private final Path path;

  /// Asked for the length, which a channel would answer to an interrupted thread by closing itself.
  private final RandomAccessFile file;

  /// One a mapping, oldest first.
  private final ArrayDeque<Arena> arenas = new ArrayDeque<>();

  private volatile MemorySegment segment = MemorySegment.NULL;
  private boolean closed;

  private MappedFile(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /// Work on a mapped range that returns nothing.
  ///
  /// @param <E> what the work itself may throw
  @FunctionalInterface
  public interface Scan<E extends Exception> {
    /// Does the work.
    void run() throws E;
  }

  /// Maps the file at its present length.
  ///
  /// @throws IOException if `path` is no regular file or the system refuses to open or map it
  public static MappedFile open(Path path) throws IOException {
    return open(path, -1);
  }

  /// Maps the first `lengthBytes` of the file; 0 is legal and maps nothing.
  ///
  /// @throws EOFException if the file is shorter
  /// @throws IOException if `path` is no regular file or the system refuses to open or map it
  public static MappedFile openFirst(Path path, long lengthBytes) throws IOException {
    if (lengthBytes < 0) {
      throw new IllegalArgumentException("length: " + lengthBytes + " (expected 0 or more)");
    }
    return open(path, lengthBytes);
  }

  private static MappedFile open(Path path, long lengthBytes) throws IOException {
    // Opening a pipe would wait for a writer, and devices have no length.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IOException("not a regular file: " + path);
    }
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
    try {
      MappedFile mapped = new MappedFile(path, file);
      mapped.map(lengthBytes < 0 ? file.length() : lengthBytes);
      return mapped;
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private void map(long lengthBytes) throws IOException {
    long present = file.length();
    if (lengthBytes > present) {
      throw new EOFException(
          "length: " + lengthBytes + " (the file has " + present + " bytes): " + path);
    }
    Arena arena = Arena.ofShared();
    try {
      segment = file.getChannel().map(MapMode.READ_ONLY, 0, lengthBytes, arena);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
    arenas.add(arena);
    OPEN.incrementAndGet();
  }

  /// Number of mappings that exist in this process, for tests of who releases what. A file has one,
  /// and one more for each [#extendTo] until [#releaseSuperseded] or [#close].
  public static int openCount() {
    return OPEN.get();
  }

  /// The path as given.
  public Path path() {
    return path;
  }

  /// Last part of the path.
  public String name() {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }

  /// Everything mapped, read-only, [#lengthBytes()] long.
  public MemorySegment segment() {
    return segment;
  }

  /// Number of bytes mapped: the file's length when it was mapped or last extended, or less.
  public long lengthBytes() {
    return segment.byteSize();
  }

  /// The file's length now, which may be more or less than what is mapped. It is that of the file
  /// that was opened, even if another has taken its name since.
  ///
  /// @throws IOException if the system refuses to tell
  public long currentFileLength() throws IOException {
    return file.length();
  }

  /// Maps the file up to `newLengthBytes` and returns the new segment, which [#segment()] gives
  /// from then on. Segments given out before stay valid, see [#releaseSuperseded].
  ///
  /// @throws EOFException if the file is shorter than that
  /// @throws IOException if the system refuses to map it
  /// @throws IllegalArgumentException if that is less than what is mapped
  public synchronized MemorySegment extendTo(long newLengthBytes) throws IOException {
    checkOpen();
    long mapped = segment.byteSize();
    if (newLengthBytes < mapped) {
      throw new IllegalArgumentException(
          "new length: " + newLengthBytes + " (expected " + mapped + " or more)");
    }
    if (newLengthBytes > mapped) {
      map(newLengthBytes);
    }
    return segment;
  }

  /// Ends every segment but the current one. Whoever follows a file calls this once no older slice
  /// is in use: each extension maps the whole file anew, and address space, though large, is
  /// finite.
  public synchronized void releaseSuperseded() {
    checkOpen();
    release(arenas.size() - 1);
  }

  /// Runs `scan`, which reads the mapped bytes from `offset` to `offset + lengthBytes`, and tells
  /// when they were not there.
  ///
  /// Two ways of losing bytes are told: a fault (pages lie past the end of the file), and a file
  /// that has become shorter than the range by the time `scan` is done. The second matters because
  /// the rest of a file's last page reads as zeros, without a fault. What `scan` computed is
  /// worthless after either; what it threw itself takes second place. One call costs well under a
  /// microsecond, so it suits blocks, not messages.
  ///
  /// @throws MappedFaultException if bytes of the range were lost
  /// @throws E from `scan`
  public <E extends Exception> void guard(long offset, long lengthBytes, Scan<E> scan)
      throws MappedFaultException, E {
    try {
      try {
        scan.run();
      } finally {
        // A fault in compiled code is delivered at the next return from native code at the latest:
        // have that happen here and not in the caller.
        boolean _ = Thread.holdsLock(this);
      }
    } catch (InternalError e) {
      throw faulted(offset, e);
    } catch (Throwable e) {
      checkStillThere(offset, lengthBytes, e);
      throw e;
    }
    checkStillThere(offset, lengthBytes, null);
  }

  /// Runs `scan`, which reads any of the mapped bytes, see [#guard(long, long, Scan)].
  ///
  /// @throws MappedFaultException if bytes of the file were lost
  /// @throws E from `scan`
  public <E extends Exception> void guard(Scan<E> scan) throws MappedFaultException, E {
    guard(0, lengthBytes(), scan);
  }

  private MappedFaultException faulted(long offset, InternalError e) {
    String message = e.getMessage();
    if (message == null || !message.startsWith(FAULT_MESSAGE)) {
      throw e;
    }
    try {
      long present = file.length();
      if (present < lengthBytes()) {
        return new MappedFaultException(path, Math.max(offset, present), shrank(present), e);
      }
    } catch (IOException unknown) {
      e.addSuppressed(unknown);
    }
    return new MappedFaultException(path, offset, "mapped bytes cannot be read", e);
  }

  private void checkStillThere(long offset, long lengthBytes, @Nullable Throwable cause)
      throws MappedFaultException {
    try {
      long present = file.length();
      if (present < offset + lengthBytes) {
        throw new MappedFaultException(path, Math.max(offset, present), shrank(present), cause);
      }
    } catch (MappedFaultException e) {
      throw e;
    } catch (IOException e) {
      throw new MappedFaultException(path, offset, "length of a mapped file cannot be read", e);
    }
  }

  private String shrank(long present) {
    return "file shrank to " + present + " bytes (was " + lengthBytes() + " when mapped)";
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("already closed: " + path);
    }
  }

  private void release(int count) {
    for (int i = 0; i < count; i++) {
      arenas.getFirst().close();
      arenas.removeFirst();
      OPEN.decrementAndGet();
    }
  }

  /// Ends all segments of this file and closes it; later calls do nothing.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    release(arenas.size());
    closed = true;
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
