package dev.lockstep.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The lines that a server sends: one JSON object and a line feed each, first field `t`.
public final class Reply {
  /// Seconds after which a temporary refusal is worth another try. Judged.
  public static final int RETRY_SECONDS = 30;

  /// Longest line that a server sends; a client may refuse longer ones.
  public static final int MAX_LINE_BYTES = 64 << 10;

  private static final JsonFactory JSON = new JsonFactory();

  private Reply() {}

  /// The part `part` goes on at `durableBytes`.
  ///
  /// @param tailCrc32c CRC-32C of the last 64 KiB (or fewer) before that, for the client to compare
  public static byte[] ok(
      int part, long durableBytes, int tailCrc32c, long maxRecordBytes, long ackMillis) {
    return line(
        "ok",
        json -> {
          json.writeNumberField("part", part);
          json.writeNumberField("durable", durableBytes);
          json.writeStringField("tail_crc32c", HexFormat.of().toHexDigits(tailCrc32c));
          json.writeStringField("ack", "fsync");
          json.writeNumberField("max_record", maxRecordBytes);
          json.writeNumberField("ack_ms", ackMillis);
        });
  }

  /// The first `durableBytes` bytes of the part are on stable storage.
  public static byte[] ack(int part, long durableBytes) {
    return line(
        "ack",
        json -> {
          json.writeNumberField("part", part);
          json.writeNumberField("durable", durableBytes);
        });
  }

  /// The part is sealed; it will never change.
  public static byte[] done(
      int part, long durableBytes, boolean complete, String sha256, String verdict) {
    return line(
        "done",
        json -> {
          json.writeNumberField("part", part);
          json.writeNumberField("durable", durableBytes);
          json.writeBooleanField("complete", complete);
          json.writeStringField("sha256", sha256);
          json.writeStringField("verdict", verdict);
        });
  }

  /// Something was found in the part.
  ///
  /// @param missed findings that were left out before this one, because the client did not read
  /// @param fields writes the fields of the finding
  public static byte[] finding(int part, long missed, Fields fields) {
    return line(
        "finding",
        json -> {
          json.writeNumberField("part", part);
          if (missed > 0) {
            json.writeNumberField("missed", missed);
          }
          fields.write(json);
        });
  }

  static byte[] error(
      ErrorCode code,
      int retryAfterSeconds,
      @Nullable Integer part,
      @Nullable Long durableBytes,
      String message) {
    return line(
        "err",
        json -> {
          json.writeStringField("code", code.label());
          if (retryAfterSeconds > 0) {
            json.writeNumberField("retry_after_s", retryAfterSeconds);
          }
          if (part != null) {
            json.writeNumberField("part", part);
          }
          if (durableBytes != null) {
            json.writeNumberField("durable", durableBytes);
          }
          json.writeStringField("msg", message);
        });
  }

  /// Writes fields of an object that is open.
  @FunctionalInterface
  public interface Fields {
    /// Writes them.
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] line(String type, Fields fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("t", type);
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    out.write('\n');
    return out.toByteArray();
  }
}
