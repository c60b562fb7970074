package dev.lockstep.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// What is known of a part that will never change again.
///
/// @param bytes length
/// @param complete whether it ends as it should: with footer and magic, or at its announced size
/// @param sha256 of the whole file, lower-case hexadecimal
/// @param verdict what the checks made of it
public record Seal(long bytes, boolean complete, String sha256, String verdict) {
  static final JsonFactory JSON = new JsonFactory();

  byte[] toJson() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("bytes", bytes);
      json.writeBooleanField("complete", complete);
      json.writeStringField("sha256", sha256);
      json.writeStringField("verdict", verdict);
      json.writeEndObject();
    }
    out.write('\n');
    return out.toByteArray();
  }

  static Seal fromJson(byte[] text) throws IOException {
    long bytes = -1;
    boolean complete = false;
    String sha256 = "";
    String verdict = "";
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "bytes" -> bytes = json.getLongValue();
          case "complete" -> complete = json.getBooleanValue();
          case "sha256" -> sha256 = json.getText();
          case "verdict" -> verdict = json.getText();
          default -> json.skipChildren();
        }
      }
    }
    if (bytes < 0 || sha256.length() != 64) {
      throw new IOException("seal: incomplete");
    }
    return new Seal(bytes, complete, sha256, verdict);
  }
}
