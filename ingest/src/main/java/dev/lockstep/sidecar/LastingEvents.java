package dev.lockstep.sidecar;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Which events of a journal still count: those from which the next start learns what [Memory] has
/// to hold, and the last one, after which numbers go on.
///
/// What was told of a recording counts while the recording is there: complete ones may go on. What
/// was retracted, overtaken or cleared does not.
final class LastingEvents {
  /// By recording, then by what is said of it; conditions are under the empty name.
  private final Map<String, Map<String, Long>> lasting = new HashMap<>();

  private long last;

  /// Takes the next event of the journal.
  void read(Map<String, String> event) {
    last = Long.parseLong(event.getOrDefault("seq", "0"));
    String recording = event.getOrDefault("recording", "");
    switch (event.getOrDefault("event", "")) {
      case "finding" -> of(recording).put("finding " + Memory.key(event), last);
      case "retracted" -> of(recording).remove("finding " + Memory.key(event));
      case "verdict" -> of(recording).put("verdict", last);
      case "gone" -> lasting.remove(recording);
      case "condition" -> {
        String key = Memory.conditionKey(event);
        if (Memory.isRaised(event)) {
          of("").put(key, last);
        } else {
          of("").remove(key);
        }
      }
      default -> of(recording).put("event " + last, last);
    }
  }

  private Map<String, Long> of(String recording) {
    return lasting.computeIfAbsent(recording, name -> new HashMap<>());
  }

  /// Their numbers.
  Set<Long> numbers() {
    Set<Long> numbers = new HashSet<>();
    lasting.values().forEach(of -> numbers.addAll(of.values()));
    numbers.add(last);
    return numbers;
  }
}
