package dev.lockstep.mapped;

import java.util.concurrent.atomic.AtomicLong;

/// A number of bytes that buffers may take together, shared by any number of threads and never
/// exceeded.
public final class MemoryBudget {
  private final long limitBytes;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();
  private final Object released = new Object();
  private volatile int waiting;

  /// A budget of `limitBytes`, none of them in use.
  public MemoryBudget(long limitBytes) {
    if (limitBytes < 0) {
      throw new IllegalArgumentException("limit: " + limitBytes + " (expected 0 or more)");
    }
    this.limitBytes = limitBytes;
  }

  /// Takes `bytes` if so many are left, without waiting.
  public boolean tryAcquire(long bytes) {
    checkCount(bytes);
    long before = used.get();
    while (bytes <= limitBytes - before) {
      if (used.compareAndSet(before, before + bytes)) {
        peak.accumulateAndGet(before + bytes, Math::max);
        return true;
      }
      before = used.get();
    }
    return false;
  }

  /// Takes `bytes`, waiting until others have released enough. A thread that holds bytes already
  /// may wait for ever, as may the others for it: such a thread uses [#tryAcquire].
  ///
  /// @throws MemoryBudgetException if so many can never be had
  /// @throws InterruptedException if the thread is interrupted while it waits; nothing is taken
  public void acquire(long bytes) throws MemoryBudgetException, InterruptedException {
    if (tryAcquire(bytes)) {
      return;
    }
    if (bytes > limitBytes) {
      throw exceededBy(bytes);
    }
    synchronized (released) {
      // Counted before the next try: a release after that try sees somebody waiting.
      waiting++;
      try {
        while (!tryAcquire(bytes)) {
          released.wait();
        }
      } finally {
        waiting--;
      }
    }
  }

  /// Gives back `bytes` that were taken.
  ///
  /// @throws IllegalArgumentException if fewer are in use
  public void release(long bytes) {
    checkCount(bytes);
    long before = used.get();
    while (bytes <= before) {
      if (used.compareAndSet(before, before - bytes)) {
        if (waiting > 0) {
          synchronized (released) {
            released.notifyAll();
          }
        }
        return;
      }
      before = used.get();
    }
    throw new IllegalArgumentException("release: " + bytes + " bytes (" + before + " in use)");
  }

  /// Most that may be in use at once.
  public long limitBytes() {
    return limitBytes;
  }

  /// Bytes in use now.
  public long usedBytes() {
    return used.get();
  }

  /// Most that were in use at once so far.
  public long peakBytes() {
    return peak.get();
  }

  MemoryBudgetException exceededBy(long bytes) {
    return new MemoryBudgetException(bytes, used.get(), limitBytes);
  }

  private static void checkCount(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected 0 or more)");
    }
  }
}
