package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT010: a record stands where the format does not allow it, or twice.
public final class RecordMisplaced extends DefectCheck {
  /// The rule.
  public RecordMisplaced() {
    super(
        CheckCard.of(
            "INT010",
            RecordMisplaced.class,
            worst(
                DefectKind.RECORD_MISPLACED,
                DefectKind.RECORD_DUPLICATED,
                DefectKind.SUMMARY_UNGROUPED),
            "A record stands where the format does not allow it, or twice."),
        DefectKind.RECORD_MISPLACED,
        DefectKind.RECORD_DUPLICATED,
        DefectKind.SUMMARY_UNGROUPED);
  }
}
