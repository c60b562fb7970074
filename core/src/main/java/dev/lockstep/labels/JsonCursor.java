package dev.lockstep.labels;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.lockstep.mapped.SegmentStream;
import dev.lockstep.model.LabelDetails.Attribute;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks a JSON document once, forwards, without building it: what is asked for is read, the rest
/// is skipped. Values of another type than was asked for count as absent.
///
/// Each method that reads a value is called with the cursor in front of it and leaves it behind.
public final class JsonCursor implements AutoCloseable {
  /// Deepest nesting; judged: label formats nest a dozen deep.
  public static final int MAX_DEPTH = 100;

  /// Longest string and name, bytes; judged.
  private static final int MAX_STRING = 1 << 20;

  private static final int MAX_NAME = 4096;

  /// Most attributes that are kept of an object; judged.
  private static final int MAX_ATTRIBUTES = 256;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Names of objects and frames come in any number. They stay canonical, since only such
          // a parser tells bytes.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING)
                  .maxNameLength(MAX_NAME)
                  .build())
          .build();

  private final JsonParser parser;
  private final long base;

  private JsonCursor(JsonParser parser, long base) {
    this.parser = parser;
    this.base = base;
  }

  /// A cursor in front of the value that `bytes` hold.
  public static JsonCursor over(MemorySegment bytes) throws IOException {
    return over(bytes, 0);
  }

  /// A cursor in front of the value that `bytes` hold, which stand at `base` in their file.
  public static JsonCursor over(MemorySegment bytes, long base) throws IOException {
    JsonParser parser = FACTORY.createParser(new SegmentStream(bytes));
    parser.nextToken();
    return new JsonCursor(parser, base);
  }

  /// A cursor in front of the value that all of `bytes` are, which stand at `base` in their file.
  public static JsonCursor over(byte[] bytes, long base) throws IOException {
    JsonParser parser = FACTORY.createParser(bytes);
    parser.nextToken();
    return new JsonCursor(parser, base);
  }

  /// What is wrong with a document, in a few words.
  public static String reason(IOException e) {
    if (e instanceof JsonEOFException) {
      return "ends too early";
    }
    String message =
        e instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : String.valueOf(e.getMessage());
    String first = message.lines().findFirst().orElse("");
    int more = first.indexOf(" at [Source");
    first = more < 0 ? first : first.substring(0, more);
    return e instanceof StreamConstraintsException ? "beyond the limits: " + first : first;
  }

  /// Byte at which an error was met, or -1.
  public static long offset(IOException e) {
    JsonLocation at = e instanceof JsonProcessingException json ? json.getLocation() : null;
    return at == null ? -1 : at.getByteOffset();
  }

  /// Offset of the first byte of what comes next.
  public long start() {
    return base + Math.max(0, parser.currentTokenLocation().getByteOffset());
  }

  /// Offset behind the last byte that was read.
  public long end() {
    return base + Math.max(0, parser.currentLocation().getByteOffset());
  }

  /// Whether an object comes next.
  public boolean atObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  /// Whether a list comes next.
  public boolean atArray() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  /// Whether nothing comes next.
  public boolean atEnd() {
    return parser.currentToken() == null;
  }

  /// What comes next, as a text for messages.
  public String shown() throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case null -> "nothing";
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      default -> LabelFaults.shortened(parser.getText());
    };
  }

  /// Steps into the object that comes next; `false`, and the value is skipped, if it is none.
  public boolean enterObject() throws IOException {
    return enter(JsonToken.START_OBJECT);
  }

  /// Steps into the list that comes next; `false`, and the value is skipped, if it is none.
  public boolean enterArray() throws IOException {
    return enter(JsonToken.START_ARRAY);
  }

  private boolean enter(JsonToken wanted) throws IOException {
    if (parser.currentToken() != wanted) {
      skip();
      return false;
    }
    parser.nextToken();
    return true;
  }

  /// Name of the next member of the object that was entered, or null at its end.
  public @Nullable String nextName() throws IOException {
    if (parser.currentToken() != JsonToken.FIELD_NAME) {
      parser.nextToken();
      return null;
    }
    String name = parser.currentName();
    parser.nextToken();
    return name;
  }

  /// Whether the list that was entered has another element, which comes next.
  public boolean nextElement() throws IOException {
    if (parser.currentToken() == JsonToken.END_ARRAY || parser.currentToken() == null) {
      parser.nextToken();
      return false;
    }
    return true;
  }

  /// Passes over the value that comes next.
  public void skip() throws IOException {
    parser.skipChildren();
    parser.nextToken();
  }

  /// A number, NaN if there is none.
  public double number() throws IOException {
    double value =
        parser.currentToken() != null && parser.currentToken().isNumeric()
            ? parser.getDoubleValue()
            : Double.NaN;
    skip();
    return value;
  }

  /// A number or the text of one, NaN if there is neither.
  public double numberOrText() throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      return number();
    }
    double value = parse(parser.getText());
    skip();
    return value;
  }

  private static double parse(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /// A whole number, or `absent`.
  public long whole(long absent) throws IOException {
    long value = absent;
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      value = parser.getLongValue();
    }
    skip();
    return value;
  }

  /// A text, or a number as it is written, or null.
  public @Nullable String text() throws IOException {
    JsonToken token = parser.currentToken();
    String value =
        token == JsonToken.VALUE_STRING || (token != null && token.isNumeric())
            ? parser.getText()
            : null;
    skip();
    return value;
  }

  /// Whether `true` comes next; 0 or 1 count too.
  public boolean flag() throws IOException {
    JsonToken token = parser.currentToken();
    boolean value =
        token == JsonToken.VALUE_TRUE
            || (token == JsonToken.VALUE_NUMBER_INT && !parser.getText().equals("0"));
    skip();
    return value;
  }

  /// The numbers of a list; `into` is filled with NaN where they end or are none.
  ///
  /// @return how many there are in the list, or -1 if it is no list
  public int numbers(double[] into) throws IOException {
    java.util.Arrays.fill(into, Double.NaN);
    if (!enterArray()) {
      return -1;
    }
    int count = 0;
    while (nextElement()) {
      double value = number();
      if (count < into.length) {
        into[count] = value;
      }
      count++;
    }
    return count;
  }

  /// The members of an object as attributes: texts, numbers, true and false as they are written;
  /// lists and objects are left out.
  public List<Attribute> attributes() throws IOException {
    List<Attribute> found = new ArrayList<>();
    if (!enterObject()) {
      return found;
    }
    for (String name = nextName(); name != null; name = nextName()) {
      String value = scalar();
      if (value != null && found.size() < MAX_ATTRIBUTES) {
        found.add(new Attribute(name, value));
      }
    }
    return found;
  }

  /// A text, number, true or false as it is written, or null.
  public @Nullable String scalar() throws IOException {
    JsonToken token = parser.currentToken();
    String value =
        token != null && token.isScalarValue() && token != JsonToken.VALUE_NULL
            ? parser.getText()
            : null;
    skip();
    return value;
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
