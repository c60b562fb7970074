package org.apache.arrow.memory.unsafe;

import dev.lockstep.mapped.MemoryBudget;
import dev.lockstep.mapped.MemoryBudgetException;
import dev.lockstep.mapped.OffHeap;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;

/// Gives Arrow memory from [OffHeap] instead of from Netty or `Unsafe`. Arrow finds it by name and
/// takes [#FACTORY]; allocators limit what each user takes, so no limit stands here.
public final class DefaultAllocationManagerFactory implements AllocationManager.Factory {
  /// What Arrow looks for.
  public static final AllocationManager.Factory FACTORY = new DefaultAllocationManagerFactory();

  private static final MemoryBudget ALL = new MemoryBudget(Long.MAX_VALUE);

  private static final ArrowBuf EMPTY = new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);

  private DefaultAllocationManagerFactory() {}

  @Override
  public AllocationManager create(BufferAllocator accountingAllocator, long size) {
    try {
      return new Manager(accountingAllocator, OffHeap.allocate(size, ALL));
    } catch (MemoryBudgetException e) {
      throw new IllegalStateException("a budget without a limit was exceeded", e);
    }
  }

  @Override
  public ArrowBuf empty() {
    return EMPTY;
  }

  private static final class Manager extends AllocationManager {
    private final OffHeap memory;

    Manager(BufferAllocator accountingAllocator, OffHeap memory) {
      super(accountingAllocator);
      this.memory = memory;
    }

    @Override
    public long getSize() {
      return memory.segment().byteSize();
    }

    @Override
    protected long memoryAddress() {
      return memory.segment().address();
    }

    @Override
    protected void release0() {
      memory.close();
    }
  }
}
