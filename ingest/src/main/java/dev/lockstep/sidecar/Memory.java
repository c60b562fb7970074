package dev.lockstep.sidecar;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the journal says that was said: rebuilt from it at the start, kept up to date since.
///
/// Of complete recordings only the state is kept that they were in, some 300 bytes each.
final class Memory {
  private final Map<String, Map<String, Integer>> told = new HashMap<>();
  private final Map<String, Sealed> sealed = new HashMap<>();
  private final Set<String> raised = new LinkedHashSet<>();

  /// A complete recording.
  ///
  /// @param state how it looked
  /// @param verdict its verdict
  /// @param incomplete whether part of it could not be examined
  record Sealed(FileState state, String verdict, boolean incomplete) {}

  /// Takes an event of the journal.
  void read(Map<String, String> event) {
    String recording = event.getOrDefault("recording", "");
    switch (event.getOrDefault("event", "")) {
      case "finding" -> told(recording).put(key(event), wording(event.getOrDefault("message", "")));
      case "retracted" -> told(recording).remove(key(event));
      case "verdict" ->
          seal(
              recording,
              new Sealed(
                  new FileState(
                      event.getOrDefault("file", ""),
                      number(event, "size_bytes"),
                      number(event, "files"),
                      number(event, "modified_ns")),
                  event.getOrDefault("verdict", ""),
                  Boolean.parseBoolean(event.get("incomplete"))));
      case "gone" -> forget(recording);
      case "condition" -> {
        String key = conditionKey(event);
        if (isRaised(event)) {
          raised.add(key);
        } else {
          raised.remove(key);
        }
      }
      default -> {}
    }
  }

  private static long number(Map<String, String> event, String field) {
    try {
      return Long.parseLong(event.getOrDefault(field, "-1"));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  static String conditionKey(Map<String, String> event) {
    return event.getOrDefault("kind", "") + "|" + event.getOrDefault("subject", "");
  }

  static boolean isRaised(Map<String, String> event) {
    return "raised".equals(event.get("state"));
  }

  static String key(Map<String, String> event) {
    return key(event.getOrDefault("id", ""), (int) number(event, "occurrence"));
  }

  /// What identifies a finding within its recording: several may have one fingerprint.
  static String key(String fingerprint, int occurrence) {
    return occurrence > 1 ? fingerprint + "#" + occurrence : fingerprint;
  }

  /// What stands for the words of a finding: its numbers may change while its identity does not.
  static int wording(String message) {
    return message.hashCode();
  }

  /// The findings that were told of a recording that is not complete, by their keys, with their
  /// wording.
  Map<String, Integer> told(String recording) {
    return told.computeIfAbsent(recording, name -> new HashMap<>());
  }

  /// A recording is complete.
  void seal(String recording, Sealed state) {
    sealed.put(recording, state);
    told.remove(recording);
  }

  /// How a recording was when it was complete, or null.
  @Nullable Sealed sealed(String recording) {
    return sealed.get(recording);
  }

  /// Whether anything is remembered of a recording.
  boolean knows(String recording) {
    return sealed.containsKey(recording) || told.containsKey(recording);
  }

  /// How many findings were told of a recording that is not complete.
  int count(String recording) {
    return told.getOrDefault(recording, Map.of()).size();
  }

  /// The recordings that are complete.
  Set<String> sealedNames() {
    return Set.copyOf(sealed.keySet());
  }

  /// All recordings that are remembered.
  Set<String> names() {
    Set<String> names = new HashSet<>(sealed.keySet());
    names.addAll(told.keySet());
    return names;
  }

  /// A complete recording has changed and is not complete any more; what was told of it is read
  /// from the journal again with [#retell].
  void reopen(String recording) {
    sealed.remove(recording);
    told.remove(recording);
  }

  /// Takes an event of the journal about a recording that was reopened.
  void retell(Map<String, String> event) {
    String recording = event.getOrDefault("recording", "");
    switch (event.getOrDefault("event", "")) {
      case "finding" -> told(recording).put(key(event), wording(event.getOrDefault("message", "")));
      case "retracted" -> told(recording).remove(key(event));
      case "gone" -> told(recording).clear();
      default -> {}
    }
  }

  /// A recording is no longer there.
  void forget(String recording) {
    sealed.remove(recording);
    told.remove(recording);
  }

  /// Keys of the conditions that were raised.
  Set<String> raised() {
    return raised;
  }
}
