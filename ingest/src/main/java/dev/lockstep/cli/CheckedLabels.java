package dev.lockstep.cli;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.lineage.ReportedFinding;
import java.io.IOException;
import java.util.List;

/// A recording that was checked with every rule.
///
/// @param findings what was found, as far as it is listed
/// @param unlisted how many more were counted
/// @param incomplete whether part of it could not be examined
record CheckedLabels(List<ReportedFinding> findings, long unlisted, boolean incomplete) {
  /// Checks a recording.
  static CheckedLabels of(Recording recording) throws IOException {
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults());
        ProgressLine progress = ProgressLine.onTerminal()) {
      RecordingResult result =
          engine.check(
              recording.path(),
              recording.name(),
              recording.format(),
              finding -> {},
              progress.of(recording.name()));
      long counted = 0;
      for (CheckResult each : result.results()) {
        counted += each.outcome() instanceof Outcome.Found found ? found.findings() : 0;
      }
      return new CheckedLabels(
          result.findings().stream()
              .map(finding -> ReportedFinding.of(recording.name(), finding))
              .toList(),
          counted - result.findings().size(),
          result.incomplete());
    }
  }

  /// Says on standard error if more was found than is listed.
  void tellUnlisted(Recording recording) {
    if (unlisted > 0) {
      Messages.error(
          recording.name() + ": " + unlisted + " further findings were counted but are not listed");
    }
  }
}
