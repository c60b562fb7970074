package dev.lockstep.check.export;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Severity;

/// SHA008: labels stand at other times in the export.
public final class LabelsRetimed extends ExportCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA008",
          LabelsRetimed.class,
          Severity.ERROR,
          "Labels of an export stand at other times than in its original.");

  /// The rule.
  public LabelsRetimed() {
    super(CARD, Kind.RETIMED);
  }
}
