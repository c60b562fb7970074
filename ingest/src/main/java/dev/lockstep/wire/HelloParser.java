package dev.lockstep.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads hello lines. Everything that a stranger sends first goes through here, so nothing is
/// guessed: unknown fields, repeated fields and wrong types are refused with the field's name.
public final class HelloParser {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final String FIELDS =
      "session, stream, token, mode, offset, tail_crc32c, part, size, lost_bytes, subscribe, ack";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(2).build())
          .build();

  private @Nullable String session;
  private @Nullable String stream;
  private @Nullable String token;
  private Hello.@Nullable Mode mode;
  private long offset;
  private @Nullable Integer tailCrc32c;
  private @Nullable Integer part;
  private @Nullable Long size;
  private long lostBytes;
  private boolean findings;

  private HelloParser() {}

  /// Reads a line without its line feed.
  ///
  /// @throws RefusedException if it is not a hello line; always `malformed`
  public static Hello parse(byte[] line) throws RefusedException {
    String text = text(line);
    if (text.endsWith("\r")) {
      text = text.substring(0, text.length() - 1);
    }
    if (!text.startsWith(Hello.PROTOCOL + " ")) {
      throw malformed(
          "first line: "
              + shown(text.substring(0, Math.min(text.length(), 16)))
              + " (expected "
              + Hello.PROTOCOL
              + ", a space and a JSON object)");
    }
    HelloParser parser = new HelloParser();
    parser.read(text.substring(Hello.PROTOCOL.length() + 1));
    return parser.checked();
  }

  private static String text(byte[] line) throws RefusedException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(line))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("hello line: is not UTF-8");
    }
  }

  private void read(String json) throws RefusedException {
    try (JsonParser in = JSON.createParser(json)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("hello: no JSON object behind " + Hello.PROTOCOL);
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String field = in.currentName();
        in.nextToken();
        read(field, in);
      }
      if (in.nextToken() != null) {
        throw malformed("hello: more than one JSON object");
      }
    } catch (JsonProcessingException e) {
      throw malformed(
          "hello: not JSON at column " + column(e) + ": " + shown(e.getOriginalMessage()));
    } catch (IOException e) {
      throw malformed("hello: cannot be read");
    }
  }

  private static int column(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
  }

  private void read(String field, JsonParser in) throws IOException, RefusedException {
    switch (field) {
      case "session" -> session = name(field, in);
      case "stream" -> stream = name(field, in);
      case "token" -> {
        token = string(field, in);
        if (token.length() > Hello.MAX_TOKEN_CHARS) {
          throw malformed("token: " + token.length() + " characters (expected at most 1024)");
        }
      }
      case "mode" ->
          mode =
              switch (string(field, in)) {
                case "spool" -> Hello.Mode.SPOOL;
                case "live" -> Hello.Mode.LIVE;
                case String other ->
                    throw malformed("mode: " + shown(other) + " (expected spool or live)");
              };
      case "offset" -> offset = number(field, in, Long.MAX_VALUE);
      case "part" -> part = (int) number(field, in, Hello.MAX_PART);
      case "size" -> size = number(field, in, Long.MAX_VALUE);
      case "lost_bytes" -> lostBytes = number(field, in, Long.MAX_VALUE);
      case "tail_crc32c" -> {
        String hex = string(field, in);
        if (!hex.matches("[0-9a-fA-F]{8}")) {
          throw malformed("tail_crc32c: " + shown(hex) + " (expected 8 hexadecimal digits)");
        }
        tailCrc32c = HexFormat.fromHexDigits(hex);
      }
      case "subscribe" -> {
        String what = string(field, in);
        if (!what.equals("findings")) {
          throw malformed("subscribe: " + shown(what) + " (expected findings)");
        }
        findings = true;
      }
      case "ack" -> {
        String what = string(field, in);
        if (!what.equals("fsync")) {
          throw malformed("ack: " + shown(what) + " (expected fsync, the only promise made)");
        }
      }
      default ->
          throw malformed("hello: unknown field " + shown(field) + " (known: " + FIELDS + ")");
    }
  }

  private Hello checked() throws RefusedException {
    if (session == null) {
      throw malformed("hello: no session");
    }
    if (stream == null) {
      throw malformed("hello: no stream");
    }
    if (mode == null) {
      throw malformed("hello: no mode (expected spool or live)");
    }
    if (mode == Hello.Mode.LIVE && (offset != 0 || part != null || size != null)) {
      throw malformed(
          "hello: offset, part or size in live mode (each connection is a new part from byte 0)");
    }
    if (mode == Hello.Mode.SPOOL && lostBytes != 0) {
      throw malformed("hello: lost_bytes in spool mode (what is kept is not lost)");
    }
    if (offset > 0 && tailCrc32c == null) {
      throw malformed("hello: offset " + offset + " without tail_crc32c");
    }
    if (size != null && offset > size) {
      throw malformed("hello: offset " + offset + " behind size " + size);
    }
    return new Hello(
        session, stream, token, mode, offset, tailCrc32c, part, size, lostBytes, findings);
  }

  private static String string(String field, JsonParser in) throws IOException, RefusedException {
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      throw malformed(field + ": not a string");
    }
    return in.getText();
  }

  private static long number(String field, JsonParser in, long most)
      throws IOException, RefusedException {
    if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw malformed(field + ": not a whole number");
    }
    String digits = in.getText();
    long value;
    try {
      value = Long.parseLong(digits);
    } catch (NumberFormatException e) {
      value = -1;
    }
    if (value < 0 || value > most) {
      throw malformed(field + ": " + shown(digits) + " (expected 0 to " + most + ")");
    }
    return value;
  }

  private static String name(String field, JsonParser in) throws IOException, RefusedException {
    String name = string(field, in);
    if (!isName(name)) {
      throw malformed(
          field
              + ": "
              + shown(name)
              + " (expected a letter or digit, then letters, digits, '.', '_' or '-', at most "
              + Hello.MAX_NAME_CHARS
              + " characters)");
    }
    return name;
  }

  /// Whether `name` can name a session or a stream.
  public static boolean isName(String name) {
    return name.length() <= Hello.MAX_NAME_CHARS && NAME.matcher(name).matches();
  }

  private static RefusedException malformed(String message) {
    return new RefusedException(ErrorCode.MALFORMED, message);
  }

  /// Hostile text for a message: quoted, short, without control characters.
  private static String shown(String text) {
    StringBuilder out = new StringBuilder("\"");
    int end = Math.min(text.length(), 80);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      out.append(c < 0x20 || c > 0x7E ? '?' : c);
    }
    return out.append(end < text.length() ? "...\"" : "\"").toString();
  }
}
