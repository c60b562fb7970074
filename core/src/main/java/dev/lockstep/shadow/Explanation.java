package dev.lockstep.shadow;

import dev.lockstep.check.Cause;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Severity;

/// Something that makes original and export agree.
///
/// @param kind what it did to the labels
/// @param severity how bad it is
/// @param what what it changed
/// @param before how the original has it
/// @param after how the export has it
/// @param rows rows that disagree without it and agree with it
/// @param cause it in one sentence
record Explanation(
    Kind kind,
    Severity severity,
    String what,
    String before,
    String after,
    long rows,
    Cause cause) {

  /// Fewest rows that a convention is derived from; judged: fewer agree by chance.
  static final int FEWEST_ROWS = 5;

  /// Share of the compared rows that a convention must make agree; judged: the rest are differences
  /// of their own.
  static final double NEARLY_ALL = 0.99;

  /// Whether a convention explains what is seen.
  ///
  /// @param failing rows that disagree without it
  /// @param explained those of them that agree with it
  /// @param agreeing all rows that agree with it
  /// @param rows all rows
  static boolean accepts(long failing, long explained, long agreeing, long rows) {
    return failing >= FEWEST_ROWS
        && explained >= NEARLY_ALL * failing
        && agreeing >= NEARLY_ALL * rows;
  }

  /// An error that `id` names.
  static Explanation error(
      Kind kind, String what, String before, String after, String id, String sentence) {
    return new Explanation(kind, Severity.ERROR, what, before, after, 0, new Cause(id, sentence));
  }

  Explanation with(Severity other) {
    return new Explanation(kind, other, what, before, after, rows, cause);
  }

  Explanation ofRows(long count) {
    return new Explanation(kind, severity, what, before, after, count, cause);
  }
}
