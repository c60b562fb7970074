package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT005: pages of zeros stand where data should be.
public final class ZeroPages extends DefectCheck {
  /// The rule.
  public ZeroPages() {
    super(
        CheckCard.of(
            "INT005",
            ZeroPages.class,
            worst(DefectKind.ZERO_PAGES),
            "Pages of zeros stand where data should be."),
        DefectKind.ZERO_PAGES);
  }
}
