package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT043: a recording begins where a client came back that had lost its connection.
public final class RecordingInterrupted extends DefectCheck {
  /// The rule.
  public RecordingInterrupted() {
    super(
        CheckCard.of(
            "INT043",
            RecordingInterrupted.class,
            worst(DefectKind.RECORDING_INTERRUPTED),
            "A recording begins behind a hole: its client lost the connection and kept nothing."),
        DefectKind.RECORDING_INTERRUPTED);
  }
}
