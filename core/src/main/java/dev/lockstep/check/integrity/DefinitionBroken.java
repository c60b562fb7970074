package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT013: schemas and channels contradict each other or are missing.
public final class DefinitionBroken extends DefectCheck {
  /// The rule.
  public DefinitionBroken() {
    super(
        CheckCard.of(
            "INT013",
            DefinitionBroken.class,
            worst(
                DefectKind.SCHEMA_UNKNOWN,
                DefectKind.SCHEMA_REDEFINED,
                DefectKind.SCHEMA_ID_ZERO,
                DefectKind.CHANNEL_UNKNOWN,
                DefectKind.CHANNEL_REDEFINED,
                DefectKind.TOPIC_SHARED),
            "Schemas and channels contradict each other or are missing."),
        DefectKind.SCHEMA_UNKNOWN,
        DefectKind.SCHEMA_REDEFINED,
        DefectKind.SCHEMA_ID_ZERO,
        DefectKind.CHANNEL_UNKNOWN,
        DefectKind.CHANNEL_REDEFINED,
        DefectKind.TOPIC_SHARED);
  }
}
