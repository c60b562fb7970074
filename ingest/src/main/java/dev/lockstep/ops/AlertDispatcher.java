package dev.lockstep.ops;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Carries alerts to one sink, on a thread of its own: in order, again where it fails, and without
/// ever holding up whoever raised them.
///
/// At most [#MAX_WAITING] alerts wait; beyond that the oldest are dropped and counted, since the
/// newest state is what matters.
public final class AlertDispatcher implements AutoCloseable {
  /// Alerts that wait at most.
  public static final int MAX_WAITING = 1000;

  /// Alerts handed over at once.
  private static final int MAX_AT_ONCE = 50;

  /// Pause before the first repetition; it doubles up to [#MAX_PAUSE].
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private static final Duration MAX_PAUSE = Duration.ofSeconds(60);

  /// How often standing alerts are told again to a sink that forgets. Alertmanager forgets after
  /// five minutes by default.
  private static final Duration REPEAT = Duration.ofSeconds(60);

  private final AlertSink sink;
  private final AlertBook book;
  private final ServiceMetrics metrics;
  private final ServiceLog log;
  private final ArrayDeque<Alert> waiting = new ArrayDeque<>();
  private final Duration firstPause;
  private final Thread thread;
  private boolean closing;
  private boolean underWay;

  /// Starts to carry the alerts of `monitor` to `sink`.
  public AlertDispatcher(ServiceMonitor monitor, AlertSink sink, ServiceLog log) {
    this(monitor, sink, log, FIRST_PAUSE);
  }

  AlertDispatcher(ServiceMonitor monitor, AlertSink sink, ServiceLog log, Duration firstPause) {
    this.sink = sink;
    this.book = monitor.alerts();
    this.metrics = monitor.metrics();
    this.log = log;
    this.firstPause = firstPause;
    this.thread = new Thread(this::run, "lockstep-alerts-" + sink.name());
    thread.setDaemon(true);
    book.addReceiver(this::add);
    thread.start();
  }

  private synchronized void add(Alert alert) {
    if (closing) {
      return;
    }
    waiting.add(alert);
    if (waiting.size() > MAX_WAITING) {
      waiting.remove();
      metrics.alert("dropped");
    }
    notifyAll();
  }

  private void run() {
    long pauseMillis = 0;
    try {
      while (true) {
        List<Alert> batch = next(pauseMillis);
        if (batch.isEmpty()) {
          return;
        }
        try {
          sink.deliver(batch);
          done(batch.size());
          pauseMillis = 0;
        } catch (IOException | RuntimeException e) {
          metrics.alert("failed");
          pauseMillis =
              pauseMillis == 0
                  ? firstPause.toMillis()
                  : Math.min(2 * pauseMillis, MAX_PAUSE.toMillis());
          log.warn(
              "alert not delivered, another try follows",
              "sink",
              sink.name(),
              "cause",
              String.valueOf(e.getMessage()),
              "pause_ms",
              pauseMillis);
          back(batch);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The alerts to hand over next; empty when there will be none any more.
  private synchronized List<Alert> next(long pauseMillis) throws InterruptedException {
    long repeatMillis = REPEAT.toMillis();
    if (pauseMillis > 0) {
      untilClosing(pauseMillis);
    }
    while (waiting.isEmpty()) {
      if (closing) {
        return List.of();
      }
      wait(sink.forgets() ? repeatMillis : 0);
      if (waiting.isEmpty() && sink.forgets()) {
        waiting.addAll(book.standing());
      }
    }
    List<Alert> batch = new ArrayList<>();
    while (batch.size() < MAX_AT_ONCE && !waiting.isEmpty()) {
      batch.add(waiting.remove());
    }
    underWay = true;
    return batch;
  }

  private void untilClosing(long pauseMillis) throws InterruptedException {
    long endNanos = System.nanoTime() + pauseMillis * 1_000_000;
    long leftMillis = pauseMillis;
    while (leftMillis > 0 && !closing) {
      wait(leftMillis);
      leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
    }
  }

  private synchronized void done(int count) {
    underWay = false;
    for (int i = 0; i < count; i++) {
      metrics.alert("delivered");
    }
    notifyAll();
  }

  private synchronized void back(List<Alert> batch) {
    underWay = false;
    batch.reversed().forEach(waiting::addFirst);
    while (waiting.size() > MAX_WAITING) {
      waiting.remove();
      metrics.alert("dropped");
    }
    notifyAll();
  }

  /// Waits until everything is delivered, at most for `limit`.
  ///
  /// @return whether it is
  public synchronized boolean drain(Duration limit) throws InterruptedException {
    long endNanos = System.nanoTime() + limit.toNanos();
    while (!waiting.isEmpty() || underWay) {
      long leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        return false;
      }
      wait(leftMillis);
    }
    return true;
  }

  /// Ends the thread; what waits is lost.
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      waiting.clear();
      notifyAll();
    }
    thread.interrupt();
  }
}
