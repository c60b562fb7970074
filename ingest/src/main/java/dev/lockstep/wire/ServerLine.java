package dev.lockstep.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A line of a server, as its client reads it. Fields that it lacks are 0, false or empty; unknown
/// fields are passed over, since a newer server may send some.
///
/// @param type `ok`, `ack`, `finding`, `done` or `err`, or something newer
/// @param part which part
/// @param durable bytes on stable storage, or -1
/// @param tailCrc32c of the bytes before `durable`, in `ok`; null where absent
/// @param complete whether the part ended as it should, in `done`
/// @param sha256 of the part, in `done`
/// @param verdict of the checks, in `done`
/// @param code in `err`
/// @param retryAfterSeconds in `err`
/// @param message in `err`
public record ServerLine(
    String type,
    int part,
    long durable,
    @Nullable Integer tailCrc32c,
    boolean complete,
    String sha256,
    String verdict,
    String code,
    int retryAfterSeconds,
    String message) {
  private static final JsonFactory JSON = new JsonFactory();

  /// Reads a line without its line feed.
  ///
  /// @throws IOException if it is not a JSON object with a field `t`
  public static ServerLine parse(String line) throws IOException {
    String type = "";
    int part = -1;
    long durable = -1;
    Integer tail = null;
    boolean complete = false;
    String sha256 = "";
    String verdict = "";
    String code = "";
    int retry = 0;
    String message = "";
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("line of the server: not a JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "t" -> type = json.getText();
          case "part" -> part = json.getIntValue();
          case "durable" -> durable = json.getLongValue();
          case "tail_crc32c" -> tail = HexFormat.fromHexDigits(json.getText());
          case "complete" -> complete = json.getBooleanValue();
          case "sha256" -> sha256 = json.getText();
          case "verdict" -> verdict = json.getText();
          case "code" -> code = json.getText();
          case "retry_after_s" -> retry = json.getIntValue();
          case "msg" -> message = json.getText();
          default -> json.skipChildren();
        }
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException("line of the server: not what it should be: " + e.getMessage(), e);
    }
    if (type.isEmpty()) {
      throw new IOException("line of the server: no field t");
    }
    return new ServerLine(
        type, part, durable, tail, complete, sha256, verdict, code, retry, message);
  }
}
