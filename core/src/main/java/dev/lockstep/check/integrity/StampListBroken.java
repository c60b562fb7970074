package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT026: a stamp list that lost stamps or contradicts itself.
public final class StampListBroken extends DefectCheck {
  /// The rule.
  public StampListBroken() {
    super(
        CheckCard.of(
            "INT026",
            StampListBroken.class,
            worst(DefectKind.STAMP_LINE_LOST, DefectKind.STAMPS_CONTRADICT),
            "A list of stamps has lines without a stamp, or stamps of one message that contradict"
                + " each other."),
        DefectKind.STAMP_LINE_LOST,
        DefectKind.STAMPS_CONTRADICT);
  }
}
