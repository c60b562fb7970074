package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT001: a file holds no bytes.
public final class FileEmpty extends DefectCheck {
  /// The rule.
  public FileEmpty() {
    super(
        CheckCard.of(
            "INT001", FileEmpty.class, worst(DefectKind.FILE_EMPTY), "A file holds no bytes."),
        DefectKind.FILE_EMPTY);
  }
}
