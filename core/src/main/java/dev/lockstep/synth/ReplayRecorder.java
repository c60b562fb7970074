package dev.lockstep.synth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// Writes a finished recording once more as a recorder would have written it, piece by piece, with
/// the habits of the official writers. What is there at the end has the bytes of the original.
///
/// A program of its own, since whoever follows files asks which processes hold them open.
public final class ReplayRecorder {
  /// How a recorder brings its bytes into the file.
  public enum Habit {
    /// Whole chunks, or records where there are none, flushed one by one (C++, Go).
    FLUSH_PER_CHUNK,
    /// What a buffer of 4 KiB lets go of, wherever that ends (C++ without flushing).
    BUFFERED,
    /// Any number of bytes.
    PIECES,
    /// A chunk begins with a head of all ones that is overwritten when it is closed (Rust).
    REWRITTEN_HEAD
  }

  private static final int BUFFER_BYTES = 4096;
  private static final int MAGIC_BYTES = 8;
  private static final int HEAD_BYTES = 9;
  private static final int CHUNK = 0x06;

  /// Bytes of a chunk's head in front of the name of its compression, record head included.
  private static final int CHUNK_FIXED_BYTES = HEAD_BYTES + 28;

  private final Random random;
  private final long mostPauseNanos;

  /// @param seed decides where pieces end and how long pauses are
  /// @param mostPauseMillis longest pause between two pieces; 0 never pauses
  public ReplayRecorder(long seed, long mostPauseMillis) {
    this.random = new Random(seed);
    this.mostPauseNanos = mostPauseMillis * 1_000_000;
  }

  /// Runs the jobs in a file, one a line: `HABIT SEED MILLISECONDS SOURCE TARGET`, separated by
  /// tabs.
  public static void main(String[] args) throws IOException {
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      String[] job = line.split("\t", -1);
      new ReplayRecorder(Long.parseLong(job[1]), Long.parseLong(job[2]))
          .replay(Path.of(job[3]), Path.of(job[4]), Habit.valueOf(job[0]));
    }
  }

  /// Writes `target` with the bytes of `source`, a file or a folder; of a folder, file by file.
  ///
  /// @throws IOException if either cannot be accessed
  public void replay(Path source, Path target, Habit habit) throws IOException {
    if (Files.isDirectory(source)) {
      for (Path each : filesIn(source)) {
        Path copy = target.resolve(source.relativize(each));
        Files.createDirectories(copy.getParent());
        Files.copy(each, copy);
        pause();
      }
      return;
    }
    byte[] bytes = Files.readAllBytes(source);
    try (FileChannel file =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      switch (habit) {
        case FLUSH_PER_CHUNK -> {
          int from = 0;
          for (int end : recordEnds(bytes)) {
            write(file, bytes, from, end);
            from = end;
            pause();
          }
        }
        case BUFFERED -> {
          for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + BUFFER_BYTES * (1 + random.nextInt(16)));
            write(file, bytes, at, end);
            at = end;
            pause();
          }
        }
        case PIECES -> pieces(file, bytes, 0, bytes.length);
        case REWRITTEN_HEAD -> rewritten(file, bytes);
      }
    }
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(null);
    return files;
  }

  private void pieces(FileChannel file, byte[] bytes, int from, int to) throws IOException {
    for (int at = from; at < to; ) {
      int end = Math.min(to, at + 1 + random.nextInt(1 + Math.max(1, (to - from) / 4)));
      write(file, bytes, at, end);
      at = end;
      pause();
    }
  }

  private void rewritten(FileChannel file, byte[] bytes) throws IOException {
    int from = 0;
    for (int end : recordEnds(bytes)) {
      int head = from >= MAGIC_BYTES && bytes[from] == CHUNK ? chunkHeadBytes(bytes, from, end) : 0;
      if (head > 0) {
        ByteBuffer open = ByteBuffer.wrap(bytes.clone(), from, head).slice();
        open.order(ByteOrder.LITTLE_ENDIAN);
        // Record length, times, sizes and CRC are not known yet.
        for (int i = 1; i < CHUNK_FIXED_BYTES; i++) {
          open.put(i, (byte) -1);
        }
        open.putLong(head - Long.BYTES, -1);
        file.write(open);
        pause();
        pieces(file, bytes, from + head, end);
        file.position(from);
        write(file, bytes, from, from + head);
        file.position(end);
      } else {
        write(file, bytes, from, end);
      }
      from = end;
      pause();
    }
  }

  /// Bytes of a chunk up to its records, or 0 if it is too damaged to tell.
  private static int chunkHeadBytes(byte[] bytes, int from, int end) {
    if (end - from < CHUNK_FIXED_BYTES + Integer.BYTES) {
      return 0;
    }
    int name =
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(from + CHUNK_FIXED_BYTES);
    long head = (long) CHUNK_FIXED_BYTES + Integer.BYTES + name + Long.BYTES;
    return name < 0 || head > end - from ? 0 : (int) head;
  }

  /// Ends of the magic and of each record; where records cannot be told, the end of the file.
  private static List<Integer> recordEnds(byte[] bytes) {
    List<Integer> ends = new ArrayList<>();
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = Math.min(MAGIC_BYTES, bytes.length);
    ends.add(at);
    while (bytes.length - at >= HEAD_BYTES) {
      long length = view.getLong(at + 1);
      if (length < 0 || length > bytes.length - at - HEAD_BYTES) {
        break;
      }
      at += HEAD_BYTES + (int) length;
      ends.add(at);
    }
    if (at < bytes.length) {
      ends.add(bytes.length);
    }
    return ends;
  }

  private static void write(FileChannel file, byte[] bytes, int from, int to) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes, from, to - from);
    while (left.hasRemaining()) {
      file.write(left);
    }
  }

  private void pause() {
    if (mostPauseNanos > 0) {
      LockSupport.parkNanos(random.nextLong(mostPauseNanos));
    }
  }
}
