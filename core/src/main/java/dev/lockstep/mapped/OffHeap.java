package dev.lockstep.mapped;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// One private buffer outside the heap, counted against a [MemoryBudget] until it is closed. Any
/// thread may use and close it.
public final class OffHeap implements AutoCloseable {
  /// A cache line, and more than any access needs.
  private static final long ALIGNMENT_BYTES = 64;

  private static final AtomicLong OPEN_BYTES = new AtomicLong();

  private final Arena arena;
  private final MemorySegment segment;
  private final MemoryBudget budget;
  private final AtomicBoolean closed = new AtomicBoolean();

  private OffHeap(Arena arena, MemorySegment segment, MemoryBudget budget) {
    this.arena = arena;
    this.segment = segment;
    this.budget = budget;
  }

  /// Bytes of all buffers that exist in this process, for tests of who releases what.
  public static long openBytes() {
    return OPEN_BYTES.get();
  }

  /// Makes a buffer of `bytes` zeros, without waiting.
  ///
  /// @throws MemoryBudgetException if the budget has not so many left
  public static OffHeap allocate(long bytes, MemoryBudget budget) throws MemoryBudgetException {
    if (!budget.tryAcquire(bytes)) {
      throw budget.exceededBy(bytes);
    }
    Arena arena = Arena.ofShared();
    try {
      OffHeap made = new OffHeap(arena, arena.allocate(bytes, ALIGNMENT_BYTES), budget);
      OPEN_BYTES.addAndGet(bytes);
      return made;
    } catch (RuntimeException | Error e) {
      arena.close();
      budget.release(bytes);
      throw e;
    }
  }

  /// The buffer.
  public MemorySegment segment() {
    return segment;
  }

  /// Frees the buffer and gives its bytes back; later calls do nothing.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      arena.close();
      OPEN_BYTES.addAndGet(-segment.byteSize());
      budget.release(segment.byteSize());
    }
  }
}
