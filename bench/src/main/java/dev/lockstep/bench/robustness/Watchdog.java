package dev.lockstep.bench.robustness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sees rounds that do not end, and how much private memory the process takes.
///
/// A round is given processor time, so that a busy machine makes none look endless; one that takes
/// none at all, because its threads wait for each other, is given [#WALL_FACTOR] times as long.
final class Watchdog implements AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PRIVATE = "RssAnon:";

  private static final int WALL_FACTOR = 20;

  private final long limitNanos;
  private final Consumer<String> onHang;
  private final Thread thread;
  private volatile @Nullable String round;
  private volatile long begunNanos;
  private volatile long begunCpuNanos;
  private volatile long peakPrivateBytes;
  private volatile boolean done;

  /// @param limitSeconds processor time that a round may take
  /// @param onHang told once about a round that takes longer than the limit, with the stacks of all
  ///   threads
  Watchdog(long limitSeconds, Consumer<String> onHang) {
    this.limitNanos = TimeUnit.SECONDS.toNanos(limitSeconds);
    this.onHang = onHang;
    this.thread = new Thread(this::watch, "watchdog");
    thread.setDaemon(true);
    thread.start();
  }

  /// A round begins.
  void begin(String name) {
    begunNanos = System.nanoTime();
    begunCpuNanos = cpuNanos();
    round = name;
  }

  /// The round is over.
  void end() {
    round = null;
  }

  /// Most private memory that the process took, by the system's account, 0 where it keeps none.
  /// Mapped files are not in it.
  long peakPrivateBytes() {
    return peakPrivateBytes;
  }

  private void watch() {
    while (!done) {
      try {
        Thread.sleep(20);
        peakPrivateBytes = Math.max(peakPrivateBytes, privateBytes());
      } catch (InterruptedException | IOException e) {
        return;
      }
      String name = round;
      if (name != null && isOver()) {
        onHang.accept(name + " does not end\n" + stacks());
        round = null;
      }
    }
  }

  private boolean isOver() {
    long wall = System.nanoTime() - begunNanos;
    return wall > limitNanos
        && (wall > WALL_FACTOR * limitNanos || cpuNanos() - begunCpuNanos > limitNanos);
  }

  /// Processor time of the process; 0 where the system does not tell.
  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private static long privateBytes() throws IOException {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    for (String line : Files.readAllLines(STATUS, StandardCharsets.UTF_8)) {
      if (line.startsWith(PRIVATE)) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    return 0;
  }

  private static String stacks() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Thread, StackTraceElement[]> each : Thread.getAllStackTraces().entrySet()) {
      text.append(each.getKey()).append('\n');
      for (StackTraceElement frame : each.getValue()) {
        text.append("    ").append(frame).append('\n');
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    done = true;
    thread.interrupt();
  }
}
