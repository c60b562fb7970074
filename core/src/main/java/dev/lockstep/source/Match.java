package dev.lockstep.source;

/// A format's answer to a probe.
///
/// @param claimed whether the path is a recording of the format
/// @param reason what the answer rests on, a few words
public record Match(boolean claimed, String reason) {
  /// The path is a recording of the format.
  public static Match yes(String reason) {
    return new Match(true, reason);
  }

  /// The path is something else.
  public static Match no(String reason) {
    return new Match(false, reason);
  }
}
