package dev.lockstep.synth.fault;

import java.util.Map;
import java.util.TreeMap;

/// A fault that is asked for: its name, a seed and settings.
///
/// @param name name of a fault
/// @param seed decides everything that is not set
/// @param settings `stream` (its name), `at` (message or frame number), and the fault's parameters
public record FaultSpec(String name, long seed, Map<String, String> settings) {

  /// Sorts the settings.
  public FaultSpec {
    settings = java.util.Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  /// A fault without settings.
  public static FaultSpec of(String name, long seed) {
    return new FaultSpec(name, seed, Map.of());
  }

  /// Parses `NAME` or `NAME:key=value,key=value`.
  ///
  /// @throws InapplicableFaultException if the text is not of that form
  public static FaultSpec parse(String text, long seed) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return of(text, seed);
    }
    Map<String, String> settings = new TreeMap<>();
    for (String setting : text.substring(colon + 1).split(",", -1)) {
      int equals = setting.indexOf('=');
      if (equals <= 0) {
        throw new InapplicableFaultException(
            "setting of a fault: " + setting + " (expected key=value) in " + text);
      }
      settings.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return new FaultSpec(text.substring(0, colon), seed, settings);
  }

  /// The form that [#parse] reads.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(name);
    char separator = ':';
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      out.append(separator).append(setting.getKey()).append('=').append(setting.getValue());
      separator = ',';
    }
    return out.toString();
  }
}
