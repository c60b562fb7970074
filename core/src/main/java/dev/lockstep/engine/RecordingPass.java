package dev.lockstep.engine;

import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.RecordingCheck;
import org.jspecify.annotations.Nullable;

/// A rule about the recording as a whole, what it remembers, and what it reports.
record RecordingPass(RecordingCheck rule, RecordingCheck.Observer observer, FindingLog log) {
  /// How the rule ends, at the end of the recording.
  CheckResult end(RecordingCheck.Summary summary) {
    @Nullable Conclusion conclusion = null;
    if (!log.isBroken()) {
      try {
        conclusion = observer.onEnd(summary);
      } catch (RuntimeException e) {
        log.breaks(e);
      }
    }
    return log.result(conclusion);
  }
}
