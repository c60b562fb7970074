package dev.lockstep.ops;

import dev.lockstep.model.Severity;

/// Something about the service or its surroundings that comes and goes (a full disk, a silent
/// sensor); unlike a finding it is not about the bytes of a recording.
///
/// @param kind what it is, in kebab case (`disk-low`, `sensor-silent`)
/// @param subject what it is about; empty for the service itself
/// @param severity how bad it is
/// @param attributed who is to blame: `sensor`, `recorder`, `disk`, `network`, or empty
/// @param summary one sentence with the observed and the expected value
/// @param unready whether the service is not ready to serve while it lasts
public record Condition(
    String kind,
    String subject,
    Severity severity,
    String attributed,
    String summary,
    boolean unready) {
  /// Identifies the condition, whatever its values.
  public String key() {
    return kind + "|" + subject;
  }
}
