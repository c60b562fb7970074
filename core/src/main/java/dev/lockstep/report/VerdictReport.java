package dev.lockstep.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Severity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// The verdict on one recording as JSON, for programs that gate on it (an upload, a training job);
/// `verdict.schema.json` among the resources says the same.
///
/// ```text
/// schema_version   1; fields may be added under the same number, never changed or removed
/// tool             name and version
/// recording        name, format, size_bytes, digest {algorithm, value} of the content judged
/// verdict          clean, suspicious or faulty
/// incomplete       true where part of the data could not be examined
/// counts           findings (all, also those that are not listed), those listed by severity, checks
///                  by outcome
/// coverage         as in the report
/// streams          as in the report
/// findings         as in the report, each with its fingerprint as id
/// ```
///
/// Nothing in it depends on when, where or through which door the recording was read: equal bytes
/// give equal verdicts.
public final class VerdictReport {
  /// Version of the layout.
  public static final int SCHEMA_VERSION = 1;

  private VerdictReport() {}

  /// What was judged.
  ///
  /// @param name name of the file or folder, without the folders above it
  /// @param sizeBytes length of its content
  /// @param algorithm how `digest` was made (`sha256`, `crc32c`), or `none`
  /// @param digest digest of its content in hexadecimal, or empty
  public record Content(String name, long sizeBytes, String algorithm, String digest) {}

  /// Renders `result`; ends with a line end.
  public static byte[] of(RecordingResult result, String version, Content content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonReport.JSON.createGenerator(out)) {
      json.setPrettyPrinter(JsonReport.indented());
      json.writeStartObject();
      json.writeNumberField("schema_version", SCHEMA_VERSION);
      json.writeObjectFieldStart("tool");
      json.writeStringField("name", "lockstep");
      json.writeStringField("version", version);
      json.writeEndObject();
      json.writeObjectFieldStart("recording");
      json.writeStringField("name", content.name());
      json.writeStringField("format", result.format());
      json.writeNumberField("size_bytes", content.sizeBytes());
      json.writeObjectFieldStart("digest");
      json.writeStringField("algorithm", content.algorithm());
      json.writeStringField("value", content.digest());
      json.writeEndObject();
      json.writeEndObject();
      json.writeStringField("verdict", result.verdict().label());
      json.writeBooleanField("incomplete", result.incomplete());
      writeCounts(json, result);
      JsonReport.write(json, result.coverage());
      json.writeArrayFieldStart("streams");
      for (StreamSummary stream : result.streams()) {
        JsonReport.write(json, stream);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("findings");
      for (Finding finding : result.findings()) {
        JsonReport.write(json, null, finding);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return out.toByteArray();
  }

  private static void writeCounts(JsonGenerator json, RecordingResult result) throws IOException {
    json.writeObjectFieldStart("counts");
    long all = 0;
    for (CheckResult each : result.results()) {
      all += each.total();
    }
    json.writeNumberField("findings", all);
    for (Severity severity : Severity.values()) {
      json.writeNumberField(
          severity.label(),
          result.findings().stream().filter(f -> f.severity() == severity).count());
    }
    json.writeNumberField("passed", count(result, Outcome.Passed.class));
    json.writeNumberField("found", count(result, Outcome.Found.class));
    json.writeNumberField("skipped", count(result, Outcome.Skipped.class));
    json.writeNumberField("broken", count(result, Outcome.Broken.class));
    json.writeEndObject();
  }

  private static long count(RecordingResult result, Class<? extends Outcome> outcome) {
    return result.results().stream().filter(each -> outcome.isInstance(each.outcome())).count();
  }
}
