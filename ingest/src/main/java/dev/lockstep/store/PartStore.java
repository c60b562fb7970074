package dev.lockstep.store;

import dev.lockstep.store.JournalLayout.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// All parts below one folder. Opening it repairs what a crash left behind; that never needs a
/// person: what cannot be understood is moved to `quarantine` and told to the log.
///
/// Safe for several threads. Methods that say `IOException` touch the disk and may take long.
public final class PartStore implements AutoCloseable {
  static final String STREAMS = "streams";
  static final String QUARANTINE = "quarantine";
  private static final String JOURNAL = "journal: ";

  /// The larger of these is kept free unless told otherwise (research: what peers reserve).
  private static final long MIN_FREE_BYTES = 10L << 30;

  private static final int MIN_FREE_PERCENT = 5;

  private final FileLayer files;
  private final Path root;
  private final StoreOptions options;
  private final StoreLog log;
  private final LongSupplier clockMillis;
  private final DiskQueue disk;
  private final GroupCommit commit;
  private final long minFreeBytes;
  private final Map<String, StreamFolder> streams = new HashMap<>();
  private final Map<PartKey, Part> unsealed = new HashMap<>();
  private final Map<String, AtomicLong> sessionBytes = new HashMap<>();
  private final AtomicLong storeBytes = new AtomicLong();
  private volatile @Nullable Journal journal;
  private volatile @Nullable String problem;
  private volatile boolean journalLost;

  /// Opens the store at `root`, which exists, and repairs it.
  ///
  /// @param writers run the writing to files
  /// @param syncers run the syncs, several at a time
  /// @throws IOException if the store cannot be read or written at all
  public PartStore(
      FileLayer files,
      Path root,
      StoreOptions options,
      Executor writers,
      Executor syncers,
      LongSupplier clockMillis,
      StoreLog log)
      throws IOException {
    this.files = files;
    this.root = root;
    this.options = options;
    this.log = log;
    this.clockMillis = clockMillis;
    this.disk = new DiskQueue(writers, options.partQueueBytes(), options.totalQueueBytes());
    this.commit =
        new GroupCommit(options.commitMillis() * 1_000_000L, syncers, new StoreCommitLog());
    this.minFreeBytes =
        options.minFreeBytes() >= 0
            ? options.minFreeBytes()
            : Math.max(MIN_FREE_BYTES, files.totalBytes(root) / 100 * MIN_FREE_PERCENT);
    files.createFolder(root.resolve(STREAMS));
    files.createFolder(root.resolve(QUARANTINE));
    files.syncFolder(root);
    new Recovery(this, files, log).run(Journal.read(files, root));
    try {
      journal = Journal.replace(files, root, baseEntries());
    } catch (IOException e) {
      // Most likely no space is left; whoever can make some need not start us again.
      problem = JOURNAL + Part.reason(e);
      log.problem(problem + "; nothing is stored until it can be written");
    }
  }

  /// Starts committing by itself; without, only [#commitNow] commits.
  public void start() {
    commit.start();
  }

  /// Commits everything that is written now, for a store that was not started.
  public void commitNow() {
    commit.commit();
  }

  /// Why nothing can be stored at the moment, or null if all is well. A failed sync stays a problem
  /// until the store is opened anew.
  public @Nullable String problem() {
    String failed = problem;
    if (failed != null && !beginsJournal()) {
      return failed;
    }
    try {
      long free = files.usableBytes(root);
      return free < minFreeBytes
          ? "free space: " + free + " bytes (expected at least " + minFreeBytes + ")"
          : null;
    } catch (IOException e) {
      return "free space cannot be told: " + Part.reason(e);
    }
  }

  /// Begins the journal that could not be written at the start.
  ///
  /// @return whether there is one now and nothing else is wrong
  private synchronized boolean beginsJournal() {
    if (journal != null || journalLost) {
      return false;
    }
    try {
      journal = Journal.replace(files, root, baseEntries());
      problem = null;
      log.note("the journal can be written again");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Whether those who write already must stop, too: half of the reserve is gone.
  public boolean isNearlyFull() {
    try {
      return files.usableBytes(root) < minFreeBytes / 2;
    } catch (IOException e) {
      return true;
    }
  }

  /// Free space where the parts lie.
  public long freeBytes() throws IOException {
    return files.usableBytes(root);
  }

  /// Bytes that wait for the disk.
  public long waitingBytes() {
    return disk.waitingBytes();
  }

  /// How many bytes `session` may still store, and the store for it; 0 or less for none.
  public long quotaBytes(String session) {
    AtomicLong used;
    synchronized (this) {
      used = sessionBytes.get(session);
    }
    return Math.min(
        options.maxSessionBytes() - (used == null ? 0 : used.get()),
        options.maxStoreBytes() - storeBytes.get());
  }

  /// Bounds of this store.
  public StoreOptions options() {
    return options;
  }

  /// The stream of these names, or null if there is none.
  public synchronized @Nullable StreamFolder find(String session, String stream) {
    return streams.get(session + "/" + stream);
  }

  /// All streams.
  public synchronized List<StreamFolder> streams() {
    return List.copyOf(streams.values());
  }

  /// All parts that are not sealed.
  public synchronized int unsealedParts() {
    return unsealed.size();
  }

  /// The stream of these names; made if there is none, durable when this returns.
  ///
  /// @throws IOException if it cannot be made, or there are too many
  public StreamFolder findOrCreate(String session, String stream) throws IOException {
    StreamFolder known = find(session, stream);
    if (known != null) {
      return known;
    }
    synchronized (this) {
      if (streams.size() >= options.maxStreams()) {
        throw new IOException("streams: " + streams.size() + " (expected at most that many)");
      }
    }
    Ulid id = Ulid.next(clockMillis.getAsLong());
    Path parent = root.resolve(STREAMS);
    StreamFolder created = new StreamFolder(id, parent.resolve(id.toString()), session, stream);
    files.createFolder(created.folder());
    SmallFiles.write(files, created.folder().resolve(StreamFolder.NAMES), created.names());
    files.syncFolder(parent);
    synchronized (this) {
      StreamFolder other = streams.putIfAbsent(created.name(), created);
      return other == null ? created : other;
    }
  }

  /// Opens the part behind the newest; its empty file is durable when this returns.
  public Part create(StreamFolder stream, PartInfo info) throws IOException {
    int number = stream.lastPart() + 1;
    SmallFiles.write(files, stream.info(number), info.toJson());
    try (FileLayer.OpenFile made = files.open(stream.data(number))) {
      made.truncate(0);
      made.sync();
    }
    files.syncFolder(stream.folder());
    return register(stream, number, 0, 0);
  }

  /// A part that failed to write, cut to what is durable, as a new one that goes on from there.
  ///
  /// @throws IOException if its disk still fails; for good if a sync had failed
  public Part reopen(StreamFolder stream, Part failed) throws IOException {
    StorageException failure = failed.failure();
    if (failure == null) {
      return failed;
    }
    if (failure.forGood() || journal == null) {
      throw failure;
    }
    failed.park();
    long durable = failed.durableBytes();
    try (FileLayer.OpenFile file = files.open(failed.path())) {
      if (file.size() < durable) {
        throw new IOException(failed.path() + ": shorter than its durable bytes");
      }
      file.truncate(durable);
      try {
        // What lies behind must not come back when the part is sealed as it is now.
        file.sync();
      } catch (IOException e) {
        problem = failed.path() + ": sync failed: " + Part.reason(e);
        throw new StorageException(Objects.requireNonNull(problem), e, true);
      }
    }
    return register(stream, failed.number(), durable, failed.recordStart());
  }

  Part register(StreamFolder stream, int number, long durable, long recordStart) {
    PartKey key = new PartKey(stream.id(), number);
    AtomicLong ofSession;
    synchronized (this) {
      ofSession = sessionBytes.computeIfAbsent(stream.session(), name -> new AtomicLong());
    }
    Part[] self = new Part[1];
    Part part =
        new Part(
            key,
            stream.data(number),
            files,
            disk,
            durable,
            recordStart,
            () -> commit.dirty(self[0]),
            bytes -> {
              ofSession.addAndGet(bytes);
              storeBytes.addAndGet(bytes);
            });
    self[0] = part;
    stream.put(number, part);
    synchronized (this) {
      unsealed.put(key, part);
    }
    return part;
  }

  void count(String session, long bytes) {
    synchronized (this) {
      sessionBytes.computeIfAbsent(session, name -> new AtomicLong()).addAndGet(bytes);
    }
    storeBytes.addAndGet(bytes);
  }

  synchronized void add(StreamFolder stream) {
    streams.put(stream.name(), stream);
  }

  Path root() {
    return root;
  }

  /// CRC-32C of the last `most` bytes (or fewer) before `offset`.
  public int tailCrc(Part part, long offset, int most) throws IOException {
    return part.tailCrc(offset, most);
  }

  /// What was announced for a part.
  public PartInfo info(StreamFolder stream, int number) throws IOException {
    return PartInfo.fromJson(SmallFiles.read(files, stream.info(number)));
  }

  /// The seal of a part.
  ///
  /// @throws IOException if it cannot be read, or is not what a seal looks like
  public Seal seal(StreamFolder stream, int number) throws IOException {
    return Seal.fromJson(SmallFiles.read(files, stream.seal(number)));
  }

  /// Makes a settled part immutable; durable when this returns.
  public void seal(StreamFolder stream, Part part, Seal seal) throws IOException {
    if (seal.bytes() != part.durableBytes()) {
      throw new IllegalStateException(
          "seal of " + seal.bytes() + " bytes, durable " + part.durableBytes());
    }
    part.park();
    files.makeReadOnly(part.path());
    SmallFiles.write(files, stream.seal(part.number()), seal.toJson());
    stream.put(part.number(), null);
    synchronized (this) {
      unsealed.remove(part.key());
    }
  }

  /// Lets go of the file of a settled part until it is needed again.
  public void park(Part part) {
    part.park();
  }

  private Collection<Entry> baseEntries() {
    List<Part> parts;
    synchronized (this) {
      parts = List.copyOf(unsealed.values());
    }
    List<Entry> entries = new ArrayList<>(parts.size());
    parts.forEach(part -> entries.add(part.baseEntry()));
    return entries;
  }

  /// Commits what is written and closes all files.
  @Override
  public void close() throws IOException {
    commit.stop();
    List<Part> parts;
    synchronized (this) {
      parts = List.copyOf(unsealed.values());
    }
    parts.forEach(Part::park);
    Journal open = journal;
    if (open != null) {
      open.close();
    }
  }

  private final class StoreCommitLog implements GroupCommit.CommitLog {
    @Override
    public @Nullable Journal journal() {
      return journal;
    }

    @Override
    public void journalFull(List<Part> parts, IOException cause) {
      String what = JOURNAL + Part.reason(cause);
      log.problem(what + "; what was not acknowledged of " + parts.size() + " parts is given up");
      StorageException failure = new StorageException(what, cause, false);
      parts.forEach(part -> part.fail(failure));
    }

    @Override
    public void journalFailed(IOException cause) {
      journalLost = true;
      journal = null;
      problem = JOURNAL + Part.reason(cause);
      log.problem(Objects.requireNonNull(problem) + "; nothing is stored until the next start");
      List<Part> parts;
      synchronized (PartStore.this) {
        parts = List.copyOf(unsealed.values());
      }
      StorageException failure = new StorageException(JOURNAL + Part.reason(cause), cause, true);
      parts.forEach(part -> part.fail(failure));
    }

    @Override
    public void syncFailed(Part part, IOException cause) {
      problem = part.path() + ": sync failed: " + Part.reason(cause);
      log.problem(Objects.requireNonNull(problem) + "; the part stops until the next start");
      part.fail(
          new StorageException(part.path() + ": sync failed: " + Part.reason(cause), cause, true));
    }

    @Override
    public void synced(long durationNs) {
      log.synced(durationNs);
    }

    @Override
    public void committed() {
      Journal open = journal;
      if (open != null && open.isLong()) {
        try {
          IOException full = open.compact(baseEntries());
          if (full != null) {
            log.problem(JOURNAL + "not shortened: " + Part.reason(full));
          }
        } catch (IOException e) {
          journalFailed(e);
        }
      }
    }
  }
}
