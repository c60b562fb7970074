package dev.lockstep.store;

import dev.lockstep.store.JournalLayout.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One part that is being written: a file that only grows, until it is sealed.
///
/// Bytes pass through three marks: *queued*, *written* (the system has them) and *durable* (synced,
/// with their journal entry). Only the last may be told to anybody. Safe for several threads, but
/// only one may append.
public final class Part {
  /// What a queued piece costs beside its bytes, so that many tiny ones cannot fill the memory.
  /// Judged: buffer and bookkeeping.
  private static final int PIECE_COST_BYTES = 512;

  /// Bytes that are written before other parts get their turn.
  private static final long TURN_BYTES = 4L << 20;

  /// Told about a part, on threads of the store: hand the call on and return.
  public interface Listener {
    /// The first `bytes` bytes are durable.
    void durable(long bytes);

    /// There is room in the queue again, after [Part#append] had returned false.
    void writable();

    /// The part cannot go on; nothing behind the last durable byte is safe.
    void failed(StorageException cause);
  }

  private final PartKey key;
  private final Path path;
  private final FileLayer files;
  private final DiskQueue disk;
  private final Runnable dirty;
  private final LongConsumer written;
  private final ArrayDeque<Payload> queue = new ArrayDeque<>();
  private final List<CompletableFuture<@Nullable Void>> waiters = new ArrayList<>();
  private final CRC32C rangeCrc = new CRC32C();
  private FileLayer.@Nullable OpenFile file;
  private @Nullable Listener listener;
  private @Nullable StorageException failure;
  private long queuedBytes;
  private long writtenBytes;
  private long journaledBytes;
  private long durableBytes;
  private long recordStart;
  private long durableRecordStart;
  private boolean draining;

  /// @param durableBytes length of the file, all of it durable
  /// @param dirty told when bytes wait for a commit
  /// @param written told how many bytes the file has grown by
  Part(
      PartKey key,
      Path path,
      FileLayer files,
      DiskQueue disk,
      long durableBytes,
      long recordStart,
      Runnable dirty,
      LongConsumer written) {
    this.key = key;
    this.path = path;
    this.files = files;
    this.disk = disk;
    this.durableBytes = durableBytes;
    this.writtenBytes = durableBytes;
    this.journaledBytes = durableBytes;
    this.recordStart = recordStart;
    this.durableRecordStart = recordStart;
    this.dirty = dirty;
    this.written = written;
  }

  PartKey key() {
    return key;
  }

  /// The file.
  public Path path() {
    return path;
  }

  /// Number within its stream, from 0 on.
  public int number() {
    return key.number();
  }

  /// How many bytes are durable.
  public synchronized long durableBytes() {
    return durableBytes;
  }

  /// How many bytes have been handed over, written or not.
  public synchronized long acceptedBytes() {
    return writtenBytes + queuedBytes;
  }

  /// Where the MCAP record begins that is under way at the end of what is durable.
  public synchronized long recordStart() {
    return durableRecordStart;
  }

  /// How many of them are not written yet.
  public synchronized long queuedBytes() {
    return queuedBytes;
  }

  /// What waits for the disk, with what it costs to keep it.
  public synchronized long waitingBytes() {
    return queuedBytes + (long) queue.size() * PIECE_COST_BYTES;
  }

  /// Who is told from now on; null for nobody.
  public synchronized void listen(@Nullable Listener listener) {
    this.listener = listener;
  }

  /// Queues bytes behind all earlier ones; the payload is released in any case.
  ///
  /// @return whether more may come now; otherwise wait for [Listener#writable]
  public boolean append(Payload payload) {
    long bytes = payload.bytes().remaining();
    boolean start;
    long waiting;
    synchronized (this) {
      if (failure != null) {
        payload.release().run();
        return false;
      }
      queue.add(payload);
      queuedBytes += bytes;
      waiting = waitingBytes();
      start = !draining;
      draining = true;
    }
    boolean more = disk.added(this, bytes + PIECE_COST_BYTES, waiting);
    if (start) {
      disk.execute(this::drain);
    }
    return more;
  }

  private void drain() {
    long turn = 0;
    while (turn < TURN_BYTES) {
      Payload payload;
      synchronized (this) {
        payload = failure == null ? queue.poll() : null;
        if (payload == null) {
          draining = false;
          return;
        }
      }
      int bytes = payload.bytes().remaining();
      turn += bytes;
      try {
        write(payload, bytes);
      } catch (IOException e) {
        fail(new StorageException(path + ": writing failed: " + reason(e), e, false));
        return;
      } finally {
        payload.release().run();
        disk.removed(bytes + PIECE_COST_BYTES);
      }
    }
    disk.execute(this::drain);
  }

  private void write(Payload payload, int bytes) throws IOException {
    FileLayer.OpenFile out = file();
    ByteBuffer content = payload.bytes().duplicate();
    out.write(payload.bytes(), writtenBytes);
    synchronized (this) {
      rangeCrc.update(content);
      writtenBytes += bytes;
      queuedBytes -= bytes;
      recordStart = payload.recordStart();
    }
    written.accept(bytes);
    dirty.run();
  }

  private synchronized FileLayer.OpenFile file() throws IOException {
    FileLayer.OpenFile open = file;
    if (open == null) {
      open = files.open(path);
      file = open;
    }
    return open;
  }

  /// The range that is written and in no entry yet, or null if there is none.
  synchronized @Nullable Entry takeRange() {
    if (failure != null || writtenBytes == journaledBytes) {
      return null;
    }
    Entry entry =
        new Entry(
            key,
            journaledBytes,
            writtenBytes,
            durableBytes,
            recordStart,
            (int) rangeCrc.getValue());
    journaledBytes = writtenBytes;
    rangeCrc.reset();
    return entry;
  }

  /// What recovery needs if the journal is written anew now.
  synchronized Entry baseEntry() {
    return Entry.base(key, durableBytes, durableRecordStart);
  }

  void sync() throws IOException {
    file().sync();
  }

  /// Content and journal are synced up to the end of `entry`.
  void committed(Entry entry) {
    long bytes = entry.to();
    Listener told;
    List<CompletableFuture<@Nullable Void>> settled = List.of();
    synchronized (this) {
      if (failure != null) {
        return;
      }
      durableBytes = bytes;
      durableRecordStart = entry.recordStart();
      told = listener;
      if (isSettled()) {
        settled = List.copyOf(waiters);
        waiters.clear();
      }
    }
    if (told != null) {
      told.durable(bytes);
    }
    settled.forEach(waiter -> waiter.complete(null));
  }

  private boolean isSettled() {
    return queue.isEmpty() && queuedBytes == 0 && durableBytes == writtenBytes;
  }

  /// Completes when everything that was appended is durable, or exceptionally when it never will
  /// be.
  public CompletableFuture<@Nullable Void> settled() {
    CompletableFuture<@Nullable Void> future = new CompletableFuture<>();
    StorageException cause;
    synchronized (this) {
      cause = failure;
      if (cause == null && !isSettled()) {
        waiters.add(future);
        return future;
      }
    }
    if (cause != null) {
      future.completeExceptionally(cause);
    } else {
      future.complete(null);
    }
    return future;
  }

  /// Stops the part: nothing is written, synced or acknowledged any more.
  void fail(StorageException cause) {
    List<Payload> dropped;
    List<CompletableFuture<@Nullable Void>> failed;
    Listener told;
    long bytes;
    synchronized (this) {
      if (failure != null) {
        return;
      }
      failure = cause;
      dropped = List.copyOf(queue);
      queue.clear();
      bytes = dropped.stream().mapToLong(p -> p.bytes().remaining() + PIECE_COST_BYTES).sum();
      queuedBytes = 0;
      draining = false;
      failed = List.copyOf(waiters);
      waiters.clear();
      told = listener;
    }
    dropped.forEach(payload -> payload.release().run());
    disk.removed(bytes);
    failed.forEach(waiter -> waiter.completeExceptionally(cause));
    if (told != null) {
      told.failed(cause);
    }
  }

  /// Why the part cannot go on, or null.
  public synchronized @Nullable StorageException failure() {
    return failure;
  }

  void tellWritable() {
    Listener told;
    synchronized (this) {
      told = listener;
    }
    if (told != null) {
      told.writable();
    }
  }

  /// Lets go of the file; it is opened again when something is appended. Only when settled or
  /// failed.
  void park() {
    FileLayer.OpenFile open;
    synchronized (this) {
      open = file;
      file = null;
    }
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // What is durable stays so, and nothing else was promised.
        fail(new StorageException(path + ": closing failed: " + reason(e), e, false));
      }
    }
  }

  /// CRC-32C of the last `most` bytes (or fewer) before `offset`, read from the file.
  int tailCrc(long offset, int most) throws IOException {
    int count = (int) Math.min(most, offset);
    ByteBuffer tail = ByteBuffer.allocate(count);
    SmallFiles.readFully(file(), tail, offset - count);
    CRC32C crc = new CRC32C();
    crc.update(tail.flip());
    return (int) crc.getValue();
  }

  static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
