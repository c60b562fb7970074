package dev.lockstep.check.shadow;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.model.Severity;

/// SHA017: labels of messages have another sensor message by a second read.
public final class LabelSensorsReadDiffer extends ShadowCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA017",
          LabelSensorsReadDiffer.class,
          Severity.ERROR,
          "Labels of a recording have a nearer sensor message than its index gives them.");

  /// The rule.
  public LabelSensorsReadDiffer() {
    super(CARD, Kind.SENSORS);
  }
}
