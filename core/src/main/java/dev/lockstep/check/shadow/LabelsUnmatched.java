package dev.lockstep.check.shadow;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.model.Severity;

/// SHA016: labels of a log have stamps that no sensor message has.
public final class LabelsUnmatched extends ShadowCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA016",
          LabelsUnmatched.class,
          Severity.ERROR,
          "Labels of a label log have stamps that no sensor message of the recording has.");

  /// The rule.
  public LabelsUnmatched() {
    super(CARD, Kind.ASSOCIATION);
  }
}
