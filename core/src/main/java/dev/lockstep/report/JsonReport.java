package dev.lockstep.report;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Measurement;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.check.RunCost;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Span;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/// JSON for programs: everything a run says as one document, or its findings as JSON Lines.
///
/// Times are whole nanoseconds and may exceed 2^53: read them as integers. Absent parts are left
/// out.
public final class JsonReport implements Report {
  static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final boolean lines;

  private JsonReport(boolean lines) {
    this.lines = lines;
  }

  /// One document.
  public static JsonReport document() {
    return new JsonReport(false);
  }

  /// One finding a line, nothing else.
  public static JsonReport lines() {
    return new JsonReport(true);
  }

  @Override
  public void write(Run run, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out, JsonEncoding.UTF8)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      if (lines) {
        json.setRootValueSeparator(new SerializedString(""));
        for (RecordingResult recording : run.recordings()) {
          for (Finding finding : recording.findings()) {
            write(json, recording.name(), finding);
            json.writeRaw('\n');
          }
        }
      } else {
        json.setPrettyPrinter(indented());
        writeDocument(json, run);
        json.writeRaw('\n');
      }
    }
  }

  /// One finding as [#lines] writes it, without a line end.
  ///
  /// @param recording what the recording is called
  public static String line(String recording, Finding finding) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(json, recording, finding);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return text.toString();
  }

  /// Two spaces a level and `\n`, whatever the machine's line end.
  static DefaultPrettyPrinter indented() {
    return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
  }

  private static void writeDocument(JsonGenerator json, Run run) throws IOException {
    json.writeStartObject();
    json.writeStringField("lockstep", run.version());
    json.writeNumberField("known", run.known());
    json.writeArrayFieldStart("unclaimed");
    for (String path : run.unclaimed()) {
      json.writeString(path);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("recordings");
    for (RecordingResult recording : run.recordings()) {
      write(json, recording);
    }
    json.writeEndArray();
    RunCost cost = run.cost();
    if (cost != null) {
      CostText.write(json, cost);
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, RecordingResult recording) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", recording.name());
    json.writeStringField("format", recording.format());
    json.writeStringField("verdict", recording.verdict().label());
    json.writeBooleanField("incomplete", recording.incomplete());
    write(json, recording.coverage());
    json.writeArrayFieldStart("notes");
    for (String note : recording.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("streams");
    for (StreamSummary stream : recording.streams()) {
      write(json, stream);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("label_sets");
    for (RecordingResult.LabelSummary labels : recording.labelSets()) {
      json.writeStartObject();
      json.writeStringField("name", labels.name());
      json.writeNumberField("boxes", labels.boxes());
      json.writeNumberField("tracks", labels.tracks());
      json.writeNumberField("categories", labels.categories());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("findings");
    for (Finding finding : recording.findings()) {
      write(json, null, finding);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("outcomes");
    for (CheckResult result : recording.results()) {
      write(json, result);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("measurements");
    for (Measurement measurement : recording.measurements()) {
      json.writeStartObject();
      json.writeStringField("check", measurement.check());
      writeIfPresent(json, "subject", measurement.subject());
      json.writeStringField("quantity", measurement.quantity());
      json.writeNumberField("value", measurement.value());
      writeIfPresent(json, "unit", measurement.unit());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /// The field `coverage`.
  static void write(JsonGenerator json, Coverage coverage) throws IOException {
    json.writeObjectFieldStart("coverage");
    json.writeNumberField("total_bytes", coverage.totalBytes());
    json.writeNumberField("protected_bytes", coverage.protectedBytes());
    json.writeNumberField("lost_bytes", coverage.lostBytes());
    json.writeNumberField("unexamined_bytes", coverage.unexaminedBytes());
    json.writeStringField("basis", coverage.basis());
    if (coverage.manifestBlocks() > 0) {
      json.writeNumberField("manifest_blocks", coverage.manifestBlocks());
      json.writeNumberField("manifest_bytes", coverage.manifestBytes());
    }
    json.writeEndObject();
  }

  /// A stream.
  static void write(JsonGenerator json, StreamSummary stream) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", stream.stream().name());
    json.writeStringField("modality", stream.stream().modality().label());
    json.writeStringField("stamps", stream.stream().stampSource().label());
    writeIfPresent(json, "encoding", stream.stream().encoding());
    writeIfPresent(json, "schema", stream.stream().schema());
    writeIfPresent(json, "frame_id", stream.frameId());
    json.writeNumberField("messages", stream.messages());
    json.writeNumberField("bytes", stream.bytes());
    writeTime(json, "first_stamp_ns", stream.firstStampNs());
    writeTime(json, "last_stamp_ns", stream.lastStampNs());
    writeTime(json, "first_log_time_ns", stream.firstLogTimeNs());
    writeTime(json, "last_log_time_ns", stream.lastLogTimeNs());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, CheckResult result) throws IOException {
    json.writeStartObject();
    json.writeStringField("check", result.check().id());
    writeIfPresent(json, "subject", result.subject());
    json.writeStringField("outcome", result.outcome().label());
    switch (result.outcome()) {
      case Outcome.Passed p -> json.writeNumberField("examined", p.examined());
      case Outcome.Found f -> json.writeNumberField("findings", f.findings());
      case Outcome.Skipped s -> json.writeStringField("reason", s.reason());
      case Outcome.Broken b -> json.writeStringField("cause", b.cause());
    }
    json.writeEndObject();
  }

  /// A finding.
  ///
  /// @param recording what the recording is called, null where that stands elsewhere
  static void write(JsonGenerator json, @Nullable String recording, Finding finding)
      throws IOException {
    json.writeStartObject();
    writeFields(json, recording, finding);
    json.writeEndObject();
  }

  /// The fields of one finding as [#lines] writes them, but for the recording, into an object that
  /// is open.
  ///
  /// @throws IOException if `json` cannot be written to
  public static void writeFields(JsonGenerator json, Finding finding) throws IOException {
    writeFields(json, null, finding);
  }

  private static void writeFields(JsonGenerator json, @Nullable String recording, Finding finding)
      throws IOException {
    json.writeStringField("id", finding.fingerprint());
    if (recording != null) {
      json.writeStringField("recording", recording);
    }
    json.writeStringField("check", finding.check().id());
    json.writeStringField("name", finding.check().name());
    json.writeStringField("severity", finding.severity().label());
    json.writeStringField("message", FindingText.message(finding));
    writeLocation(json, finding.location());
    writeEvidence(json, finding.evidence());
    Cause cause = finding.cause();
    if (cause != null) {
      json.writeObjectFieldStart("cause");
      json.writeStringField("id", cause.id());
      json.writeStringField("sentence", cause.sentence());
      json.writeEndObject();
    }
  }

  /// The field `evidence`.
  static void writeEvidence(JsonGenerator json, Evidence evidence) throws IOException {
    json.writeObjectFieldStart("evidence");
    json.writeStringField("what", evidence.what());
    json.writeStringField("observed", evidence.observed());
    writeIfPresent(json, "expected", evidence.expected());
    writeIfPresent(json, "unit", evidence.unit());
    json.writeEndObject();
  }

  /// The field `location`.
  static void writeLocation(JsonGenerator json, Location at) throws IOException {
    json.writeObjectFieldStart("location");
    if (at.file() != null) {
      json.writeStringField("file", at.file());
    }
    if (at.bytes() != null) {
      json.writeNumberField("offset_bytes", at.bytes().offsetBytes());
      json.writeNumberField("length_bytes", at.bytes().lengthBytes());
    }
    if (at.stream() != null) {
      json.writeStringField("stream", at.stream());
    }
    writeSpan(json, "first_message", "last_message", at.messages());
    writeSpan(json, "first_stamp_ns", "last_stamp_ns", at.stampsNs());
    if (at.track() != null) {
      json.writeStringField("track", at.track());
    }
    writeSpan(json, "first_frame", "last_frame", at.frames());
    json.writeEndObject();
  }

  private static void writeSpan(JsonGenerator json, String first, String last, @Nullable Span span)
      throws IOException {
    if (span != null) {
      json.writeNumberField(first, span.first());
      json.writeNumberField(last, span.last());
    }
  }

  private static void writeTime(JsonGenerator json, String field, long ns) throws IOException {
    if (ns != Times.NONE) {
      json.writeNumberField(field, ns);
    }
  }

  private static void writeIfPresent(JsonGenerator json, String field, String value)
      throws IOException {
    if (!value.isEmpty()) {
      json.writeStringField(field, value);
    }
  }
}
