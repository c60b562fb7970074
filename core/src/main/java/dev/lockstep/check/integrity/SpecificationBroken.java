package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT015: a MUST of the specification does not hold, though everything can be read.
public final class SpecificationBroken extends DefectCheck {
  /// The rule.
  public SpecificationBroken() {
    super(
        CheckCard.of(
            "INT015",
            SpecificationBroken.class,
            worst(DefectKind.SPEC_MUST),
            "A MUST of the specification does not hold, though everything can be read."),
        DefectKind.SPEC_MUST);
  }
}
