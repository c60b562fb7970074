package dev.lockstep.check;

import java.util.List;

/// How one check ended on one subject.
///
/// @param check card of the check
/// @param subject stream, label set or, for the recording itself, an empty string
/// @param outcome the end
/// @param findings the kept findings, in order; fewer than `total` where there were many
/// @param total number of findings
public record CheckResult(
    CheckCard check, String subject, Outcome outcome, List<Finding> findings, long total) {
  /// Copies the list.
  public CheckResult {
    findings = List.copyOf(findings);
  }
}
