package dev.lockstep.engine;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The threads that scan: the one that orders what they bring is one of them.
///
/// Whoever waits for a task may run others instead ([Task#begin]), so that `threads` threads are
/// busy and no more: a thread beyond the cores would only take its time from the one that orders,
/// for which all others wait in the end.
final class Scanners implements AutoCloseable {
  private final int threads;

  /// The others, or null where there are none.
  private final @Nullable ExecutorService others;

  /// @param threads at least 1, the caller's own among them
  Scanners(int threads) {
    this.threads = threads;
    AtomicInteger number = new AtomicInteger();
    others =
        threads == 1
            ? null
            : Executors.newFixedThreadPool(
                threads - 1,
                work -> {
                  Thread thread = new Thread(work, "lockstep-scan-" + number.incrementAndGet());
                  thread.setDaemon(true);
                  return thread;
                });
  }

  /// How many there are, the caller's own among them.
  int threads() {
    return threads;
  }

  /// Hands over work; without other threads it begins when somebody waits for it.
  Task submit(Runnable work) {
    Task task = new Task(work);
    if (others != null) {
      others.execute(task.future);
    }
    return task;
  }

  /// Stops the threads.
  @Override
  public void close() {
    if (others != null) {
      others.shutdownNow();
    }
  }

  /// Work that is done once, by whoever comes first.
  static final class Task {
    private final FutureTask<@Nullable Void> future;

    private Task(Runnable work) {
      future = new FutureTask<>(work, null);
    }

    boolean isDone() {
      return future.isDone();
    }

    /// Does the work unless somebody has begun it.
    void begin() {
      future.run();
    }

    /// Waits for the end, doing the work where nobody has begun it, and returns what it failed
    /// with, or null.
    @Nullable Throwable await() {
      begin();
      boolean interrupted = false;
      try {
        while (true) {
          try {
            future.get();
            return null;
          } catch (InterruptedException e) {
            interrupted = true;
          } catch (ExecutionException e) {
            return e.getCause();
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
