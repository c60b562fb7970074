package dev.lockstep.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.mapped.WorkspacePool.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

final class WorkspacePoolTest {
  private static final long MIB = 1 << 20;

  @Test
  void countsABufferUntilItIsClosed() throws MemoryBudgetException {
    MemoryBudget budget = new MemoryBudget(MIB);
    OffHeap buffer = OffHeap.allocate(1000, budget);
    assertThat(buffer.segment().byteSize()).isEqualTo(1000);
    assertThat(buffer.segment().get(ValueLayout.JAVA_BYTE, 999)).isZero();
    assertThat(budget.usedBytes()).isEqualTo(1000);
    buffer.close();
    buffer.close();
    assertThat(budget.usedBytes()).isZero();
    assertThat(buffer.segment().scope().isAlive()).isFalse();
    assertThatThrownBy(() -> OffHeap.allocate(MIB + 1, budget))
        .isInstanceOf(MemoryBudgetException.class)
        .hasMessage("buffer: 1048577 bytes (the memory limit is 1048576, of which 0 are in use)");
  }

  @Test
  void keepsBuffersForTheNextBorrower() throws MemoryBudgetException {
    MemoryBudget budget = new MemoryBudget(10 * MIB);
    try (WorkspacePool pool = new WorkspacePool(budget, 2)) {
      long address;
      try (Workspace workspace = pool.borrow()) {
        MemorySegment first = workspace.buffer(0, MIB + 5);
        assertThat(first.byteSize()).isEqualTo(MIB + 5);
        address = first.address();
        assertThat(workspace.buffer(1, 10).address()).isNotEqualTo(address);
        assertThat(workspace.buffer(0, 7).byteSize()).isEqualTo(7);
      }
      long used = budget.usedBytes();
      try (Workspace workspace = pool.borrow()) {
        assertThat(workspace.buffer(0, MIB).address()).isEqualTo(address);
        assertThat(budget.usedBytes()).isEqualTo(used);
      }
    }
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void growsABufferWithoutHoldingBoth() throws MemoryBudgetException {
    MemoryBudget budget = new MemoryBudget(5 * MIB);
    try (WorkspacePool pool = new WorkspacePool(budget, 1);
        Workspace workspace = pool.borrow()) {
      MemorySegment small = workspace.buffer(0, 3 * MIB);
      MemorySegment large = workspace.buffer(0, 5 * MIB);
      assertThat(large.byteSize()).isEqualTo(5 * MIB);
      assertThat(small.scope().isAlive()).isFalse();
      assertThat(budget.peakBytes()).isEqualTo(5 * MIB);
    }
  }

  @Test
  void givesExactlyWhatIsLeftWhereRoomToGrowIsNot() throws MemoryBudgetException {
    MemoryBudget budget = new MemoryBudget(MIB + 1);
    try (WorkspacePool pool = new WorkspacePool(budget, 1);
        Workspace workspace = pool.borrow()) {
      assertThat(workspace.buffer(0, MIB + 1).byteSize()).isEqualTo(MIB + 1);
      assertThatThrownBy(() -> workspace.buffer(0, MIB + 2))
          .isInstanceOf(MemoryBudgetException.class);
      assertThat(budget.usedBytes()).isZero();
      assertThat(workspace.buffer(0, 10).byteSize()).isEqualTo(10);
    }
  }

  @Test
  void freesIdleBuffersBeforeItRefuses() throws MemoryBudgetException {
    MemoryBudget budget = new MemoryBudget(4 * MIB);
    try (WorkspacePool pool = new WorkspacePool(budget, 1)) {
      Workspace first = pool.borrow();
      Workspace second = pool.borrow();
      MemorySegment idle = first.buffer(0, 2 * MIB);
      first.close();
      MemorySegment wanted = second.buffer(0, 3 * MIB);
      assertThat(wanted.byteSize()).isEqualTo(3 * MIB);
      assertThat(idle.scope().isAlive()).isFalse();
      second.close();
    }
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void refusesUseAfterReturnAndFreesWhatReturnsLate() throws MemoryBudgetException {
    MemoryBudget budget = new MemoryBudget(4 * MIB);
    WorkspacePool pool = new WorkspacePool(budget, 1);
    Workspace workspace = pool.borrow();
    workspace.buffer(0, 100);
    pool.close();
    assertThat(budget.usedBytes()).isPositive();
    workspace.close();
    workspace.close();
    assertThat(budget.usedBytes()).isZero();
    assertThatThrownBy(() -> workspace.buffer(0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(pool::borrow).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new WorkspacePool(budget, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
