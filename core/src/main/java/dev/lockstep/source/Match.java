package dev.lockstep.source;

/// A format's answer to a probe.
///
/// @param claimed whether the path is a recording of the format
/// @param reason what the answer rests on, a few words
/// @param declared whether somebody wrote down that it is one, which outranks what it looks like
public record Match(boolean claimed, String reason, boolean declared) {
  /// The path is a recording of the format.
  public static Match yes(String reason) {
    return new Match(true, reason, false);
  }

  /// Somebody wrote down that the path is a recording of the format, and how to read it.
  public static Match declared(String reason) {
    return new Match(true, reason, true);
  }

  /// The path is something else.
  public static Match no(String reason) {
    return new Match(false, reason, false);
  }
}
