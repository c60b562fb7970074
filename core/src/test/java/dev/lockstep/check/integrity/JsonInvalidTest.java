package dev.lockstep.check.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.testing.DefectCheckContract;
import dev.lockstep.testing.RecordedFindings;
import java.util.List;
import org.junit.jupiter.api.Test;

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

  @Test
  void aSchemaThatEveryMessageBreaksIsItselfWrong() {
    Defect all =
        Defect.of(
            DefectKind.JSON_SCHEMA,
            Location.stream("/labels").withMessages(0, 9),
            new Evidence.Violation("member /id", "string found, integer expected", "the schema"));
    assertThat(severity(all, 10)).isEqualTo(Severity.WARNING);
    // One message that keeps it, and it is the data that are wrong.
    assertThat(severity(all, 11)).isEqualTo(Severity.ERROR);
  }

  private Severity severity(Defect defect, long messages) {
    RecordedFindings findings = new RecordedFindings(check().card());
    RecordingCheck.Observer observer = check().open(findings);
    observer.onDefect(defect);
    StreamInfo labels =
        StreamInfo.of(0, "/labels", Modality.LABELS, StampSource.LOG_TIME, "json", "Labels");
    observer.onEnd(
        DefectCheckContract.summary(
            List.of(new StreamSummary(labels, messages, 0, 0, 0, 0, 0, 0, 0, "", 0, 0))));
    return findings.findings().getFirst().severity();
  }
}
