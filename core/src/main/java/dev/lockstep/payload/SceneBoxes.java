package dev.lockstep.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Times;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds boxes in `foxglove.SceneUpdate`: the cubes of its entities.
///
/// An entity is a track if it has one cube; several cubes of one entity are parts of a drawing and
/// bear no track. Metadata pairs tell category, annotator, score and attributes. Entities have
/// their own stamp and frame of reference. Boxes are where a message holds them: an entity that
/// lives on from an earlier message is no box of a later one, and a deletion ends nothing.
final class SceneBoxes implements BoxFinder {
  private static final int MATCHING_ID = 0;
  private static final String LIFETIME = "lifetime_ns";

  @Override
  public boolean stampsInside() {
    return true;
  }

  @Override
  public Set<String> ignored() {
    return Set.of("arrows", "spheres", "cylinders", "lines", "triangles", "texts", "models");
  }

  @Override
  public void find(JsonNode root, PayloadFacts facts) {
    Set<String> ids = new HashSet<>();
    int number = 0;
    for (JsonNode entity : root.path("entities")) {
      number++;
      String id = entity.path("id").asText();
      String who = "entity " + number + (id.isEmpty() ? "" : " (id " + Texts.quoted(id) + ")");
      long stampNs = stamp(entity);
      if (facts.stampNs == Times.NONE) {
        facts.stampNs = stampNs;
      }
      JsonNode cubes = entity.path("cubes");
      if (cubes.isEmpty()) {
        continue;
      }
      if (!ids.add(id)) {
        malformed(facts, who, "a second time in one message", "once: it replaces the first");
      }
      long lifetimeNs = JsonStamp.span(entity.path("lifetime"));
      if (lifetimeNs < 0) {
        malformed(facts, "lifetime of " + who, Numbers.text(lifetimeNs) + " ns", "0 or more");
      }
      String frameId = entity.path("frame_id").asText();
      facts.unplaced |= frameId.isEmpty();
      facts.frameId = facts.frameId == null && !frameId.isEmpty() ? frameId : facts.frameId;
      int part = 0;
      for (JsonNode cube : cubes) {
        part++;
        String box = cubes.size() == 1 ? who : "cube " + part + " of " + who;
        PayloadFacts.Said said =
            said(entity, stampNs, cubes.size() == 1 ? id : "", frameId, lifetimeNs);
        cube(cube).addTo(facts, said, box);
      }
    }
    deletions(root, facts);
  }

  private static PayloadFacts.Said said(
      JsonNode entity, long stampNs, String id, String frameId, long lifetimeNs) {
    LabelPairs pairs = new LabelPairs().add(entity.path("metadata"));
    if (lifetimeNs > 0) {
      pairs.put(LIFETIME, Long.toString(lifetimeNs));
    }
    return pairs.said(stampNs, orNull(id), "", orNull(frameId));
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /// Unset parts are what the viewer takes them for: the origin, no turn, no size.
  private static BoxGeometry cube(JsonNode cube) {
    JsonNode pose = cube.path("pose");
    JsonNode turn = pose.path("orientation");
    JsonNode size = cube.path("size");
    return BoxGeometry.solid(
        BoxGeometry.numbers(pose.path("position"), List.of("x", "y", "z")),
        BoxGeometry.numbers(size, List.of("x", "y", "z")),
        turn.isObject()
            ? BoxGeometry.numbers(turn, List.of("w", "x", "y", "z"))
            : new double[] {1, 0, 0, 0});
  }

  private static void deletions(JsonNode root, PayloadFacts facts) {
    int number = 0;
    for (JsonNode deletion : root.path("deletions")) {
      number++;
      if (facts.stampNs == Times.NONE) {
        facts.stampNs = stamp(deletion);
      }
      if (deletion.path("type").asInt() == MATCHING_ID && deletion.path("id").asText().isEmpty()) {
        malformed(facts, "id of deletion " + number, "none", "the id of an entity");
      }
    }
  }

  /// The stamp of an object, [Times#NONE] where nobody set it.
  static long stamp(JsonNode object) {
    long stampNs = JsonStamp.of(object);
    return stampNs == 0 ? Times.NONE : stampNs;
  }

  private static void malformed(PayloadFacts facts, String what, String seen, String expected) {
    facts.fault(DefectKind.LABEL_MALFORMED, new Evidence.Violation(what, seen, expected));
  }
}
