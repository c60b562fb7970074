package dev.lockstep.check.export;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Severity;

/// SHA006: labels belong to other tracks in the export, or to none.
public final class LabelsReidentified extends ExportCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA006",
          LabelsReidentified.class,
          Severity.ERROR,
          "Labels of an export belong to other tracks than in its original.");

  /// The rule.
  public LabelsReidentified() {
    super(CARD, Kind.REIDENTIFIED);
  }
}
