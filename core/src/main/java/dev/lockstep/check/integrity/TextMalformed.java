package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT028: a line or field of a text file that cannot be parsed.
public final class TextMalformed extends DefectCheck {
  /// The rule.
  public TextMalformed() {
    super(
        CheckCard.of(
            "INT028",
            TextMalformed.class,
            worst(DefectKind.TEXT_MALFORMED),
            "A line or field of a text file cannot be parsed, or holds a value that cannot be."),
        DefectKind.TEXT_MALFORMED);
  }
}
