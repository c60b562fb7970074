package dev.lockstep.check.export;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Severity;

/// SHA005: boxes look another way in the export.
public final class LabelsRotated extends ExportCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA005",
          LabelsRotated.class,
          Severity.ERROR,
          "Boxes of an export look another way than in its original.");

  /// The rule.
  public LabelsRotated() {
    super(CARD, Kind.ROTATED);
  }
}
