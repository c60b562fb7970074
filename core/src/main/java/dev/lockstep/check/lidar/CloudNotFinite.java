package dev.lockstep.check.lidar;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// LID002: point clouds with coordinates that are no numbers.
public final class CloudNotFinite extends DefectCheck {
  /// The rule.
  public CloudNotFinite() {
    super(
        CheckCard.of(
            "LID002",
            CloudNotFinite.class,
            worst(DefectKind.CLOUD_NOT_FINITE),
            "A sweep holds coordinates that are no finite numbers where it promises none."),
        DefectKind.CLOUD_NOT_FINITE);
  }
}
