package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;

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

  /// A schema that every message of its stream breaks from the first on is itself wrong: the data
  /// are what their writer always writes.
  @Override
  protected Defect atEnd(Defect defect, Summary summary) {
    String stream = defect.location().stream();
    Span messages = defect.location().messages();
    boolean all =
        defect.kind() == DefectKind.JSON_SCHEMA
            && messages != null
            && messages.first() == 0
            && messages.last() > 0
            && summary.streams().stream()
                .anyMatch(
                    s -> s.stream().name().equals(stream) && s.messages() == messages.last() + 1);
    return all
        ? new Defect(defect.kind(), Severity.WARNING, defect.location(), defect.evidence())
        : defect;
  }
}
