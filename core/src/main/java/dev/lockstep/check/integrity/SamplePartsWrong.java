package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT048: samples that have not one keyframe of each sensor, and rows that belong to a sample far
/// from them.
public final class SamplePartsWrong extends DefectCheck {
  /// The rule.
  public SamplePartsWrong() {
    super(
        CheckCard.of(
            "INT048",
            SamplePartsWrong.class,
            worst(DefectKind.SAMPLE_PARTS),
            "A sample has not one keyframe of each sensor, or a row belongs to another sample than"
                + " its stamp says."),
        DefectKind.SAMPLE_PARTS);
  }
}
