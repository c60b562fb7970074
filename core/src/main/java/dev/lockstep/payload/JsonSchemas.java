package dev.lockstep.payload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpression;
import dev.lockstep.model.Evidence;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A JSON Schema that messages are held against. Schemas come from recordings and are not trusted:
/// nothing is fetched, a pattern gets only so many steps, and what a schema breaks in the validator
/// is the schema's fault.
final class JsonSchemas {
  private final JsonNode root;
  private final @Nullable Schema schema;

  private JsonSchemas(JsonNode root, @Nullable Schema schema) {
    this.root = root;
    this.schema = schema;
  }

  /// The schema in `text`.
  ///
  /// @throws SchemaException if it is no JSON Schema, or refers to something outside of itself
  static JsonSchemas parse(String text) throws SchemaException {
    JsonNode root;
    try {
      root = JsonTree.read(text);
    } catch (JsonProcessingException e) {
      throw new SchemaException("JSON Schema", JsonTree.reason(e), "JSON");
    }
    if (root == null || !(root.isObject() || root.isBoolean())) {
      throw new SchemaException("JSON Schema", "no object", "an object");
    }
    if (isTrivial(root)) {
      return new JsonSchemas(root, null);
    }
    try {
      Schema schema = registry().getSchema(SchemaLocation.of("urn:lockstep:schema"), root);
      schema.initializeValidators();
      return new JsonSchemas(root, schema);
    } catch (RuntimeException e) {
      throw new SchemaException("JSON Schema", firstLine(e), "a schema that can be applied");
    } catch (StackOverflowError e) {
      throw new SchemaException("JSON Schema", "refers to itself without end", "no cycle");
    }
  }

  private static SchemaRegistry registry() {
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder()
            .locale(Locale.ROOT)
            .failFast(true)
            .regularExpressionFactory(JsonSchemas::bounded)
            .build();
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_7,
        builder ->
            builder
                .schemaRegistryConfig(config)
                .schemaLoader(loader ->
                    loader
                        .fetchRemoteResources(false)
                        .block(iri -> !iri.toString().contains("json-schema.org"))));
  }

  /// `{}`, `true` and `{"type": "object"}` ask for nothing that parsing has not shown; titles and
  /// the like ask for nothing at all.
  private static boolean isTrivial(JsonNode root) {
    if (root.isBoolean()) {
      return root.booleanValue();
    }
    List<String> words = List.of("$schema", "$id", "title", "description", "$comment", "examples");
    for (String name : (Iterable<String>) root::fieldNames) {
      if (!words.contains(name)) {
        return false;
      }
    }
    return true;
  }

  /// Whether the schema declares a member of the message itself.
  boolean declares(String name) {
    return root.path("properties").has(name);
  }

  /// The schema as it was written.
  JsonNode root() {
    return root;
  }

  /// What breaks the schema first, or null. What cannot be applied is taken as kept.
  @Nullable Evidence firstFault(JsonNode message) {
    if (schema == null) {
      return null;
    }
    List<Error> errors;
    try {
      errors = schema.validate(message);
    } catch (RuntimeException | StackOverflowError e) {
      return null;
    }
    if (errors.isEmpty()) {
      return null;
    }
    Error error = errors.getFirst();
    String place = String.valueOf(error.getInstanceLocation());
    return new Evidence.Violation(
        place.isEmpty() ? "message" : "member " + place,
        String.valueOf(error.getMessage()),
        "as the schema says");
  }

  private static String firstLine(RuntimeException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }

  private static RegularExpression bounded(String regex) {
    BoundedPattern pattern = BoundedPattern.compile(regex);
    return text -> pattern.find(text) != null;
  }
}
