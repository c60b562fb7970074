package dev.lockstep.ops;

/// A change that somebody wants to know of: something was raised, or has cleared.
///
/// @param fingerprint identifies what was raised; the same for its clearing
/// @param raised whether it was raised; else it has cleared
/// @param name what it is (`disk-low`, `messages-dropped`)
/// @param severity how bad it is, as reports write it
/// @param subject what it is about: a recording, a sensor, or empty
/// @param attributed who is to blame, or empty
/// @param summary one sentence
/// @param sinceMillis when it was raised, in milliseconds since 1970
/// @param untilMillis when it cleared, or 0
public record Alert(
    String fingerprint,
    boolean raised,
    String name,
    String severity,
    String subject,
    String attributed,
    String summary,
    long sinceMillis,
    long untilMillis) {
  /// The same, cleared.
  Alert cleared(long atMillis) {
    return new Alert(
        fingerprint, false, name, severity, subject, attributed, summary, sinceMillis, atMillis);
  }
}
