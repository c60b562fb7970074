package dev.lockstep.check.export;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Severity;

/// SHA003: boxes lie elsewhere in the export.
public final class LabelsMoved extends ExportCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA003",
          LabelsMoved.class,
          Severity.ERROR,
          "Boxes of an export lie elsewhere than in its original.");

  /// The rule.
  public LabelsMoved() {
    super(CARD, Kind.MOVED);
  }
}
