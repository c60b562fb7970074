package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT022: JSON messages that are no JSON or break the schema of their stream.
public final class JsonInvalid extends DefectCheck {
  /// The rule.
  public JsonInvalid() {
    super(
        CheckCard.of(
            "INT022",
            JsonInvalid.class,
            worst(DefectKind.JSON_INVALID, DefectKind.JSON_SCHEMA),
            "A JSON message is not valid JSON or breaks the JSON Schema of its stream."),
        DefectKind.JSON_INVALID,
        DefectKind.JSON_SCHEMA);
  }
}
