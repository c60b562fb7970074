package dev.lockstep.check.export;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Severity;

/// SHA011: a second, independent read gives other labels than the first.
public final class ReadsDisagree extends ExportCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA011",
          ReadsDisagree.class,
          Severity.ERROR,
          "A second, independent read of a recording gives other labels than the first.");

  /// The rule.
  public ReadsDisagree() {
    super(CARD, Kind.READ);
  }
}
