package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT037: stamps that stand in several places and differ.
public final class NameContradictsStamp extends DefectCheck {
  /// The rule.
  public NameContradictsStamp() {
    super(
        CheckCard.of(
            "INT037",
            NameContradictsStamp.class,
            worst(DefectKind.NAME_CONTRADICTS),
            "The stamp of a row differs from that of its file name or of its pose."),
        DefectKind.NAME_CONTRADICTS);
  }
}
