package dev.lockstep.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Times;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads JSON messages: strict syntax, the channel's JSON Schema, stamp, frame of reference, boxes.
final class JsonReader implements PayloadReader {
  private static final List<String> STAMPS =
      List.of("header", "timestamp", "stamp", "time", "timestamp_ns", "stamp_ns");
  private static final List<String> FRAMES = List.of("frame_id", "frameId");

  private final @Nullable JsonSchemas schema;
  private final boolean stamped;
  private final boolean labelled;
  private final BoxFinder finder;
  private final MessageKind.Content content;
  private final boolean stampDeclared;
  private final boolean frameDeclared;

  /// @param labelled whether boxes are looked for
  /// @param kind what messages hold
  JsonReader(@Nullable JsonSchemas schema, boolean stamped, boolean labelled, MessageKind kind) {
    this.schema = schema;
    this.finder = kind.finder();
    this.content = kind.content();
    this.stamped = stamped;
    this.labelled = labelled;
    this.stampDeclared = schema != null && STAMPS.stream().anyMatch(schema::declares);
    this.frameDeclared = schema != null && FRAMES.stream().anyMatch(schema::declares);
  }

  /// Whether stamps stand with the labels inside of messages, so that one without any tells
  /// nothing.
  boolean stampsInside() {
    return finder.stampsInside();
  }

  /// Whether the schema leaves open what a message holds.
  static boolean isOpen(@Nullable JsonSchemas schema) {
    return schema == null || !schema.root().path("properties").isObject();
  }

  /// Whether messages carry a stamp by their schema, or may.
  static boolean mayBeStamped(@Nullable JsonSchemas schema) {
    return schema == null || isOpen(schema) || STAMPS.stream().anyMatch(schema::declares);
  }

  @Override
  public void read(MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    if (lengthBytes == 0) {
      facts.emptyPayload();
      return;
    }
    JsonNode tree = JsonTree.parse(bytes, offsetBytes, lengthBytes, facts);
    if (tree == null) {
      return;
    }
    stamp(tree, facts);
    if (facts.wantFrameId) {
      facts.frameId = Boxes.frameName(tree);
    }
    if (schema != null) {
      Evidence wrong = schema.firstFault(tree);
      if (wrong != null) {
        facts.fault(DefectKind.JSON_SCHEMA, wrong);
      }
    }
    if (facts.wantGeometry && content == MessageKind.Content.PROJECTION) {
      SensorGeometry.camera(tree, facts);
    } else if (facts.wantGeometry && content == MessageKind.Content.TRANSFORMS) {
      SensorGeometry.transforms(tree, facts);
    }
    if (labelled && tree.isContainerNode()) {
      if (finder instanceof Boxes) {
        labels(tree, facts);
      } else {
        finder.find(tree, facts);
      }
    }
  }

  private void stamp(JsonNode tree, PayloadFacts facts) {
    JsonNode node = tree.isObject() ? JsonStamp.find(tree) : null;
    if (node == null || !stamped) {
      return;
    }
    JsonNode wrong = JsonStamp.nanosecondsFault(node);
    if (wrong != null) {
      facts.fault(
          DefectKind.JSON_INVALID,
          new Evidence.Violation(
              "nanoseconds of the stamp",
              Texts.quoted(wrong.toString()),
              "0 to " + (Times.SECOND - 1)));
    } else {
      facts.stampNs = JsonStamp.of(tree);
    }
  }

  private void labels(JsonNode tree, PayloadFacts facts) {
    int boxesBefore = facts.boxes().size();
    finder.find(tree, facts);
    if (facts.boxes().size() == boxesBefore || !tree.isObject()) {
      return;
    }
    boolean framed = Boxes.namesFrame(tree);
    facts.unplaced = !framed;
    boolean fromSchema = facts.faults().stream().anyMatch(f -> f.kind() == DefectKind.JSON_SCHEMA);
    if (fromSchema) {
      return;
    }
    if (stampDeclared && JsonStamp.find(tree) == null) {
      lacks(facts, "stamp");
    } else if (frameDeclared && !framed) {
      lacks(facts, "frame of reference");
    }
  }

  private static void lacks(PayloadFacts facts, String what) {
    facts.fault(
        DefectKind.LABEL_MALFORMED,
        new Evidence.Violation(what + " of the labels", "none", "one, as the schema declares"));
  }
}
