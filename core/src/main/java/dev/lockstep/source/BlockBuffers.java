package dev.lockstep.source;

import dev.lockstep.mapped.MemoryBudget;
import dev.lockstep.mapped.MemoryBudgetException;
import dev.lockstep.mapped.OffHeap;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Buffers that blocks are decompressed or put together in, together never above a limit: whoever
/// needs one waits until it can be had. A buffer is held during one scan only and never while
/// waiting for another, so nobody waits for ever.
public final class BlockBuffers implements AutoCloseable {
  private static final int STEP_BYTES = 1 << 16;

  /// Blocks of a recording differ by a message or so: a buffer that is a little larger than the
  /// first one serves the others too, and new ones are filled with zeros first.
  private static final int MAX_SPARE_BYTES = 2 << 20;

  /// Where fewer buffers than this fit into the limit, nobody waits for what another one spares.
  private static final int FEW = 16;

  private final MemoryBudget budget;
  private final ArrayDeque<OffHeap> idle = new ArrayDeque<>();
  private boolean closed;

  /// @param limitBytes most that all buffers may take; also the largest single one
  public BlockBuffers(long limitBytes) {
    this.budget = new MemoryBudget(limitBytes + STEP_BYTES);
  }

  /// A buffer of the caller's own, until it is closed.
  public final class Lease implements AutoCloseable {
    private final OffHeap buffer;
    private final long bytes;

    private Lease(OffHeap buffer, long bytes) {
      this.buffer = buffer;
      this.bytes = bytes;
    }

    /// The bytes asked for; their content is arbitrary.
    public MemorySegment segment() {
      return buffer.segment().asSlice(0, bytes);
    }

    @Override
    public void close() {
      giveBack(buffer);
    }
  }

  /// Waits for a buffer of `bytes` bytes.
  ///
  /// @throws IllegalArgumentException if that is above the limit
  public synchronized Lease take(long bytes) {
    long room = Math.max(STEP_BYTES, (bytes + STEP_BYTES - 1) & -STEP_BYTES);
    if (room > budget.limitBytes()) {
      throw new IllegalArgumentException("buffer of " + bytes + " bytes is above the limit");
    }
    boolean interrupted = false;
    try {
      while (true) {
        OffHeap buffer = fitting(room);
        if (buffer == null) {
          buffer = allocate(room);
        }
        if (buffer != null) {
          return new Lease(buffer, bytes);
        }
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private @Nullable OffHeap fitting(long room) {
    for (OffHeap buffer : idle) {
      if (buffer.segment().byteSize() >= room) {
        idle.remove(buffer);
        return buffer;
      }
    }
    return null;
  }

  private @Nullable OffHeap allocate(long room) {
    if (room <= budget.limitBytes() / FEW) {
      try {
        long spare = Math.min(room / 2 & -STEP_BYTES, MAX_SPARE_BYTES);
        return OffHeap.allocate(room + spare, budget);
      } catch (MemoryBudgetException e) {
        // Without, then.
      }
    }
    return exactly(room);
  }

  private @Nullable OffHeap exactly(long room) {
    while (true) {
      try {
        return OffHeap.allocate(room, budget);
      } catch (MemoryBudgetException e) {
        OffHeap spare = idle.poll();
        if (spare == null) {
          return null;
        }
        spare.close();
      }
    }
  }

  private synchronized void giveBack(OffHeap buffer) {
    if (closed) {
      buffer.close();
    } else {
      idle.addFirst(buffer);
    }
    notifyAll();
  }

  /// Frees idle buffers, and the others as they are given back.
  @Override
  public synchronized void close() {
    closed = true;
    for (OffHeap buffer = idle.poll(); buffer != null; buffer = idle.poll()) {
      buffer.close();
    }
  }
}
