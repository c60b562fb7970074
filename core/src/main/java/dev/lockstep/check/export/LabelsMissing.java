package dev.lockstep.check.export;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Severity;

/// SHA001: labels of the original are not in the export.
public final class LabelsMissing extends ExportCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA001", LabelsMissing.class, Severity.ERROR, "An export lacks labels of its original.");

  /// The rule.
  public LabelsMissing() {
    super(CARD, Kind.MISSING);
  }
}
