package dev.lockstep.check.shadow;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.model.Severity;

/// SHA013: a second read of a message gives another time than the first.
public final class StampsReadDiffer extends ShadowCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA013",
          StampsReadDiffer.class,
          Severity.ERROR,
          "A second, independent read of a recording gives other times than the first.");

  /// The rule.
  public StampsReadDiffer() {
    super(CARD, Kind.STAMPS);
  }
}
