package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT012: a stored count does not match the data.
public final class CountWrong extends DefectCheck {
  /// The rule.
  public CountWrong() {
    super(
        CheckCard.of(
            "INT012",
            CountWrong.class,
            worst(DefectKind.STATISTICS, DefectKind.COUNT_MISMATCH),
            "A stored count does not match the data."),
        DefectKind.STATISTICS,
        DefectKind.COUNT_MISMATCH);
  }
}
