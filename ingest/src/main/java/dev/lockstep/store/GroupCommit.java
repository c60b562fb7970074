package dev.lockstep.store;

import dev.lockstep.store.JournalLayout.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Makes what was written durable, for all parts together and at most once every so often.
///
/// One commit: take the new range of every part, append their entries to the journal, sync the
/// journal and all files side by side, and only then move the durable marks. A file whose sync
/// fails is never synced again.
final class GroupCommit {
  private final long intervalNs;
  private final Executor syncers;
  private final CommitLog log;
  private final Set<Part> dirty = new LinkedHashSet<>();
  private volatile @Nullable Thread thread;
  private volatile boolean stopping;

  /// What a commit needs of its store.
  interface CommitLog {
    /// The journal, or null once it has failed.
    @Nullable Journal journal();

    /// The journal cannot be believed any more: no part can go on.
    void journalFailed(IOException cause);

    /// The journal did not take entries of these parts, and is what it was before.
    void journalFull(List<Part> parts, IOException cause);

    /// What `part` wrote may or may not be on disk.
    void syncFailed(Part part, IOException cause);

    /// Told how long a sync took.
    void synced(long durationNs);

    /// Called after each commit, on its thread.
    void committed();
  }

  GroupCommit(long intervalNs, Executor syncers, CommitLog log) {
    this.intervalNs = intervalNs;
    this.syncers = syncers;
    this.log = log;
  }

  /// `part` has written something.
  void dirty(Part part) {
    boolean first;
    synchronized (dirty) {
      first = dirty.isEmpty();
      dirty.add(part);
    }
    Thread waiting = thread;
    if (first && waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  /// Starts a thread that commits whenever there is something to commit.
  void start() {
    Thread started = new Thread(this::run, "lockstep-commit");
    started.setDaemon(true);
    thread = started;
    started.start();
  }

  /// Stops the thread after a last commit, and waits for it.
  void stop() {
    stopping = true;
    Thread started = thread;
    if (started == null) {
      return;
    }
    LockSupport.unpark(started);
    boolean interrupted = false;
    while (started.isAlive()) {
      try {
        started.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long next = System.nanoTime();
    while (true) {
      boolean last = stopping;
      long now = System.nanoTime();
      if (!last && isClean()) {
        LockSupport.park(this);
      } else if (!last && next - now > 0) {
        LockSupport.parkNanos(this, next - now);
      } else {
        next = now + intervalNs;
        try {
          commit();
        } catch (RuntimeException | OutOfMemoryError e) {
          // Nobody knows how far it came: it must not look as if all went well.
          log.journalFailed(new IOException("a commit broke off: " + e, e));
        }
        if (last) {
          return;
        }
      }
    }
  }

  private boolean isClean() {
    synchronized (dirty) {
      return dirty.isEmpty();
    }
  }

  /// One commit of everything that is written now.
  void commit() {
    List<Part> parts;
    synchronized (dirty) {
      parts = List.copyOf(dirty);
      dirty.clear();
    }
    List<Part> taken = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (Part part : parts) {
      Entry entry = part.takeRange();
      if (entry != null) {
        taken.add(part);
        entries.add(entry);
      }
    }
    Journal journal = log.journal();
    if (entries.isEmpty() || journal == null) {
      return;
    }
    List<CompletableFuture<@Nullable IOException>> syncs = new ArrayList<>();
    try {
      IOException full = journal.append(entries);
      if (full != null) {
        log.journalFull(taken, full);
        return;
      }
    } catch (IOException e) {
      log.journalFailed(e);
      return;
    }
    CompletableFuture<@Nullable IOException> journalSync = submit(journal::sync);
    for (Part part : taken) {
      syncs.add(submit(part::sync));
    }
    IOException journalError = journalSync.join();
    for (int i = 0; i < taken.size(); i++) {
      IOException error = syncs.get(i).join();
      if (error != null) {
        log.syncFailed(taken.get(i), error);
      }
    }
    if (journalError != null) {
      log.journalFailed(journalError);
      return;
    }
    for (int i = 0; i < taken.size(); i++) {
      taken.get(i).committed(entries.get(i));
    }
    log.committed();
  }

  private interface Sync {
    void run() throws IOException;
  }

  private CompletableFuture<@Nullable IOException> submit(Sync sync) {
    return CompletableFuture.supplyAsync(
            () -> {
              long started = System.nanoTime();
              try {
                sync.run();
                return (@Nullable IOException) null;
              } catch (IOException e) {
                return e;
              } finally {
                log.synced(System.nanoTime() - started);
              }
            },
            syncers)
        .exceptionally(thrown ->
            new IOException(
                "sync broke off", thrown instanceof CompletionException c ? c.getCause() : thrown));
  }
}
