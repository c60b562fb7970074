package dev.lockstep.mapped;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/// Reusable buffers for pieces of work that run on any thread: each piece borrows a [Workspace],
/// asks it for buffers, and returns it by closing it.
///
/// There are as many workspaces as pieces of work at one time. They keep their buffers between
/// borrowers; when the budget runs short, those of idle workspaces are freed first.
public final class WorkspacePool implements AutoCloseable {
  private final MemoryBudget budget;
  private final int buffers;
  private final ConcurrentLinkedDeque<Workspace> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /// A pool of workspaces of `buffers` buffers each, all under `budget`.
  public WorkspacePool(MemoryBudget budget, int buffers) {
    if (buffers < 1) {
      throw new IllegalArgumentException("buffers: " + buffers + " (expected 1 or more)");
    }
    this.budget = budget;
    this.buffers = buffers;
  }

  /// A workspace for the caller alone, until it closes it.
  public Workspace borrow() {
    if (closed) {
      throw new IllegalStateException("the pool is closed");
    }
    // The one returned last: its buffers are the likeliest to be in the cache.
    Workspace workspace = idle.pollFirst();
    if (workspace == null) {
      workspace = new Workspace(buffers);
    }
    workspace.borrowed = true;
    return workspace;
  }

  /// Frees the buffers of idle workspaces, and of the others as they are returned.
  @Override
  public void close() {
    closed = true;
    freeIdle();
  }

  private void freeIdle() {
    for (Workspace workspace = idle.pollFirst(); workspace != null; workspace = idle.pollFirst()) {
      workspace.free();
    }
  }

  private OffHeap allocate(long bytes) throws MemoryBudgetException {
    long roomy = roundUp(bytes);
    try {
      return OffHeap.allocate(roomy, budget);
    } catch (MemoryBudgetException e) {
      freeIdle();
    }
    return OffHeap.allocate(
        roomy <= budget.limitBytes() - budget.usedBytes() ? roomy : bytes, budget);
  }

  /// The next of sizes that lie an eighth apart or less, so that slowly growing needs are met by
  /// few allocations and no buffer wastes more than that.
  private static long roundUp(long bytes) {
    long step = Math.max(4096, Long.highestOneBit(bytes) >>> 3);
    long rounded = (bytes + step - 1) & -step;
    return rounded < bytes ? bytes : rounded;
  }

  /// A few buffers that grow as asked, used by one thread at a time.
  public final class Workspace implements AutoCloseable {
    private final @Nullable OffHeap[] own;
    private boolean borrowed;

    private Workspace(int buffers) {
      own = new OffHeap[buffers];
    }

    /// Buffer `index` of this workspace with at least `bytes` bytes, cut to exactly that. Its
    /// content is arbitrary; asking again for the same index ends what was given before.
    ///
    /// @throws MemoryBudgetException if that many cannot be had, even without all idle buffers;
    ///   buffer `index` is then empty
    public MemorySegment buffer(int index, long bytes) throws MemoryBudgetException {
      if (!borrowed) {
        throw new IllegalStateException("the workspace was returned");
      }
      OffHeap present = own[index];
      if (present == null || present.segment().byteSize() < bytes) {
        if (present != null) {
          own[index] = null;
          present.close();
        }
        present = allocate(bytes);
        own[index] = present;
      }
      return present.segment().asSlice(0, bytes);
    }

    /// Returns the workspace to its pool; later calls do nothing.
    @Override
    public void close() {
      if (!borrowed) {
        return;
      }
      borrowed = false;
      idle.addFirst(this);
      if (closed) {
        freeIdle();
      }
    }

    private void free() {
      for (int i = 0; i < own.length; i++) {
        OffHeap buffer = own[i];
        if (buffer != null) {
          own[i] = null;
          buffer.close();
        }
      }
    }
  }
}
