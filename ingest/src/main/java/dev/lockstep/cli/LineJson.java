package dev.lockstep.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;

/// One JSON object a line.
final class LineJson {
  private static final JsonFactory JSON = new JsonFactory();

  private LineJson() {}

  /// Writes the fields of an object.
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /// An object, with a line end.
  static String of(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return text.append('\n').toString();
  }
}
