package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT038: what a bag says of itself contradicts its data.
public final class BagMetadataWrong extends DefectCheck {
  /// The rule.
  public BagMetadataWrong() {
    super(
        CheckCard.of(
            "INT038",
            BagMetadataWrong.class,
            worst(DefectKind.BAG_METADATA),
            "What a bag says of itself (counts, times, parts) contradicts its data."),
        DefectKind.BAG_METADATA);
  }
}
