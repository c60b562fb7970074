package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT008: a record cannot be what it claims to be.
public final class RecordDamaged extends DefectCheck {
  /// The rule.
  public RecordDamaged() {
    super(
        CheckCard.of(
            "INT008",
            RecordDamaged.class,
            worst(
                DefectKind.RECORD_LENGTH,
                DefectKind.RECORD_MALFORMED,
                DefectKind.RECORD_FORBIDDEN,
                DefectKind.RECORD_UNKNOWN,
                DefectKind.TEXT_ENCODING,
                DefectKind.HEADER_MALFORMED,
                DefectKind.MAGIC_DAMAGED,
                DefectKind.TIME_OUT_OF_RANGE),
            "A record cannot be what it claims to be."),
        DefectKind.RECORD_LENGTH,
        DefectKind.RECORD_MALFORMED,
        DefectKind.RECORD_FORBIDDEN,
        DefectKind.RECORD_UNKNOWN,
        DefectKind.TEXT_ENCODING,
        DefectKind.HEADER_MALFORMED,
        DefectKind.MAGIC_DAMAGED,
        DefectKind.TIME_OUT_OF_RANGE);
  }
}
