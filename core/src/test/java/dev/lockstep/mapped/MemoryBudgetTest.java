package dev.lockstep.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class MemoryBudgetTest {
  @Test
  void givesWhatIsLeftAndNoMore() {
    MemoryBudget budget = new MemoryBudget(100);
    assertThat(budget.tryAcquire(60)).isTrue();
    assertThat(budget.tryAcquire(41)).isFalse();
    assertThat(budget.tryAcquire(40)).isTrue();
    assertThat(budget.usedBytes()).isEqualTo(100);
    budget.release(60);
    assertThat(budget.usedBytes()).isEqualTo(40);
    assertThat(budget.peakBytes()).isEqualTo(100);
    assertThat(budget.limitBytes()).isEqualTo(100);
    assertThat(budget.tryAcquire(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void refusesNonsense() {
    MemoryBudget budget = new MemoryBudget(100);
    assertThatThrownBy(() -> new MemoryBudget(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> budget.tryAcquire(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> budget.release(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("release: 1 bytes (0 in use)");
    assertThatThrownBy(() -> budget.acquire(101))
        .isInstanceOf(MemoryBudgetException.class)
        .hasMessage("buffer: 101 bytes (the memory limit is 100, of which 0 are in use)");
  }

  @Test
  @Timeout(60)
  void wakesWhoWaitsForWhatIsReleased() throws Exception {
    MemoryBudget budget = new MemoryBudget(100);
    budget.acquire(100);
    CountDownLatch started = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<?> waiter =
          threads.submit(() -> {
            started.countDown();
            budget.acquire(50);
            return null;
          });
      started.await();
      budget.release(49);
      assertThat(waiter.isDone()).isFalse();
      budget.release(1);
      waiter.get();
    }
    assertThat(budget.usedBytes()).isEqualTo(100);
  }

  @Test
  @Timeout(60)
  void takesNothingForAnInterruptedWaiter() throws Exception {
    MemoryBudget budget = new MemoryBudget(100);
    budget.acquire(100);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<?> waiter =
          threads.submit(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> budget.acquire(1)).isInstanceOf(InterruptedException.class);
          });
      waiter.get();
    }
    assertThat(budget.usedBytes()).isEqualTo(100);
  }

  @Test
  @Timeout(60)
  void isNeverExceededByManyThreads() throws Exception {
    long limit = 1000;
    MemoryBudget budget = new MemoryBudget(limit);
    AtomicLong held = new AtomicLong();
    List<Future<?>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        long seed = i;
        results.add(
            threads.submit(() -> {
              Random random = new Random(seed);
              for (int round = 0; round < 20_000; round++) {
                long bytes = random.nextLong(limit + 1);
                if (random.nextBoolean()) {
                  budget.acquire(bytes);
                } else if (!budget.tryAcquire(bytes)) {
                  continue;
                }
                assertThat(held.addAndGet(bytes)).as("seed %d", seed).isLessThanOrEqualTo(limit);
                held.addAndGet(-bytes);
                budget.release(bytes);
              }
              return null;
            }));
      }
      threads.shutdown();
      assertThat(threads.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
    }
    for (Future<?> result : results) {
      result.get();
    }
    assertThat(budget.usedBytes()).isZero();
    assertThat(budget.peakBytes()).isLessThanOrEqualTo(limit);
  }
}
