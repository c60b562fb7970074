package dev.lockstep.labels.log;

import java.util.HashMap;
import java.util.Map;

/// Which event of each label counts: the one of the highest revision, of equal ones the last.
final class Revisions {
  private record Winner(int revision, long position) {}

  private final Map<String, Winner> winners = new HashMap<>();
  private long superseded;

  /// Notes an event.
  void note(String set, String id, int revision, long position) {
    String key = set + '\u0000' + id;
    Winner known = winners.get(key);
    if (known != null) {
      superseded++;
    }
    if (known == null || revision >= known.revision()) {
      winners.put(key, new Winner(revision, position));
    }
  }

  /// Whether the event at `position` counts.
  boolean counts(String set, String id, long position) {
    Winner winner = winners.get(set + '\u0000' + id);
    return winner == null || winner.position() == position;
  }

  /// Events that another one replaces.
  long superseded() {
    return superseded;
  }
}
