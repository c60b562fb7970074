package dev.lockstep.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/// A JSON Schema, and what breaks it in words that tell what to write instead.
public final class YamlSchema {
  /// Longest value that a message repeats.
  private static final int SHOWN = 60;

  private final JsonNode root;
  private final Schema schema;

  private YamlSchema(JsonNode root, Schema schema) {
    this.root = root;
    this.schema = schema;
  }

  /// The schema of that text, which names itself `urn`; nothing is fetched.
  public static YamlSchema of(String text, String urn) {
    try {
      JsonNode root = new ObjectMapper().readTree(text);
      SchemaRegistry registry =
          SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_7,
              builder -> builder.schemaLoader(loader -> loader.fetchRemoteResources(false)));
      return new YamlSchema(root, registry.getSchema(SchemaLocation.of(urn), root));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(urn + " cannot be parsed", e);
    }
  }

  /// Everything in a document that breaks the schema, in no order.
  public List<YamlProblem> problems(YamlTree tree) {
    List<YamlProblem> problems = new ArrayList<>();
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
            problems.add(
                rule.has("anyOf")
                    ? tree.problem(pointer, "no " + choice(rule, 0), alternatives(rule))
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

  /// The key that the alternative of a rule requires.
  private static String choice(JsonNode rule, int alternative) {
    return rule.path("anyOf").path(alternative).path("required").path(0).asText();
  }

  private static String alternatives(JsonNode rule) {
    int count = rule.path("anyOf").size();
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append(i == 0 ? "" : i == count - 1 ? " or " : ", ").append(choice(rule, i));
    }
    return all.toString();
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
