package dev.lockstep.check;

/// The result of one check on one subject. There is no other end: nothing passes silently.
public sealed interface Outcome {
  /// Examined `examined` things (more than none) and found no fault.
  record Passed(long examined) implements Outcome {
    /// @throws IllegalArgumentException if nothing was examined
    public Passed {
      if (examined <= 0) {
        throw new IllegalArgumentException("passed without examining anything");
      }
    }
  }

  /// Found `findings` faults.
  record Found(long findings) implements Outcome {}

  /// Could not be applied, or the data cannot decide.
  record Skipped(String reason) implements Outcome {}

  /// The check itself failed; the run is not complete.
  record Broken(String cause) implements Outcome {}

  /// The word that stands for the outcome in reports.
  default String label() {
    return switch (this) {
      case Passed p -> "passed";
      case Found f -> "found";
      case Skipped s -> "skipped";
      case Broken b -> "broken";
    };
  }
}
