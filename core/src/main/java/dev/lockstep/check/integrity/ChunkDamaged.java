package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT009: a chunk cannot be decompressed, or its size contradicts its content.
public final class ChunkDamaged extends DefectCheck {
  /// The rule.
  public ChunkDamaged() {
    super(
        CheckCard.of(
            "INT009",
            ChunkDamaged.class,
            worst(DefectKind.CHUNK_UNREADABLE, DefectKind.CHUNK_SIZE, DefectKind.CHUNK_TOO_LARGE),
            "A chunk cannot be decompressed, or its size contradicts its content."),
        DefectKind.CHUNK_UNREADABLE,
        DefectKind.CHUNK_SIZE,
        DefectKind.CHUNK_TOO_LARGE);
  }
}
