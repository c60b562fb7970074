package dev.lockstep.report;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.TreeMap;

/// SARIF 2.1.0, which code hosts and editors show beside the files.
///
/// Source: OASIS Static Analysis Results Interchange Format 2.1.0, sections 3.13 to 3.34.
public final class SarifReport implements Report {
  /// Version 2.1.0 knows a fingerprint by a name with a version of its own (section 3.27.17).
  private static final String FINGERPRINT_NAME = "lockstepFinding/v1";

  @Override
  public void write(Run run, OutputStream out) throws IOException {
    Map<String, CheckCard> rules = new TreeMap<>();
    for (RecordingResult recording : run.recordings()) {
      for (CheckResult result : recording.results()) {
        rules.put(result.check().id(), result.check());
      }
    }
    try (JsonGenerator json = JsonReport.JSON.createGenerator(out, JsonEncoding.UTF8)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setPrettyPrinter(JsonReport.indented());
      json.writeStartObject();
      json.writeStringField("version", "2.1.0");
      json.writeStringField("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
      json.writeArrayFieldStart("runs");
      json.writeStartObject();
      writeTool(json, run, rules.values());
      json.writeStringField("columnKind", "utf16CodeUnits");
      json.writeArrayFieldStart("results");
      for (RecordingResult recording : run.recordings()) {
        for (Finding finding : recording.findings()) {
          writeResult(json, recording, finding);
        }
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void writeTool(JsonGenerator json, Run run, Iterable<CheckCard> rules)
      throws IOException {
    json.writeObjectFieldStart("tool");
    json.writeObjectFieldStart("driver");
    json.writeStringField("name", "Lockstep");
    json.writeStringField("version", run.version());
    json.writeArrayFieldStart("rules");
    for (CheckCard rule : rules) {
      json.writeStartObject();
      json.writeStringField("id", rule.id());
      json.writeStringField("name", rule.name());
      json.writeObjectFieldStart("shortDescription");
      json.writeStringField("text", rule.summary());
      json.writeEndObject();
      json.writeObjectFieldStart("defaultConfiguration");
      json.writeStringField("level", level(rule.severity()));
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeResult(JsonGenerator json, RecordingResult recording, Finding finding)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("ruleId", finding.check().id());
    json.writeStringField("level", level(finding.severity()));
    json.writeObjectFieldStart("message");
    json.writeStringField("text", FindingText.message(finding));
    json.writeEndObject();
    json.writeArrayFieldStart("locations");
    json.writeStartObject();
    writePlace(json, recording, finding.location());
    json.writeEndObject();
    json.writeEndArray();
    json.writeObjectFieldStart("partialFingerprints");
    json.writeStringField(FINGERPRINT_NAME, finding.fingerprint());
    json.writeEndObject();
    json.writeObjectFieldStart("properties");
    JsonReport.writeLocation(json, finding.location());
    JsonReport.writeEvidence(json, finding.evidence());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writePlace(JsonGenerator json, RecordingResult recording, Location at)
      throws IOException {
    json.writeObjectFieldStart("physicalLocation");
    json.writeObjectFieldStart("artifactLocation");
    json.writeStringField("uri", uri(recording, at));
    json.writeEndObject();
    ByteRange bytes = at.bytes();
    if (bytes != null) {
      json.writeObjectFieldStart("region");
      json.writeNumberField("byteOffset", bytes.offsetBytes());
      json.writeNumberField("byteLength", bytes.lengthBytes());
      json.writeEndObject();
    }
    json.writeEndObject();
    if (at.stream() != null) {
      json.writeArrayFieldStart("logicalLocations");
      json.writeStartObject();
      json.writeStringField("name", at.stream());
      json.writeStringField("fullyQualifiedName", recording.name() + "#" + at.stream());
      json.writeStringField("kind", "stream");
      json.writeEndObject();
      json.writeEndArray();
    }
  }

  /// The recording's path as a relative reference, with the file in it where that is another one.
  private static String uri(RecordingResult recording, Location at) throws IOException {
    String path = recording.name().replace('\\', '/');
    String file = at.file();
    if (file != null && !path.equals(file) && !path.endsWith("/" + file)) {
      path = path + "/" + file;
    }
    try {
      return new URI(null, null, path, null).getRawPath();
    } catch (URISyntaxException e) {
      throw new IOException("path is no URI: " + path, e);
    }
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case INFO -> "note";
    };
  }
}
