package dev.lockstep.check.export;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Severity;

/// SHA004: boxes have another size in the export.
public final class LabelsResized extends ExportCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA004",
          LabelsResized.class,
          Severity.ERROR,
          "Boxes of an export have another size than in its original.");

  /// The rule.
  public LabelsResized() {
    super(CARD, Kind.RESIZED);
  }
}
