package dev.lockstep.engine;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.LongAdder;

/// Adds up the CPU time of runs by pass. Measuring costs two system calls a unit of scanning and
/// changes nothing of what is found.
public final class CostMeter {
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final LongAdder scanNs = new LongAdder();
  private final LongAdder orderNs = new LongAdder();
  private final LongAdder endNs = new LongAdder();
  private final LongAdder shadowNs = new LongAdder();

  /// CPU time of the calling thread so far, ns; 0 where the machine does not tell.
  public long threadCpuNs() {
    return threads.isCurrentThreadCpuTimeSupported()
        ? Math.max(0, threads.getCurrentThreadCpuTime())
        : 0;
  }

  void scanned(long sinceNs) {
    scanNs.add(threadCpuNs() - sinceNs);
  }

  void ordered(long sinceNs) {
    orderNs.add(threadCpuNs() - sinceNs);
  }

  void ended(long sinceNs) {
    endNs.add(threadCpuNs() - sinceNs);
  }

  void shadowed(long sinceNs) {
    shadowNs.add(threadCpuNs() - sinceNs);
  }

  /// The second read and its comparison, ns.
  public long shadowCpuNs() {
    return shadowNs.sum();
  }

  /// Decompression, checksums (those of a manifest included) and payloads, ns.
  public long scanCpuNs() {
    return scanNs.sum();
  }

  /// Rules about single streams, and blocks, ns.
  public long orderCpuNs() {
    return orderNs.sum();
  }

  /// Rules about labels and whole recordings, ns.
  public long endCpuNs() {
    return endNs.sum();
  }
}
