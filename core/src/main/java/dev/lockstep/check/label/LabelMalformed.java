package dev.lockstep.check.label;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// LAB012: a label that cannot be parsed.
public final class LabelMalformed extends DefectCheck {
  /// The rule.
  public LabelMalformed() {
    super(
        CheckCard.of(
            "LAB012",
            LabelMalformed.class,
            worst(DefectKind.LABEL_MALFORMED),
            "A label, or a whole label file, cannot be parsed."),
        DefectKind.LABEL_MALFORMED);
  }
}
