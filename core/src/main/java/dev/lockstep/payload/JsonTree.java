package dev.lockstep.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Parses one JSON message, strictly (RFC 8259): UTF-8, no repeated names, nothing behind the
/// value. Numbers keep every digit.
final class JsonTree {
  /// Longest message that is parsed; longer ones are passed over (judged: text of that size is no
  /// sensor message, and a tree takes many times its room).
  static final int MAX_BYTES = 64 << 20;

  /// Objects in objects; deeper ones count as damage (judged).
  private static final int MAX_DEPTH = 200;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_BYTES)
                  .build())
          .build();

  static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final ObjectReader TREES =
      MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final char REPLACEMENT = '\uFFFD';
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /// How Jackson ends its messages: a place in its own words.
  private static final Pattern PLACE = Pattern.compile("(?s)( at \\[Source|\n| \\(start marker).*");

  private JsonTree() {}

  /// The tree of the message in a range, or null; then `facts` says why.
  static @Nullable JsonNode parse(
      MemorySegment bytes, long at, int lengthBytes, PayloadFacts facts) {
    if (lengthBytes > MAX_BYTES) {
      facts.unreadable = true;
      return null;
    }
    byte[] copy = new byte[lengthBytes];
    MemorySegment.copy(bytes, at, MemorySegment.ofArray(copy), 0, lengthBytes);
    String text = new String(copy, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      int bad = firstMalformed(copy);
      if (bad >= 0) {
        return invalid(
            facts, "text at byte " + bad, Texts.hex(MemorySegment.ofArray(copy), bad, 1), "UTF-8");
      }
    }
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      return invalid(facts, "text at byte 0", "a byte order mark", "JSON");
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.setCodec(MAPPER);
      if (parser.nextToken() == null) {
        return invalid(facts, "text", "blank", "a JSON value");
      }
      JsonNode tree = TREES.readTree(parser);
      int end = (int) parser.currentLocation().getCharOffset();
      if (hasMore(parser)) {
        return invalid(
            facts,
            "bytes behind the JSON value at byte " + bytesBefore(text, end),
            Texts.quoted(text.substring(Math.min(end, text.length()))),
            "none");
      }
      return tree;
    } catch (JsonProcessingException e) {
      long where = e.getLocation() == null ? 0 : e.getLocation().getCharOffset();
      return invalid(
          facts, "text at byte " + bytesBefore(text, where), reason(e), "JSON (RFC 8259)");
    } catch (IOException e) {
      throw new IllegalStateException("text in memory cannot fail to be read", e);
    }
  }

  private static boolean hasMore(JsonParser parser) throws IOException {
    try {
      return parser.nextToken() != null;
    } catch (JsonProcessingException e) {
      return true;
    }
  }

  /// What is wrong, in a few words of ours where the case is common.
  static String reason(JsonProcessingException e) {
    if (e instanceof JsonEOFException) {
      return "ends too early";
    }
    String message = PLACE.matcher(String.valueOf(e.getOriginalMessage())).replaceAll("");
    if (e instanceof StreamConstraintsException) {
      return "beyond the limits: " + message;
    }
    return message;
  }

  private static @Nullable JsonNode invalid(
      PayloadFacts facts, String what, String observed, String expected) {
    facts.unreadable = true;
    facts.fault(DefectKind.JSON_INVALID, new Evidence.Violation(what, observed, expected));
    return null;
  }

  private static int bytesBefore(String text, long chars) {
    int end = (int) Math.max(0, Math.min(chars, text.length()));
    return text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
  }

  /// Offset of the first byte that is no UTF-8, or -1: a replacement character may also be meant.
  private static int firstMalformed(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(8192);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (result.isError()) {
        return in.position();
      }
      if (result.isUnderflow()) {
        return -1;
      }
      out.clear();
    }
  }
}
