package dev.lockstep.ops;

import dev.lockstep.engine.CostMeter;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// The metrics of a service, for Prometheus. Labels are sensors, rules, severities and reasons, all
/// bounded; never sessions, files or tracks.
///
/// All methods may be called from any thread.
public final class ServiceMetrics {
  /// Upper bounds of the histogram of fsync times, s: from an NVMe disk to a memory card.
  private static final double[] FSYNC_BOUNDS = {
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter received;
  private final Counter durable;
  private final Histogram fsync;
  private final Counter rejected;
  private final Counter findings;
  private final Counter lost;
  private final Counter alerts;
  private final Gauge lag;
  private final Gauge stalled;
  private final Gauge freeDisk;

  /// A sensor in numbers; NaN where a value is unknown.
  record Sensor(String name, double rateHertz, double ageSeconds, double offsetSeconds) {}

  /// Metrics of `version`.
  ///
  /// @param door `watch` or `serve`
  /// @param openParts asked at each scrape
  /// @param sensors asked at each scrape
  ServiceMetrics(
      String version, String door, IntSupplier openParts, Supplier<Collection<Sensor>> sensors) {
    received =
        Counter.builder()
            .name("lockstep_received_bytes_total")
            .help("Bytes that came in: over the network, or by growth of watched files.")
            .register(registry);
    durable =
        Counter.builder()
            .name("lockstep_durable_bytes_total")
            .help("Bytes that were made durable by fdatasync.")
            .register(registry);
    fsync =
        Histogram.builder()
            .name("lockstep_fsync_duration_seconds")
            .help("Time that an fdatasync took.")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(FSYNC_BOUNDS)
            .register(registry);
    rejected =
        Counter.builder()
            .name("lockstep_rejected_total")
            .help("Senders that were refused or cut off, by reason.")
            .labelNames("reason")
            .register(registry);
    findings =
        Counter.builder()
            .name("lockstep_findings_total")
            .help("Findings, by rule and severity.")
            .labelNames("rule", "severity")
            .register(registry);
    lost =
        Counter.builder()
            .name("lockstep_lost_messages_total")
            .help("Messages known to be lost, by who lost them.")
            .labelNames("attributed")
            .register(registry);
    alerts =
        Counter.builder()
            .name("lockstep_alert_deliveries_total")
            .help("Alerts handed to a receiver, by how that ended.")
            .labelNames("outcome")
            .register(registry);
    // There from the start, so that a rate over them sees the first.
    for (String outcome : List.of("delivered", "failed", "dropped")) {
      alerts.initLabelValues(outcome);
    }
    for (String who : List.of("sensor", "recorder", "disk", "network", "unknown")) {
      lost.initLabelValues(who);
    }
    lag =
        Gauge.builder()
            .name("lockstep_validation_lag_seconds")
            .help("Longest time that readable bytes have been waiting to be checked.")
            .unit(Unit.SECONDS)
            .register(registry);
    stalled =
        Gauge.builder()
            .name("lockstep_tail_stalled_seconds")
            .help("Longest time that an unfinished recording has not grown.")
            .unit(Unit.SECONDS)
            .register(registry);
    freeDisk =
        Gauge.builder()
            .name("lockstep_free_disk_bytes")
            .help("Free bytes on the disk of the recordings.")
            .unit(Unit.BYTES)
            .register(registry);
    GaugeWithCallback.builder()
        .name("lockstep_open_parts")
        .help("Recordings that grow, or may.")
        .callback(callback -> callback.call(openParts.getAsInt()))
        .register(registry);
    sensor("rate_hertz", "Rate of a sensor.", sensors, Sensor::rateHertz);
    sensor(
        "last_message_age_seconds",
        "Time since the last message of a sensor was seen.",
        sensors,
        Sensor::ageSeconds);
    sensor(
        "offset_seconds",
        "Log time less stamp of a sensor, smoothed.",
        sensors,
        Sensor::offsetSeconds);
    Info.builder()
        .name("lockstep_build_info")
        .help("Version of Lockstep, and which of its doors this is.")
        .labelNames("version", "door")
        .register(registry)
        .setLabelValues(version, door);
  }

  private void sensor(
      String name,
      String help,
      Supplier<Collection<Sensor>> sensors,
      ToDoubleFunction<Sensor> value) {
    GaugeWithCallback.builder()
        .name("lockstep_sensor_" + name)
        .help(help)
        .labelNames("sensor")
        .callback(callback -> {
          for (Sensor each : sensors.get()) {
            double now = value.applyAsDouble(each);
            if (!Double.isNaN(now)) {
              callback.call(now, each.name());
            }
          }
        })
        .register(registry);
  }

  /// Shows the CPU time of second reads as `meter` has it, at each scrape. Called once at most.
  ///
  /// @return `meter`
  public CostMeter shadow(CostMeter meter) {
    CounterWithCallback.builder()
        .name("lockstep_shadow_cpu_seconds_total")
        .help("CPU time of second reads of recordings, and of comparing them with the first.")
        .unit(Unit.SECONDS)
        .callback(callback -> callback.call(meter.shadowCpuNs() / 1e9))
        .register(registry);
    return meter;
  }

  /// Adds bytes that came in.
  public void received(long bytes) {
    received.inc(bytes);
  }

  /// Adds bytes that became durable.
  public void durable(long bytes) {
    durable.inc(bytes);
  }

  /// Notes how long an fdatasync took.
  public void fsync(double seconds) {
    fsync.observe(seconds);
  }

  /// Counts a refused sender.
  ///
  /// @param reason one of a fixed set of words
  public void rejected(String reason) {
    rejected.labelValues(reason).inc();
  }

  /// Adds lost messages.
  ///
  /// @param attributed `sensor`, `recorder`, `disk`, `network` or `unknown`
  public void lost(String attributed, long messages) {
    lost.labelValues(attributed).inc(messages);
  }

  /// Sets the longest time that readable bytes have been waiting to be checked.
  public void lag(double seconds) {
    lag.set(seconds);
  }

  /// Sets the longest time that an unfinished recording has not grown.
  public void stalled(double seconds) {
    stalled.set(seconds);
  }

  /// Sets the free bytes on the disk of the recordings.
  public void freeDisk(long bytes) {
    freeDisk.set(bytes);
  }

  void finding(String rule, String severity) {
    findings.labelValues(rule, severity).inc();
  }

  void alert(String outcome) {
    alerts.labelValues(outcome).inc();
  }

  /// Writes all in the text format of Prometheus.
  public void write(OutputStream out) throws IOException {
    PrometheusTextFormatWriter.create().write(out, registry.scrape());
  }
}
