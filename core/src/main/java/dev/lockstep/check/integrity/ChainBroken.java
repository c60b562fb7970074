package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT036: chains of rows by prev and next that are not mutual, not complete or not in order of
/// time.
public final class ChainBroken extends DefectCheck {
  /// The rule.
  public ChainBroken() {
    super(
        CheckCard.of(
            "INT036",
            ChainBroken.class,
            worst(DefectKind.CHAIN_BROKEN),
            "Rows that belong together form no chain by their references to each other."),
        DefectKind.CHAIN_BROKEN);
  }
}
