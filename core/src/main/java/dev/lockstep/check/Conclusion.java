package dev.lockstep.check;

/// What an observer says at the end of its subject: how much it examined, or why it could not.
public sealed interface Conclusion {
  /// The rule was applied to `count` things (messages, pairs, boxes, checksums).
  record Examined(long count) implements Conclusion {}

  /// The rule could not be applied or the data cannot decide it.
  record Undecided(String reason) implements Conclusion {}

  /// Examined `count` things; with none, that is the reason why nothing was decided.
  static Conclusion examined(long count, String reasonIfNone) {
    return count > 0 ? new Examined(count) : new Undecided(reasonIfNone);
  }

  /// The rule could not decide, and why.
  static Conclusion undecided(String reason) {
    return new Undecided(reason);
  }
}
