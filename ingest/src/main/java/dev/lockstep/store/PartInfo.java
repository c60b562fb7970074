package dev.lockstep.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lockstep.source.Interruption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What is known of a part before its first byte.
///
/// @param resumable whether its client keeps the bytes and may come back for it
/// @param sizeBytes announced length, or null where the stream itself tells its end
/// @param openedMillis when it was opened, milliseconds since 1970
/// @param interruption the hole in front of it, or null if there is none
public record PartInfo(
    boolean resumable,
    @Nullable Long sizeBytes,
    long openedMillis,
    @Nullable Interruption interruption) {

  byte[] toJson() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = Seal.JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("mode", resumable ? "spool" : "live");
      if (sizeBytes != null) {
        json.writeNumberField("size", sizeBytes);
      }
      json.writeNumberField("opened_ms", openedMillis);
      if (interruption != null) {
        interruption.write(json);
      }
      json.writeEndObject();
    }
    out.write('\n');
    return out.toByteArray();
  }

  static PartInfo fromJson(byte[] text) throws IOException {
    boolean resumable = true;
    Long size = null;
    long opened = 0;
    Interruption interruption = null;
    try (JsonParser json = Seal.JSON.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "mode" -> resumable = json.getText().equals("spool");
          case "size" -> size = json.getLongValue();
          case "opened_ms" -> opened = json.getLongValue();
          case Interruption.FIELD -> interruption = Interruption.read(json);
          default -> json.skipChildren();
        }
      }
    }
    return new PartInfo(resumable, size, opened, interruption);
  }
}
