package dev.lockstep.ops;

import dev.lockstep.BuildInfo;
import dev.lockstep.check.Finding;
import dev.lockstep.follow.StreamProgress;
import dev.lockstep.model.Times;
import dev.lockstep.report.FindingText;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The present state of a service and its last findings, as its doors tell them; page, metrics,
/// health and alerts are made from it.
///
/// Bounded: the newest [#MAX_PARTS] parts, [#MAX_SENSORS] sensors, [#MAX_FINDINGS] findings,
/// [#MAX_CONNECTIONS] connections. All methods may be called from any thread and never block on
/// anything but each other.
public final class ServiceMonitor {
  /// Parts that are shown; older sealed ones make room.
  public static final int MAX_PARTS = 200;

  /// Sensors that have a strip and metrics.
  public static final int MAX_SENSORS = 256;

  /// Findings that are shown.
  public static final int MAX_FINDINGS = 200;

  /// Connections that are shown.
  public static final int MAX_CONNECTIONS = 1000;

  /// Characters of a text from outside that are kept.
  private static final int MAX_TEXT = 500;

  /// A loop that has not been heard of for so long is taken for dead. Judged: far above the longest
  /// step of a healthy one.
  static final long DEAD_MILLIS = 60_000;

  private final String door;
  private final InstantSource clock;
  private final ServiceMetrics metrics;
  private final AlertBook alerts;
  private final Map<String, PartStatus> parts = new LinkedHashMap<>();
  private final Map<String, ConnectionStatus> connections = new LinkedHashMap<>();
  private final Map<String, SensorHistory> sensors = new TreeMap<>();
  private final Map<String, Condition> conditions = new LinkedHashMap<>();
  private final ArrayDeque<Noted> findings = new ArrayDeque<>();
  private final long startedMillis;
  private long notedFindings;
  private long beatMillis;
  private long sampledMillis;

  /// A finding that was noted.
  ///
  /// @param number counts all that were noted
  /// @param atMillis when
  /// @param recording the recording
  /// @param attributed who is to blame, or empty
  record Noted(
      long number,
      long atMillis,
      String recording,
      String id,
      String rule,
      String name,
      String severity,
      String text,
      String place,
      String attributed) {}

  /// The monitor of a service that has just started.
  ///
  /// @param door `watch` or `serve`
  /// @param clock for the times that are shown; nothing that is found depends on it
  public ServiceMonitor(String door, InstantSource clock) {
    this.door = door;
    this.clock = clock;
    this.startedMillis = clock.millis();
    this.beatMillis = startedMillis;
    this.metrics =
        new ServiceMetrics(BuildInfo.version(), door, this::openParts, this::sensorValues);
    this.alerts =
        new AlertBook(clock, AlertBook.DEFAULT_RAISE_AFTER, AlertBook.DEFAULT_CLEAR_AFTER);
  }

  /// Counters and gauges that only the door itself can feed.
  public ServiceMetrics metrics() {
    return metrics;
  }

  /// The alerts that follow from conditions and findings.
  public AlertBook alerts() {
    return alerts;
  }

  /// Says that the main loop of the door is alive; also takes the samples of the strips.
  public synchronized void beat() {
    beatMillis = clock.millis();
    if (beatMillis - sampledMillis >= 1000) {
      sampledMillis = beatMillis;
      sensors.values().forEach(sensor -> sensor.sample(beatMillis));
    }
  }

  /// Tells the newest state of a part.
  public synchronized void part(PartStatus part) {
    parts.remove(part.id());
    parts.put(part.id(), part);
    if (parts.size() > MAX_PARTS) {
      String oldest =
          parts.values().stream()
              .filter(each -> each.state() != PartStatus.State.OPEN)
              .findFirst()
              .orElse(parts.values().iterator().next())
              .id();
      parts.remove(oldest);
    }
  }

  /// Forgets a part that is no longer there, and what was found in it.
  public synchronized void partGone(String id) {
    parts.remove(id);
    findings.removeIf(each -> each.recording().equals(shortened(id)));
    alerts.withdraw(id);
  }

  /// Forgets a finding that does not hold any more.
  public synchronized void retracted(String recording, String fingerprint) {
    String name = shortened(recording);
    findings.removeIf(each -> each.id().equals(fingerprint) && each.recording().equals(name));
    alerts.withdraw(recording, fingerprint);
  }

  /// Tells how the streams of a part go.
  public synchronized void streams(String part, List<StreamProgress> streams) {
    long nowMillis = clock.millis();
    for (StreamProgress stream : streams) {
      String name = shortened(stream.name());
      SensorHistory known = sensors.get(name);
      if (known != null) {
        known.update(part, stream, nowMillis);
      } else if (sensors.size() < MAX_SENSORS) {
        sensors.put(name, new SensorHistory(part, stream, nowMillis));
      }
    }
  }

  /// Tells the newest state of a connection.
  public synchronized void connection(ConnectionStatus connection) {
    if (connections.size() < MAX_CONNECTIONS || connections.containsKey(connection.id())) {
      connections.put(connection.id(), connection);
    }
  }

  /// A connection has ended.
  public synchronized void disconnected(String id) {
    connections.remove(id);
  }

  /// Tells a finding.
  ///
  /// @param recording what the recording is called
  /// @param attributed `sensor`, `recorder`, `disk` or `network`, or empty
  public synchronized void finding(String recording, Finding finding, String attributed) {
    metrics.finding(finding.check().id(), finding.severity().label());
    findings.addFirst(
        new Noted(
            ++notedFindings,
            clock.millis(),
            shortened(recording),
            finding.fingerprint(),
            finding.check().id(),
            finding.check().name(),
            finding.severity().label(),
            shortened(FindingText.message(finding)),
            shortened(FindingText.place(finding.location())),
            attributed));
    if (findings.size() > MAX_FINDINGS) {
      findings.removeLast();
    }
    alerts.finding(recording, finding, attributed);
  }

  /// A condition holds; telling it again refreshes its values.
  public synchronized void raise(Condition condition) {
    conditions.put(condition.key(), condition);
    alerts.raise(condition);
  }

  /// A condition holds no more; harmless where it did not.
  public synchronized void clear(String key) {
    if (conditions.remove(key) != null) {
      alerts.clear(key);
    }
  }

  /// The conditions that hold.
  public synchronized List<Condition> conditions() {
    return List.copyOf(conditions.values());
  }

  /// Why the service is not ready; empty if it is.
  synchronized List<String> unready() {
    return conditions.values().stream()
        .filter(Condition::unready)
        .map(condition -> condition.kind() + ": " + condition.summary())
        .toList();
  }

  /// Whether the main loop has been heard of lately.
  public synchronized boolean alive() {
    return clock.millis() - beatMillis < DEAD_MILLIS;
  }

  private synchronized int openParts() {
    return (int)
        parts.values().stream().filter(part -> part.state() == PartStatus.State.OPEN).count();
  }

  private synchronized Collection<ServiceMetrics.Sensor> sensorValues() {
    long nowMillis = clock.millis();
    List<ServiceMetrics.Sensor> values = new ArrayList<>();
    sensors.forEach((name, sensor) -> {
      StreamProgress newest = sensor.newest();
      values.add(
          new ServiceMetrics.Sensor(
              name,
              newest.rateHertz(),
              sensor.ageSeconds(nowMillis),
              newest.offsetNs() == Times.NONE ? Double.NaN : newest.offsetNs() / 1e9));
    });
    return values;
  }

  private static String shortened(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
  }

  /// Everything that the status page shows, as JSON.
  synchronized byte[] status() {
    return StatusJson.of(
        new StatusJson.View(
            door,
            BuildInfo.version(),
            startedMillis,
            clock.millis(),
            List.copyOf(parts.values()).reversed(),
            List.copyOf(connections.values()),
            sensors,
            List.copyOf(conditions.values()),
            List.copyOf(findings),
            notedFindings));
  }
}
