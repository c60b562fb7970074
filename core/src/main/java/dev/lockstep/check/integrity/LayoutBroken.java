package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT042: the description of a folder cannot be used, or does not fit what is there.
public final class LayoutBroken extends DefectCheck {
  /// The rule.
  public LayoutBroken() {
    super(
        CheckCard.of(
            "INT042",
            LayoutBroken.class,
            worst(DefectKind.LAYOUT_BROKEN),
            "The layout of a folder cannot be used, or does not fit what is there."),
        DefectKind.LAYOUT_BROKEN);
  }
}
