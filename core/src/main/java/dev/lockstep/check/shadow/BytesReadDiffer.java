package dev.lockstep.check.shadow;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.model.Severity;

/// SHA012: a second read of a message gives other bytes than the first.
public final class BytesReadDiffer extends ShadowCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SHA012",
          BytesReadDiffer.class,
          Severity.ERROR,
          "A second, independent read of a recording gives other bytes than the first.");

  /// The rule.
  public BytesReadDiffer() {
    super(CARD, Kind.BYTES);
  }
}
