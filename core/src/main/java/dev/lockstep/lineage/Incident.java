package dev.lockstep.lineage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Run;
import dev.lockstep.manifest.DurableFile;
import dev.lockstep.report.TextReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A finding with the smallest recording that shows it, ready to be handed to who answers for it:
/// `incident.json` follows `incident.schema.json`, `incident.md` beside it says what is what.
///
/// @param tool program and version
/// @param version version of the program
/// @param created when it was made
/// @param target the finding
/// @param recording path of the original
/// @param format its format
/// @param recordingBytes its length
/// @param cut the smallest recording
/// @param owner who answers for it, or null
/// @param hours hours until it is due, or null
public record Incident(
    String tool,
    String version,
    Instant created,
    ReportedFinding target,
    String recording,
    String format,
    long recordingBytes,
    Reproduction.Cut cut,
    @Nullable String owner,
    @Nullable Long hours) {

  /// Folder of the cut in that of the incident.
  public static final String CUT = "cut";

  /// Whether the cut gives the finding.
  public boolean reproduced() {
    return cut.finding() != null;
  }

  private String cutPath(Path folder) {
    return folder.relativize(cut.recording()).toString().replace('\\', '/');
  }

  private String command(Path folder) {
    String path = cutPath(folder);
    boolean plain = path.matches("[\\w./-]+");
    return "./lockstep check " + (plain ? path : "'" + path.replace("'", "'\\''") + "'");
  }

  /// Share of the original's bytes that the cut takes.
  public double share() {
    return recordingBytes == 0 ? 1 : (double) cut.bytes() / recordingBytes;
  }

  /// Writes `command.txt`, `expected.txt`, `actual.txt` and `incident.json` into `folder`, in which
  /// the cut is.
  ///
  /// @throws IOException if a file cannot be written
  public void write(Path folder) throws IOException {
    write(folder.resolve("command.txt"), command(folder) + "\n");
    write(folder.resolve("expected.txt"), target.text() + "\n");
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    Run run = new Run(version, List.of(cut.result()), List.of(), 0);
    new TextReport(false, false).write(run, report);
    DurableFile.write(folder.resolve("actual.txt"), report.toByteArray());
    DurableFile.write(folder.resolve("incident.json"), JsonText.of(json(folder)));
  }

  private static void write(Path file, String text) throws IOException {
    DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private ObjectNode json(Path folder) {
    ObjectNode json = JsonText.MAPPER.createObjectNode();
    json.put("lockstep_incident", 1);
    json.put("tool", tool);
    json.put("created", created.toString());
    json.put("owner", owner);
    json.put("due", due());
    json.set("finding", target.json());
    ObjectNode original = json.putObject("recording");
    original.put("path", recording);
    original.put("format", format);
    original.put("bytes", recordingBytes);
    ObjectNode small = json.putObject("cut");
    small.put("path", cutPath(folder));
    small.put("bytes", cut.bytes());
    small.put("whole", cut.whole());
    small.put("tries", cut.tries());
    ArrayNode streams = small.putArray("streams");
    new TreeSet<>(cut.streams()).forEach(streams::add);
    Finding finding = cut.finding();
    json.put("reproduced", finding != null);
    json.put("reproduced_id", finding == null ? null : finding.fingerprint());
    json.put("command", command(folder));
    return json;
  }

  private @Nullable String due() {
    Long in = hours;
    return in == null ? null : created.plus(Duration.ofHours(in)).toString();
  }

  /// Writes a body for the webhook of a chat or an incident tracker: a `text` for people, and the
  /// incident as `incident`.
  ///
  /// @throws IOException if it cannot be written
  public void writeWebhookBody(Path folder, Path file) throws IOException {
    ObjectNode body = JsonText.MAPPER.createObjectNode();
    String due = due();
    body.put(
        "text",
        target.headline()
            + "; in "
            + recording
            + (owner == null ? "" : "; owner " + owner)
            + (due == null ? "" : "; due " + due));
    body.set("incident", json(folder));
    DurableFile.write(file, JsonText.of(body));
  }
}
