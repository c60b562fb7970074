package dev.lockstep.check.shadow;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.model.Severity;

/// SHA014: a second read finds other messages than the first.
public final class MessagesReadDiffer extends ShadowCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA014",
          MessagesReadDiffer.class,
          Severity.ERROR,
          "A second, independent read of a recording finds other messages than the first.");

  /// The rule.
  public MessagesReadDiffer() {
    super(CARD, Kind.MESSAGES);
  }
}
