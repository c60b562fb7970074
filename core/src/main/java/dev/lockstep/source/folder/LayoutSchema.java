package dev.lockstep.source.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/// The JSON Schema of layouts, and what breaks it in words that tell what to write instead.
final class LayoutSchema {
  /// Longest value that a message repeats.
  private static final int SHOWN = 60;

  private final JsonNode root;
  private final Schema schema;

  private LayoutSchema(JsonNode root, Schema schema) {
    this.root = root;
    this.schema = schema;
  }

  /// Loaded when the first layout is read: most runs need none.
  private static final class Holder {
    static final LayoutSchema INSTANCE = load();
  }

  static LayoutSchema get() {
    return Holder.INSTANCE;
  }

  /// The schema as it is published.
  static String text() {
    return resource("layout.schema.json");
  }

  /// A text that belongs to this package.
  static String resource(String name) {
    try (InputStream in = LayoutSchema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LayoutSchema load() {
    try {
      JsonNode root = new ObjectMapper().readTree(text());
      SchemaRegistry registry =
          SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_7,
              builder -> builder.schemaLoader(loader -> loader.fetchRemoteResources(false)));
      return new LayoutSchema(
          root, registry.getSchema(SchemaLocation.of("urn:lockstep:layout"), root));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("schema of layouts cannot be parsed", e);
    }
  }

  /// Everything in a document that breaks the schema, in no order.
  List<LayoutProblem> problems(YamlTree tree) {
    List<LayoutProblem> problems = new ArrayList<>();
    for (Error error : schema.validate(tree.root())) {
      String pointer = pointer(error);
      JsonNode value = error.getInstanceNode();
      JsonNode rule = rule(pointer);
      switch (error.getKeyword()) {
        case "additionalProperties" -> {
          String key = String.valueOf(error.getProperty());
          problems.add(
              tree.problem(
                  pointer + "/" + key,
                  "unknown key " + key,
                  "one of " + names(rule.path("properties"))));
        }
        case "required" ->
            // At the top, one of several is.
            problems.add(
                pointer.isEmpty()
                    ? tree.problem(pointer, "no streams", "streams, labels or layout")
                    : tree.problem(pointer, "no " + error.getProperty(), "one"));
        case "enum" ->
            problems.add(
                tree.problem(pointer, shown(value), "one of " + values(rule.path("enum"))));
        case "type" -> problems.add(tree.problem(pointer, shown(value), types(rule.path("type"))));
        default -> {
          JsonNode bound = rule.path(error.getKeyword());
          problems.add(tree.problem(pointer, shown(value), error.getKeyword() + " " + bound));
        }
      }
    }
    return List.copyOf(new LinkedHashSet<>(problems));
  }

  private static String pointer(Error error) {
    StringBuilder pointer = new StringBuilder();
    var path = error.getInstanceLocation();
    for (int i = 0; i < path.getNameCount(); i++) {
      pointer.append('/').append(path.getElement(i));
    }
    return pointer.toString();
  }

  /// What the schema says about the node at `pointer`.
  private JsonNode rule(String pointer) {
    JsonNode rule = root;
    if (!pointer.isEmpty()) {
      for (String step : pointer.substring(1).split("/", -1)) {
        rule = rule.has("items") ? rule.path("items") : rule.path("properties").path(step);
      }
    }
    return rule;
  }

  private static String names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return String.join(", ", names);
  }

  private static String values(JsonNode array) {
    List<String> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asText()));
    return String.join(", ", values);
  }

  private static String types(JsonNode types) {
    List<String> words = new ArrayList<>();
    (types.isArray() ? types : List.of(types)).forEach(type -> words.add(type.asText()));
    return words.stream()
        .map(type ->
            switch (type) {
              case "object" -> "keys with values";
              case "array" -> "a list";
              case "string" -> "a text";
              case "integer" -> "a whole number";
              case "number" -> "a number";
              case "boolean" -> "true or false";
              default -> type;
            })
        .collect(Collectors.joining(", or "));
  }

  private static String shown(JsonNode value) {
    String text = String.valueOf(value);
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
