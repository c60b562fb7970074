package dev.lockstep.check.export;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Severity;

/// SHA009: what labels say besides is lost or changed in the export.
public final class AttributesDiffer extends ExportCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA009",
          AttributesDiffer.class,
          Severity.ERROR,
          "What labels say besides their boxes is lost or changed in an export.");

  /// The rule.
  public AttributesDiffer() {
    super(CARD, Kind.ATTRIBUTE);
  }
}
