package dev.lockstep.check;

import java.util.function.Function;

/// A rule about several streams against each other, applied once all of them have ended.
///
/// A rule divides its work into subjects of its own, each of which ends by itself: a stream
/// (`/lidar`), a pair (`/lidar ~ /camera_front`) or a set. A recording that offers no subject
/// leaves the rule skipped.
public non-sealed interface AlignmentCheck extends Check {
  /// Looks at the streams of a recording. Must depend on nothing but `alignment`.
  void examine(Alignment alignment, Results results);

  /// Whether the rule looks at streams of every kind, and at samples of their messages; those are
  /// kept only where one does.
  default boolean readsAll() {
    return false;
  }

  /// Whether the rule looks at how sensors turned; that is kept only where one does.
  default boolean readsTurns() {
    return false;
  }

  /// Why the rule has no subject in a recording.
  default String nothingToExamine() {
    return "no two sensor streams with stamps";
  }

  /// Takes the ends of the subjects of a rule.
  interface Results {
    /// Examines one subject, now. A subject is examined once; what `examination` throws breaks this
    /// subject only.
    void of(String subject, Function<CheckSink, Conclusion> examination);
  }

  /// What a pair of streams is called as a subject.
  static String pair(String first, String second) {
    return first + " ~ " + second;
  }
}
