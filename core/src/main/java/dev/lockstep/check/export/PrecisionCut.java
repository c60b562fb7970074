package dev.lockstep.check.export;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Severity;

/// SHA010: numbers have fewer digits in the export.
public final class PrecisionCut extends ExportCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA010",
          PrecisionCut.class,
          Severity.WARNING,
          "Numbers of an export have fewer digits than in its original.");

  /// The rule.
  public PrecisionCut() {
    super(CARD, Kind.PRECISION);
  }
}
