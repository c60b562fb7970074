package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT024: schemas that cannot be parsed.
public final class SchemaUnparsable extends DefectCheck {
  /// The rule.
  public SchemaUnparsable() {
    super(
        CheckCard.of(
            "INT024",
            SchemaUnparsable.class,
            worst(DefectKind.SCHEMA_UNPARSABLE),
            "The schema of a stream cannot be parsed, so its messages cannot be interpreted."),
        DefectKind.SCHEMA_UNPARSABLE);
  }
}
