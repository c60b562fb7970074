package dev.lockstep.sidecar;

import dev.lockstep.ops.Condition;
import dev.lockstep.ops.ServiceLog;
import dev.lockstep.ops.ServiceMonitor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The conditions that hold, round by round: what is not reported for [#LINGER_NANOS] has cleared.
/// Each change becomes an event.
final class Conditions {
  /// Longer than any pause between two looks at one recording, and than what flickers.
  static final long LINGER_NANOS = 3_000_000_000L;

  private final EventJournal journal;
  private final ServiceMonitor monitor;
  private final ServiceLog log;

  /// Until when each stands, though nobody should report it again.
  private final Map<String, Long> standing = new HashMap<>();

  private final Map<String, Condition> round = new HashMap<>();

  /// @param standing keys of those that held when the journal ended
  Conditions(
      EventJournal journal,
      ServiceMonitor monitor,
      ServiceLog log,
      Set<String> standing,
      long nowNanos) {
    this.journal = journal;
    this.monitor = monitor;
    this.log = log;
    standing.forEach(key -> this.standing.put(key, nowNanos + LINGER_NANOS));
  }

  /// Reports one that holds in this round.
  void holds(Condition condition) {
    round.put(condition.key(), condition);
  }

  /// Ends the round that takes place at `nowNanos`.
  void settle(long nowNanos) {
    for (Condition each : round.values()) {
      if (standing.put(each.key(), nowNanos + LINGER_NANOS) == null) {
        journal.append(
            "condition",
            new Json()
                .text("state", "raised")
                .text("kind", each.kind())
                .text("subject", each.subject())
                .text("severity", each.severity().label())
                .textIfAny("attributed", each.attributed())
                .text("message", each.summary())
                .toString());
        log.warn(each.kind(), "subject", each.subject(), "message", each.summary());
      }
      monitor.raise(each);
    }
    standing
        .entrySet()
        .removeIf(each -> {
          boolean cleared = nowNanos - each.getValue() >= 0;
          if (cleared) {
            String key = each.getKey();
            int bar = key.indexOf('|');
            journal.append(
                "condition",
                new Json()
                    .text("state", "cleared")
                    .text("kind", key.substring(0, bar))
                    .text("subject", key.substring(bar + 1))
                    .toString());
            log.info(key.substring(0, bar) + " cleared", "subject", key.substring(bar + 1));
            monitor.clear(key);
          }
          return cleared;
        });
    round.clear();
  }
}
