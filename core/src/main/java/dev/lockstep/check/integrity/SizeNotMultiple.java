package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT025: files of fixed elements that end inside one.
public final class SizeNotMultiple extends DefectCheck {
  /// The rule.
  public SizeNotMultiple() {
    super(
        CheckCard.of(
            "INT025",
            SizeNotMultiple.class,
            worst(DefectKind.SIZE_NOT_MULTIPLE),
            "A file of fixed-size elements ends inside an element."),
        DefectKind.SIZE_NOT_MULTIPLE);
  }
}
