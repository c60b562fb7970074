package dev.lockstep.labels;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.lockstep.model.LabelDetails.Attribute;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// How label formats write JSON: the same bytes on every machine.
public final class JsonOutput {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonOutput() {}

  /// A generator on a new file, indented by one space a level; the caller closes it.
  public static JsonGenerator file(Path file) throws IOException {
    JsonGenerator json =
        FACTORY.createGenerator(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    DefaultIndenter lines = new DefaultIndenter(" ", "\n");
    json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(lines));
    return json;
  }

  /// Writes a number with at most so many decimals.
  public static void number(JsonGenerator json, String name, double value, int decimals)
      throws IOException {
    json.writeFieldName(name);
    number(json, value, decimals);
  }

  /// Writes a number with at most so many decimals.
  public static void number(JsonGenerator json, double value, int decimals) throws IOException {
    json.writeNumber(Decimals.shortest(value, decimals));
  }

  /// Writes attributes as members of an object; names that repeat get a number, since members may
  /// not.
  public static void members(JsonGenerator json, List<Attribute> attributes) throws IOException {
    Set<String> used = new HashSet<>();
    for (Attribute attribute : attributes) {
      String name = attribute.name();
      for (int n = 2; !used.add(name); n++) {
        name = attribute.name() + "#" + n;
      }
      json.writeStringField(name, attribute.value());
    }
  }
}
