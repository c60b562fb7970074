package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class JsonInvalidTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new JsonInvalid();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.JSON_INVALID,
            Location.stream("/labels")
                .withMessages(20, 20)
                .withFile("drive.mcap")
                .withBytes(51200, 171),
            new Evidence.Violation("text at byte 171", "ends too early", "JSON (RFC 8259)")),
        Defect.of(
            DefectKind.JSON_SCHEMA,
            Location.stream("/labels")
                .withMessages(21, 21)
                .withFile("drive.mcap")
                .withBytes(51500, 90),
            new Evidence.Violation(
                "member /objects/0/id", "string found, integer expected", "as the schema says")));
  }

  @Override
  public String expected() {
    return """
    error INT022 json-invalid: JSON payload is invalid: text at byte 171 ends too early (expected JSON (RFC 8259))
      at /labels, message 20, drive.mcap, byte 51200+171
    error INT022 json-invalid: JSON payload breaks its schema: member /objects/0/id string found, integer expected (expected as the schema says)
      at /labels, message 21, drive.mcap, byte 51500+90\
    """;
  }
}
