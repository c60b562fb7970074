package dev.lockstep.check.lidar;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// LID001: point clouds whose sizes contradict each other.
public final class CloudLayoutWrong extends DefectCheck {
  /// The rule.
  public CloudLayoutWrong() {
    super(
        CheckCard.of(
            "LID001",
            CloudLayoutWrong.class,
            worst(DefectKind.CLOUD_LAYOUT),
            "The sizes that a point cloud declares contradict each other or its data."),
        DefectKind.CLOUD_LAYOUT);
  }
}
