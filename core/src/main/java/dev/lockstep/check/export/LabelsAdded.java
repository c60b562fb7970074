package dev.lockstep.check.export;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Severity;

/// SHA002: labels stand only in the export.
public final class LabelsAdded extends ExportCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA002",
          LabelsAdded.class,
          Severity.ERROR,
          "An export holds labels that its original does not have.");

  /// The rule.
  public LabelsAdded() {
    super(CARD, Kind.ADDED);
  }
}
