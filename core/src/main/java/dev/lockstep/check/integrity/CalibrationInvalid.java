package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT027: calibration or poses that are no rigid transforms.
public final class CalibrationInvalid extends DefectCheck {
  /// The rule.
  public CalibrationInvalid() {
    super(
        CheckCard.of(
            "INT027",
            CalibrationInvalid.class,
            worst(DefectKind.CALIBRATION_INVALID, DefectKind.POSE_INVALID),
            "A calibration or a pose is not a rigid transform."),
        DefectKind.CALIBRATION_INVALID,
        DefectKind.POSE_INVALID);
  }
}
