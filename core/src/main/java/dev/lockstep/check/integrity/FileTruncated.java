package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT002: a file ends before it is complete, or shrank while it was read.
public final class FileTruncated extends DefectCheck {
  /// The rule.
  public FileTruncated() {
    super(
        CheckCard.of(
            "INT002",
            FileTruncated.class,
            worst(DefectKind.FILE_TRUNCATED, DefectKind.FILE_CHANGED),
            "A file ends before it is complete, or shrank while it was read."),
        DefectKind.FILE_TRUNCATED,
        DefectKind.FILE_CHANGED);
  }
}
