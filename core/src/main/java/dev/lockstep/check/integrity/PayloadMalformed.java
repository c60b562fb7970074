package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT021: CDR and protobuf messages that contradict their own schema.
public final class PayloadMalformed extends DefectCheck {
  /// The rule.
  public PayloadMalformed() {
    super(
        CheckCard.of(
            "INT021",
            PayloadMalformed.class,
            worst(
                DefectKind.CDR_MALFORMED, DefectKind.ROS1_MALFORMED, DefectKind.PROTOBUF_MALFORMED),
            "A message cannot be read by the schema that its stream declares."),
        DefectKind.CDR_MALFORMED,
        DefectKind.ROS1_MALFORMED,
        DefectKind.PROTOBUF_MALFORMED);
  }
}
