package dev.lockstep.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Why a recording begins where it does: a client that keeps nothing lost its connection, and what
/// it sent next is a recording of its own. What lay between is lost.
///
/// The endpoint notes it beside the part that begins after the hole, before its first byte:
///
/// ```text
/// 00001.mcap
/// 00001.part.json   {..., "interrupted": {"part": 0, "bytes": 4096, "from_ms": ..., "to_ms": ...}}
/// ```
///
/// @param part number of the part that broke off, or -1 if none came before
/// @param bytes length of that part
/// @param fromMillis when its last byte arrived, milliseconds since 1970 by the clock of the
///   endpoint; 0 if that is not known
/// @param toMillis when the client was back
/// @param lostBytes bytes that the client says it threw away meanwhile; 0 if it says nothing
public record Interruption(int part, long bytes, long fromMillis, long toMillis, long lostBytes) {
  /// What stands in the place of `.mcap` in the name of the note.
  public static final String NOTE_SUFFIX = ".part.json";

  /// Name of the field of the note.
  public static final String FIELD = "interrupted";

  private static final String DATA_SUFFIX = ".mcap";

  /// A note has a few hundred bytes; judged.
  private static final int MAX_NOTE_BYTES = 64 << 10;

  private static final JsonFactory JSON = new JsonFactory();

  /// What a look for the note gave.
  ///
  /// @param interruption what it says; null if the recording was not interrupted
  /// @param unknown why nothing is known, or null if it is
  public record Note(@Nullable Interruption interruption, @Nullable String unknown) {}

  /// Looks for the note beside the recording at `recording`.
  public static Note beside(Path recording) {
    String name = String.valueOf(recording.getFileName());
    if (!name.endsWith(DATA_SUFFIX)) {
      return new Note(null, "no endpoint wrote this recording");
    }
    String stem = name.substring(0, name.length() - DATA_SUFFIX.length());
    try (InputStream in = Files.newInputStream(recording.resolveSibling(stem + NOTE_SUFFIX));
        JsonParser json = JSON.createParser(in.readNBytes(MAX_NOTE_BYTES))) {
      return new Note(find(json), null);
    } catch (NoSuchFileException e) {
      return new Note(null, "no endpoint wrote this recording");
    } catch (IOException e) {
      return new Note(null, "the endpoint's note beside the recording cannot be read");
    }
  }

  private static @Nullable Interruption find(JsonParser json) throws IOException {
    Interruption found = null;
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("no JSON object");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      if (field.equals(FIELD)) {
        found = read(json);
      } else {
        json.skipChildren();
      }
    }
    return found;
  }

  /// Reads the object that `json` stands on.
  ///
  /// @throws IOException if it is none, or not a whole one
  public static Interruption read(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new IOException(FIELD + ": no JSON object");
    }
    int part = -1;
    long bytes = 0;
    long from = 0;
    long to = 0;
    long lost = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "part" -> part = json.getIntValue();
        case "bytes" -> bytes = json.getLongValue();
        case "from_ms" -> from = json.getLongValue();
        case "to_ms" -> to = json.getLongValue();
        case "lost_bytes" -> lost = json.getLongValue();
        default -> json.skipChildren();
      }
    }
    if (to == 0) {
      throw new IOException(FIELD + ": no to_ms");
    }
    return new Interruption(part, bytes, from, to, lost);
  }

  /// Writes the field and its object.
  public void write(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart(FIELD);
    json.writeNumberField("part", part);
    json.writeNumberField("bytes", bytes);
    json.writeNumberField("from_ms", fromMillis);
    json.writeNumberField("to_ms", toMillis);
    json.writeNumberField("lost_bytes", lostBytes);
    json.writeEndObject();
  }

  /// The same as a defect of the recording that begins after the hole: an error where bytes are
  /// known to be lost, otherwise a warning.
  ///
  /// @param file name of that recording
  public Defect defect(String file) {
    return new Defect(
        DefectKind.RECORDING_INTERRUPTED,
        lostBytes > 0 ? DefectKind.RECORDING_INTERRUPTED.severity() : Severity.WARNING,
        Location.bytes(file, 0, 0),
        new Evidence.Violation("client reconnected", hole(), "one connection from first to last"));
  }

  /// The hole in words: how long, since when, behind which byte, how much is lost.
  public String hole() {
    StringBuilder text = new StringBuilder();
    if (fromMillis > 0) {
      text.append(Math.max(0, toMillis - fromMillis)).append(" ms without a byte since ");
      text.append(Instant.ofEpochMilli(fromMillis));
    } else {
      text.append("back at ").append(Instant.ofEpochMilli(toMillis)).append(" after unknown time");
    }
    if (part >= 0) {
      text.append(", behind byte ").append(bytes).append(" of part ").append(part);
    }
    if (lostBytes > 0) {
      text.append(", ").append(lostBytes).append(" bytes thrown away by the client");
    }
    return text.toString();
  }
}
