package dev.lockstep.engine;

import java.util.concurrent.atomic.AtomicInteger;

/// How many streams may be observed at a time, over all runs of an engine: the rules keep a window
/// of each. Streams beyond are counted and not examined, which their recording says.
///
/// Safe for several threads.
final class StreamBudget {
  /// What the observers of one stream hold. Measured: 75 to 85 kB with all rules.
  private static final long BYTES_PER_STREAM = 96 << 10;

  /// Share of the heap that they may take: the rest is for what is read, labels and results.
  private static final int HEAP_SHARE = 3;

  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  /// @param most streams at a time
  StreamBudget(int most) {
    this.most = most;
  }

  /// One that fits into the memory of this process.
  static StreamBudget ofHeap() {
    long fitting = Runtime.getRuntime().maxMemory() / HEAP_SHARE / BYTES_PER_STREAM;
    return new StreamBudget(Math.clamp(fitting, 64, 1 << 20));
  }

  /// Takes one if there is one left.
  boolean take() {
    boolean taken = open.incrementAndGet() <= most;
    if (!taken) {
      open.decrementAndGet();
    }
    return taken;
  }

  /// Gives `count` back.
  void giveBack(int count) {
    open.addAndGet(-count);
  }

  /// Whether more than half of them are taken.
  boolean isScarce() {
    return open.get() > most / 2;
  }
}
