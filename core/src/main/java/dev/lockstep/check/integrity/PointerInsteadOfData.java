package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT004: a file is a git-LFS pointer: the data itself was never fetched.
public final class PointerInsteadOfData extends DefectCheck {
  /// The rule.
  public PointerInsteadOfData() {
    super(
        CheckCard.of(
            "INT004",
            PointerInsteadOfData.class,
            worst(DefectKind.LFS_POINTER),
            "A file is a git-LFS pointer: the data itself was never fetched."),
        DefectKind.LFS_POINTER);
  }
}
