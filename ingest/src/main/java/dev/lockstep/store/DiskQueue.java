package dev.lockstep.store;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/// What waits to be written, over all parts: the one thing that may slow a sender down.
///
/// A part that has more than its share waiting, or finds the total used up, asks its writer to
/// pause, and is told when there is room again.
final class DiskQueue {
  private final Executor writers;
  private final long partBytes;
  private final long totalBytes;
  private final AtomicLong waiting = new AtomicLong();
  private final Set<Part> paused = new LinkedHashSet<>();

  /// @param writers run the writing; each part is written by one thread at a time
  /// @param partBytes most bytes that may wait for one part before its writer pauses
  /// @param totalBytes the same for all parts together
  DiskQueue(Executor writers, long partBytes, long totalBytes) {
    this.writers = writers;
    this.partBytes = partBytes;
    this.totalBytes = totalBytes;
  }

  void execute(Runnable drain) {
    writers.execute(drain);
  }

  /// Counts `bytes` of `part`, of which `partWaiting` wait now; whether its writer may go on.
  boolean added(Part part, long bytes, long partWaiting) {
    boolean full = waiting.addAndGet(bytes) > totalBytes || partWaiting > partBytes;
    if (!full) {
      return true;
    }
    synchronized (paused) {
      paused.add(part);
    }
    // All of it may have been written meanwhile, and then nobody else would wake the part.
    if (hasRoom(part)) {
      synchronized (paused) {
        return paused.remove(part);
      }
    }
    return false;
  }

  /// Counts bytes as written or dropped, and wakes those for whom there is room now.
  void removed(long bytes) {
    waiting.addAndGet(-bytes);
    List<Part> ready;
    synchronized (paused) {
      if (paused.isEmpty()) {
        return;
      }
      ready = paused.stream().filter(this::hasRoom).toList();
      ready.forEach(paused::remove);
    }
    ready.forEach(Part::tellWritable);
  }

  private boolean hasRoom(Part part) {
    return waiting.get() <= totalBytes / 2 && part.waitingBytes() <= partBytes / 2;
  }

  long waitingBytes() {
    return waiting.get();
  }
}
