package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT003: a file that the recording names is missing or cannot be opened.
public final class FileMissing extends DefectCheck {
  /// The rule.
  public FileMissing() {
    super(
        CheckCard.of(
            "INT003",
            FileMissing.class,
            worst(DefectKind.FILE_MISSING, DefectKind.FILE_UNREADABLE),
            "A file that the recording names is missing or cannot be opened."),
        DefectKind.FILE_MISSING,
        DefectKind.FILE_UNREADABLE);
  }
}
