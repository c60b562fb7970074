package dev.lockstep.ops;

import dev.lockstep.check.Finding;
import dev.lockstep.model.Severity;
import dev.lockstep.report.FindingText;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Which alerts stand, and when they change.
///
/// A condition is raised once it has held for a while and clears once it has been gone for a while,
/// so that what flickers does not ring twice. A finding is raised at once, one alert for each
/// fingerprint of a recording, and clears when none like it came for a while, or at once where it
/// is taken back. At most [#MAX_ALERTS] stand at a time.
///
/// All methods may be called from any thread.
public final class AlertBook {
  /// How long a condition must hold. Judged.
  public static final Duration DEFAULT_RAISE_AFTER = Duration.ofSeconds(2);

  /// How long it must be gone, or a finding not be repeated. Judged.
  public static final Duration DEFAULT_CLEAR_AFTER = Duration.ofSeconds(60);

  /// Alerts that stand at most; a recording in ruins must not ring a thousand times.
  public static final int MAX_ALERTS = 500;

  private final InstantSource clock;
  private final long raiseAfterMillis;
  private final long clearAfterMillis;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Consumer<Alert>> receivers = new ArrayList<>();
  private Severity least = Severity.WARNING;
  private long suppressed;

  private static final class Entry {
    final Alert alert;

    /// It came and was over at once, as findings are.
    final boolean momentary;

    boolean announced;

    /// Whether it never should have been raised, as it turned out.
    boolean withdrawn;

    /// When it was last seen gone, or 0 while it holds.
    long goneMillis;

    Entry(Alert alert, boolean momentary) {
      this.alert = alert;
      this.momentary = momentary;
    }
  }

  AlertBook(InstantSource clock, Duration raiseAfter, Duration clearAfter) {
    this.clock = clock;
    this.raiseAfterMillis = raiseAfter.toMillis();
    this.clearAfterMillis = clearAfter.toMillis();
  }

  /// Adds somebody who is told of every change, on the thread that calls [#tick]; it must not
  /// block.
  public synchronized void addReceiver(Consumer<Alert> receiver) {
    receivers.add(receiver);
  }

  /// Alerts below `severity` are not raised.
  public synchronized void setLeast(Severity severity) {
    least = severity;
  }

  synchronized void raise(Condition condition) {
    if (condition.severity().compareTo(least) < 0) {
      return;
    }
    hold(
        condition.key(),
        new Alert(
            condition.key(),
            true,
            condition.kind(),
            condition.severity().label(),
            condition.subject(),
            condition.attributed(),
            condition.summary(),
            clock.millis(),
            0),
        0);
  }

  synchronized void finding(String recording, Finding finding, String attributed) {
    if (finding.severity().compareTo(least) < 0) {
      return;
    }
    String fingerprint = finding.fingerprint();
    long nowMillis = Math.max(1, clock.millis());
    Alert alert =
        new Alert(
            fingerprint,
            true,
            finding.check().name(),
            finding.severity().label(),
            recording,
            attributed,
            FindingText.message(finding),
            nowMillis,
            0);
    // It has come and is over: nothing will tell that it is gone.
    hold(key(recording, fingerprint), alert, nowMillis);
  }

  private static String key(String recording, String fingerprint) {
    return fingerprint + "|" + recording;
  }

  /// A finding does not hold any more: its alert clears at once.
  synchronized void withdraw(String recording, String fingerprint) {
    Entry known = entries.get(key(recording, fingerprint));
    if (known != null) {
      known.withdrawn = true;
    }
  }

  /// No finding of a recording holds any more.
  synchronized void withdraw(String recording) {
    for (Entry each : entries.values()) {
      each.withdrawn |= each.momentary && each.alert.subject().equals(recording);
    }
  }

  private void hold(String key, Alert alert, long goneMillis) {
    Entry known = entries.get(key);
    if (known != null) {
      known.goneMillis = goneMillis;
      known.withdrawn = false;
    } else if (entries.size() < MAX_ALERTS) {
      Entry entry = new Entry(alert, goneMillis != 0);
      entry.goneMillis = goneMillis;
      entries.put(key, entry);
    } else {
      suppressed++;
    }
  }

  synchronized void clear(String key) {
    Entry known = entries.get(key);
    if (known != null && known.goneMillis == 0) {
      known.goneMillis = Math.max(1, clock.millis());
    }
  }

  /// Announces what has held, or been gone, for long enough. Services call it about once a second.
  public void tick() {
    List<Alert> changes = new ArrayList<>();
    List<Consumer<Alert>> told;
    synchronized (this) {
      long nowMillis = clock.millis();
      for (Iterator<Entry> each = entries.values().iterator(); each.hasNext(); ) {
        Entry entry = each.next();
        boolean held = nowMillis - entry.alert.sinceMillis() >= raiseAfterMillis;
        if (!entry.announced) {
          if (entry.withdrawn || !entry.momentary && entry.goneMillis != 0) {
            each.remove();
            continue;
          }
          entry.announced = entry.momentary || held;
          if (entry.announced) {
            changes.add(entry.alert);
          }
        }
        boolean over = entry.goneMillis != 0 && nowMillis - entry.goneMillis >= clearAfterMillis;
        if (over || entry.withdrawn) {
          changes.add(entry.alert.cleared(nowMillis));
          each.remove();
        }
      }
      told = List.copyOf(receivers);
    }
    for (Alert change : changes) {
      told.forEach(receiver -> receiver.accept(change));
    }
  }

  /// The alerts that were raised and have not cleared.
  public synchronized List<Alert> standing() {
    return entries.values().stream()
        .filter(entry -> entry.announced)
        .map(entry -> entry.alert)
        .toList();
  }

  /// How many alerts found no room.
  public synchronized long suppressed() {
    return suppressed;
  }
}
