package dev.lockstep.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.check.Finding;
import dev.lockstep.model.Location;
import dev.lockstep.model.Span;
import dev.lockstep.model.Times;
import dev.lockstep.report.FindingText;
import dev.lockstep.report.JsonReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A finding of this run or of an earlier one, as its JSON tells it.
///
/// @param id its fingerprint
/// @param recording what the recording was called
/// @param check id of the check
/// @param name name of the check
/// @param severity how bad it is
/// @param message fault and evidence in one line
/// @param location where it lies
/// @param what what its evidence is about
/// @param json all of it
public record ReportedFinding(
    String id,
    String recording,
    String check,
    String name,
    String severity,
    String message,
    Location location,
    String what,
    JsonNode json) {

  /// Longest file of findings that is read. Judged: a million findings take some 500 MB, of which
  /// nobody traces by hand.
  private static final long MAX_BYTES = 256L << 20;

  /// A finding of a run over `recording`.
  public static ReportedFinding of(String recording, Finding finding) {
    try {
      return of(recording, JsonText.MAPPER.readTree(JsonReport.line(recording, finding)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("reading back what was written", e);
    }
  }

  private static ReportedFinding of(String recording, JsonNode json) {
    JsonNode at = json.path("location");
    Location location =
        new Location(
            text(at, "file"),
            null,
            text(at, "stream"),
            span(at, "first_message", "last_message"),
            span(at, "first_stamp_ns", "last_stamp_ns"),
            text(at, "track"),
            span(at, "first_frame", "last_frame"));
    if (at.has("offset_bytes")) {
      location =
          location.withBytes(
              Math.max(0, at.path("offset_bytes").longValue()),
              Math.max(0, at.path("length_bytes").longValue()));
    }
    return new ReportedFinding(
        json.path("id").asText(),
        json.path("recording").asText(recording),
        json.path("check").asText(),
        json.path("name").asText(),
        json.path("severity").asText(),
        json.path("message").asText(),
        location,
        json.path("evidence").path("what").asText(),
        json);
  }

  private static @Nullable String text(JsonNode json, String member) {
    return json.path(member).textValue();
  }

  private static @Nullable Span span(JsonNode json, String first, String last) {
    return json.path(first).isIntegralNumber() && json.path(last).isIntegralNumber()
        ? new Span(json.path(first).longValue(), json.path(last).longValue())
        : null;
  }

  /// Reads a file that `check` wrote with `--output jsonl` or `--output json`.
  ///
  /// @throws IOException if it cannot be read
  /// @throws IllegalArgumentException if it is neither
  public static List<ReportedFinding> read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IllegalArgumentException(
          file + ": " + Files.size(file) + " bytes (expected findings, at most " + MAX_BYTES + ")");
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    List<ReportedFinding> all = new ArrayList<>();
    int number = 0;
    try {
      if (text.startsWith("{\n")) {
        for (JsonNode recording : JsonText.MAPPER.readTree(text).path("recordings")) {
          for (JsonNode finding : recording.path("findings")) {
            ObjectNode with = ((ObjectNode) finding.require()).deepCopy();
            with.put("recording", recording.path("name").asText());
            all.add(checked(file, 0, with));
          }
        }
        return all;
      }
      for (String line : (Iterable<String>) text.lines()::iterator) {
        number++;
        if (!line.isBlank()) {
          all.add(checked(file, number, JsonText.MAPPER.readTree(line)));
        }
      }
    } catch (JsonProcessingException | ClassCastException e) {
      throw new IllegalArgumentException(
          file + ": no output of 'check' in json or jsonl, line " + Math.max(1, number), e);
    }
    return all;
  }

  private static ReportedFinding checked(Path file, int line, JsonNode json) {
    if (!json.path("id").isTextual() || !json.path("check").isTextual()) {
      throw new IllegalArgumentException(
          file
              + ": no finding"
              + (line > 0 ? " in line " + line : "")
              + " (expected id and check)");
    }
    return of("", json);
  }

  /// The same finding at another place.
  ReportedFinding at(Location other) {
    return new ReportedFinding(id, recording, check, name, severity, message, other, what, json);
  }

  /// Whether the finding is about this label, as far as place and identity tell.
  public boolean touches(LabelRow label) {
    Location at = location;
    boolean same =
        label.set().equals(at.stream()) || at.stream() == null && label.file().equals(at.file());
    boolean tracked = at.track() == null || at.track().equals(label.track());
    if (!same || !tracked || at.stream() == null && !Tracer.overlaps(label.bytes(), at.bytes())) {
      return false;
    }
    Span frames = at.frames();
    Span stamps = at.stampsNs();
    Span rows = at.messages();
    if (frames != null && label.frame() >= 0) {
      return Tracer.holds(frames, label.frame());
    }
    if (stamps != null && label.stampNs() != Times.NONE) {
      return Tracer.holds(stamps, label.stampNs());
    }
    return rows == null || Tracer.holds(rows, label.position());
  }

  /// Severity, rule and fault in one line.
  public String headline() {
    return severity + " " + check + " " + name + ": " + message;
  }

  /// Headline and place.
  public String text() {
    String place = FindingText.place(location);
    return place.isEmpty() ? headline() : headline() + "\n  at " + place;
  }
}
