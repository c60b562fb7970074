package dev.lockstep.check.shadow;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.model.Severity;

/// SHA015: labels of the first read do not fit the messages of a second.
public final class LabelRowsReadDiffer extends ShadowCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA015",
          LabelRowsReadDiffer.class,
          Severity.ERROR,
          "Labels of the first read of a recording do not fit the messages of a second.");

  /// The rule.
  public LabelRowsReadDiffer() {
    super(CARD, Kind.LABELS);
  }
}
