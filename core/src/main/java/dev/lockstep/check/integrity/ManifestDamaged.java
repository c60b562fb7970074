package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT041: a block manifest that contradicts itself.
public final class ManifestDamaged extends DefectCheck {
  /// The rule.
  public ManifestDamaged() {
    super(
        CheckCard.of(
            "INT041",
            ManifestDamaged.class,
            worst(DefectKind.MANIFEST_DAMAGED),
            "The block manifest beside the recording is damaged, so it cannot vouch for the data."),
        DefectKind.MANIFEST_DAMAGED);
  }
}
