package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT011: an index does not match what it points to.
public final class IndexWrong extends DefectCheck {
  /// The rule.
  public IndexWrong() {
    super(
        CheckCard.of(
            "INT011",
            IndexWrong.class,
            worst(
                DefectKind.FOOTER_POINTER,
                DefectKind.SUMMARY_OFFSET,
                DefectKind.CHUNK_TIMES,
                DefectKind.MESSAGE_INDEX,
                DefectKind.MESSAGE_INDEX_MISSING,
                DefectKind.CHUNK_INDEX,
                DefectKind.CHUNK_INDEX_MISSING,
                DefectKind.ATTACHMENT_INDEX,
                DefectKind.METADATA_INDEX,
                DefectKind.BYTES_SHIFTED),
            "An index does not match what it points to."),
        DefectKind.FOOTER_POINTER,
        DefectKind.SUMMARY_OFFSET,
        DefectKind.CHUNK_TIMES,
        DefectKind.MESSAGE_INDEX,
        DefectKind.MESSAGE_INDEX_MISSING,
        DefectKind.CHUNK_INDEX,
        DefectKind.CHUNK_INDEX_MISSING,
        DefectKind.ATTACHMENT_INDEX,
        DefectKind.METADATA_INDEX,
        DefectKind.BYTES_SHIFTED);
  }
}
