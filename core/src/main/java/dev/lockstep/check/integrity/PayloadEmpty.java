package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT020: messages without any bytes.
public final class PayloadEmpty extends DefectCheck {
  /// The rule.
  public PayloadEmpty() {
    super(
        CheckCard.of(
            "INT020",
            PayloadEmpty.class,
            worst(DefectKind.PAYLOAD_EMPTY),
            "A message has no bytes although its encoding needs some."),
        DefectKind.PAYLOAD_EMPTY);
  }
}
