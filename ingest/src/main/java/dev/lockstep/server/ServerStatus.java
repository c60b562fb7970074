package dev.lockstep.server;

import dev.lockstep.model.Severity;
import dev.lockstep.ops.Condition;
import dev.lockstep.ops.ConnectionStatus;
import dev.lockstep.ops.PartStatus;
import dev.lockstep.ops.ServiceMetrics;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.session.IngestHub;
import dev.lockstep.session.IngestStats;
import dev.lockstep.session.OpenPart;
import dev.lockstep.session.SealedPart;
import dev.lockstep.store.PartStore;
import dev.lockstep.store.Seal;
import dev.lockstep.wire.ErrorCode;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Tells the monitor how the server is, once a second. Runs on one thread.
final class ServerStatus {
  private static final Condition STORE_FAILS =
      new Condition("store-fails", "", Severity.ERROR, "disk", "", true);
  private static final double NS_PER_SECOND = 1e9;

  private final ServiceMonitor monitor;
  private final PartStore store;
  private final IngestHub hub;
  private final IngestStats stats;
  private final CheckedParts checks;
  private final Map<ErrorCode, Long> refused = new EnumMap<>(ErrorCode.class);
  private final Set<String> connected = new HashSet<>();
  private long received;
  private long durable;

  ServerStatus(
      ServiceMonitor monitor,
      PartStore store,
      IngestHub hub,
      IngestStats stats,
      CheckedParts checks) {
    this.monitor = monitor;
    this.store = store;
    this.hub = hub;
    this.stats = stats;
    this.checks = checks;
  }

  void tell() {
    monitor.beat();
    tellMetrics(monitor.metrics());
    String problem = store.problem();
    if (problem == null) {
      monitor.clear(STORE_FAILS.key());
    } else {
      monitor.raise(
          new Condition(
              STORE_FAILS.kind(),
              STORE_FAILS.subject(),
              STORE_FAILS.severity(),
              STORE_FAILS.attributed(),
              problem,
              true));
    }
    tellParts();
  }

  private void tellMetrics(ServiceMetrics metrics) {
    long receivedNow = stats.receivedBytes();
    metrics.received(receivedNow - received);
    received = receivedNow;
    long durableNow = stats.durableBytes();
    metrics.durable(durableNow - durable);
    durable = durableNow;
    for (ErrorCode code : ErrorCode.values()) {
      long now = stats.refusals(code);
      for (long i = refused.getOrDefault(code, 0L); i < now; i++) {
        metrics.rejected(code.label());
      }
      refused.put(code, now);
    }
    metrics.lag(checks.lagNs() / NS_PER_SECOND);
    try {
      metrics.freeDisk(store.freeBytes());
    } catch (IOException e) {
      // Its absence is a problem that the store tells by itself.
      metrics.freeDisk(0);
    }
  }

  private void tellParts() {
    Map<String, CheckedParts.Followed> followed = new HashMap<>();
    for (CheckedParts.Followed each : checks.followed()) {
      followed.put(each.name(), each);
      monitor.streams(each.name(), each.streams());
    }
    Set<String> gone = new HashSet<>(connected);
    connected.clear();
    for (OpenPart part : hub.openParts()) {
      CheckedParts.Followed check = followed.get(part.name());
      monitor.part(
          new PartStatus(
              part.name(),
              part.name(),
              part.failed() ? PartStatus.State.FAILED : PartStatus.State.OPEN,
              part.acceptedBytes(),
              part.durableBytes(),
              check == null ? 0 : check.checkedBytes(),
              "",
              check == null ? 0 : check.findings()));
      if (!part.writer().isEmpty()) {
        connected.add(part.name());
        gone.remove(part.name());
        monitor.connection(
            new ConnectionStatus(
                part.name(),
                part.writer(),
                part.session(),
                part.stream(),
                Integer.toString(part.number()),
                part.acceptedBytes(),
                part.durableBytes(),
                part.sinceMillis()));
      }
    }
    gone.forEach(monitor::disconnected);
    for (SealedPart part : hub.takeSealed()) {
      Seal seal = part.seal();
      monitor.part(
          new PartStatus(
              part.name(),
              part.name(),
              PartStatus.State.SEALED,
              seal.bytes(),
              seal.bytes(),
              seal.bytes(),
              seal.verdict(),
              part.findings()));
    }
  }
}
