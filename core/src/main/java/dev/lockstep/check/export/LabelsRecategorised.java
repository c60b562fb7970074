package dev.lockstep.check.export;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Severity;

/// SHA007: labels have other categories in the export.
public final class LabelsRecategorised extends ExportCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA007",
          LabelsRecategorised.class,
          Severity.ERROR,
          "Labels of an export have other categories than in its original.");

  /// The rule.
  public LabelsRecategorised() {
    super(CARD, Kind.RECATEGORISED);
  }
}
