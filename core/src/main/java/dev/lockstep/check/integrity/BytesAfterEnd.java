package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT006: bytes stand behind the end of the file or of a compressed frame.
public final class BytesAfterEnd extends DefectCheck {
  /// The rule.
  public BytesAfterEnd() {
    super(
        CheckCard.of(
            "INT006",
            BytesAfterEnd.class,
            worst(DefectKind.TRAILING_BYTES, DefectKind.CODEC_TRAILING),
            "Bytes stand behind the end of the file or of a compressed frame."),
        DefectKind.TRAILING_BYTES,
        DefectKind.CODEC_TRAILING);
  }
}
