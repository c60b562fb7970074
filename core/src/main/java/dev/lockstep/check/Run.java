package dev.lockstep.check;

import dev.lockstep.model.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The result of one execution over any number of recordings.
///
/// @param version version of Lockstep that ran
/// @param recordings results in order of the paths given
/// @param unclaimed files in searched folders that belong to no known format
/// @param known number of findings left out because a baseline knows them
/// @param cost what it cost, null where nobody asked
public record Run(
    String version,
    List<RecordingResult> recordings,
    List<String> unclaimed,
    long known,
    @Nullable RunCost cost) {
  /// A run of which nobody asked what it cost.
  public Run(String version, List<RecordingResult> recordings, List<String> unclaimed, long known) {
    this(version, recordings, unclaimed, known, null);
  }

  /// Copies the lists.
  public Run {
    recordings = List.copyOf(recordings);
    unclaimed = List.copyOf(unclaimed);
  }

  /// Number of kept findings of `severity`.
  public long count(Severity severity) {
    return recordings.stream()
        .flatMap(r -> r.findings().stream())
        .filter(f -> f.severity() == severity)
        .count();
  }

  /// Whether any finding is as bad as `limit` or worse.
  public boolean reaches(Severity limit) {
    return recordings.stream()
        .flatMap(r -> r.findings().stream())
        .anyMatch(f -> f.severity().compareTo(limit) >= 0);
  }

  /// Whether part of any recording could not be examined.
  public boolean incomplete() {
    return recordings.stream().anyMatch(RecordingResult::incomplete);
  }
}
