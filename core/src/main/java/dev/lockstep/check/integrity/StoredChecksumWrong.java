package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT007: a checksum that the file stores does not match the bytes.
public final class StoredChecksumWrong extends DefectCheck {
  /// The rule.
  public StoredChecksumWrong() {
    super(
        CheckCard.of(
            "INT007",
            StoredChecksumWrong.class,
            worst(
                DefectKind.CHUNK_CRC,
                DefectKind.DATA_CRC,
                DefectKind.SUMMARY_CRC,
                DefectKind.ATTACHMENT_CRC,
                DefectKind.FRAME_CHECKSUM),
            "A checksum that the file stores does not match the bytes."),
        DefectKind.CHUNK_CRC,
        DefectKind.DATA_CRC,
        DefectKind.SUMMARY_CRC,
        DefectKind.ATTACHMENT_CRC,
        DefectKind.FRAME_CHECKSUM);
  }
}
