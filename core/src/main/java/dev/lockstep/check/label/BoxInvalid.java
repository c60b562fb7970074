package dev.lockstep.check.label;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// LAB011: a box that cannot exist, whatever it labels.
public final class BoxInvalid extends DefectCheck {
  /// The rule.
  public BoxInvalid() {
    super(
        CheckCard.of(
            "LAB011",
            BoxInvalid.class,
            worst(DefectKind.BOX_INVALID),
            "A box has a size, orientation, place or edges that no object can have."),
        DefectKind.BOX_INVALID);
  }
}
