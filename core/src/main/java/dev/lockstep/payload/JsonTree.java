package dev.lockstep.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final char REPLACEMENT = '\uFFFD';
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /// How Jackson ends its messages: a place in its own words.
  private static final Pattern PLACE = Pattern.compile("(?s)( at \\[Source|\n| \\(start marker).*");

  /// What the parser advises programmers to do, which is no help to who has the file.
  private static final Pattern ADVICE =
      Pattern.compile(
          ": enable `[^`]*` to allow"
              + "| \\(not recognized as one since Feature '[A-Z_]+' not enabled for parser\\)");

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
      JsonToken first = parser.nextToken();
      if (first == null) {
        return invalid(facts, "text", "blank", "a JSON value");
      }
      JsonNode tree = value(parser, first);
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

  /// The tree of a text, or null if it is blank.
  ///
  /// @throws JsonProcessingException if it is not one JSON value and nothing else
  static @Nullable JsonNode read(String text) throws JsonProcessingException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return null;
      }
      JsonNode tree = value(parser, first);
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "more text behind the value");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("text in memory cannot fail to be read", e);
    }
  }

  /// The value that begins with `first`, the token that the parser stands at; the parser ends at
  /// its last one.
  ///
  /// A mapper would do the same. Making one takes a tenth of a small check, for dates and languages
  /// that JSON does not have. The parser bounds the depth.
  private static JsonNode value(JsonParser parser, JsonToken first) throws IOException {
    return switch (first) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          object.set(name, value(parser, parser.nextToken()));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          array.add(value(parser, next));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.textNode(parser.getText());
      case VALUE_NUMBER_INT ->
          switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue().stripTrailingZeros());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("no value begins with " + first);
    };
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
    message = ADVICE.matcher(message).replaceAll("");
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
