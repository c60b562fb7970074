package dev.lockstep.check;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Everything that a run says about one recording.
///
/// @param name path as the user gave it or as it was found
/// @param format name of the format
/// @param streams streams in order of their ids
/// @param labelSets label sets in order of appearance
/// @param calibrations calibrations in order of appearance
/// @param results how each check ended on each subject, in order of check, then subject
/// @param measurements measured values, in the same order
/// @param coverage how much was read and how much is protected
/// @param notes facts worth telling
public record RecordingResult(
    String name,
    String format,
    List<StreamSummary> streams,
    List<LabelSummary> labelSets,
    List<Calibration> calibrations,
    List<CheckResult> results,
    List<Measurement> measurements,
    Coverage coverage,
    List<String> notes) {

  /// A label set in numbers.
  ///
  /// @param name name of the set
  /// @param boxes number of boxes
  /// @param tracks number of tracks
  /// @param categories number of categories
  public record LabelSummary(String name, long boxes, int tracks, int categories) {}

  /// Copies the lists.
  public RecordingResult {
    streams = List.copyOf(streams);
    labelSets = List.copyOf(labelSets);
    calibrations = List.copyOf(calibrations);
    results = List.copyOf(results);
    measurements = List.copyOf(measurements);
    notes = List.copyOf(notes);
  }

  /// The same without the findings whose fingerprints are in `known`; a check that has none left
  /// has passed.
  public RecordingResult without(Set<String> known) {
    if (known.isEmpty()) {
      return this;
    }
    List<CheckResult> left = new ArrayList<>();
    for (CheckResult result : results) {
      List<Finding> findings =
          result.findings().stream().filter(f -> !known.contains(f.fingerprint())).toList();
      int dropped = result.findings().size() - findings.size();
      if (dropped == 0) {
        left.add(result);
      } else {
        long total = result.total() - dropped;
        Outcome outcome = total == 0 ? new Outcome.Passed(dropped) : new Outcome.Found(total);
        left.add(new CheckResult(result.check(), result.subject(), outcome, findings, total));
      }
    }
    return new RecordingResult(
        name, format, streams, labelSets, calibrations, left, measurements, coverage, notes);
  }

  /// All kept findings, in order of check, then subject, then place.
  public List<Finding> findings() {
    List<Finding> all = new ArrayList<>();
    for (CheckResult result : results) {
      all.addAll(result.findings());
    }
    return all;
  }

  /// Worst severity among the findings; [Severity#INFO] where there is none.
  public Severity worst() {
    Severity worst = Severity.INFO;
    for (CheckResult result : results) {
      for (Finding finding : result.findings()) {
        if (finding.severity().compareTo(worst) > 0) {
          worst = finding.severity();
        }
      }
    }
    return worst;
  }

  /// The verdict that the findings lead to.
  public Verdict verdict() {
    return Verdict.of(worst());
  }

  /// Whether part of the data could not be examined: bytes lost or left out, or a broken check.
  public boolean incomplete() {
    return coverage.lostBytes() > 0
        || coverage.unexaminedBytes() > 0
        || results.stream().anyMatch(r -> r.outcome() instanceof Outcome.Broken);
  }
}
