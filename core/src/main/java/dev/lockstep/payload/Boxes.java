package dev.lockstep.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.model.Times;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds labelled boxes in the tree of a message: lists of objects that have a place and a size,
/// whatever their members are called. Liberal in what it takes for a box, strict about the numbers
/// in one.
final class Boxes implements BoxFinder {
  /// Lists within objects within lists: deeper than any label layout known.
  private static final int MAX_DEPTH = 5;

  /// Names that mean one thing, the surest first.
  static final List<String> TRACK =
      List.of(
          "track_id",
          "trackId",
          "tracking_id",
          "track",
          "trackid",
          "object_id",
          "objectId",
          "instance_id",
          "instance_token",
          "uuid",
          "id",
          "token");

  static final List<String> CATEGORY =
      List.of(
          "category",
          "class",
          "label",
          "category_name",
          "class_name",
          "className",
          "classification",
          "object_type",
          "type",
          "class_id",
          "name",
          "kind");
  static final List<String> ANNOTATOR =
      List.of("annotator", "annotated_by", "labeler", "author", "created_by", "edited_by");
  static final List<String> EDITED =
      List.of("edited", "edited_at", "updated", "updated_at", "modified", "last_edited");
  static final List<String> FRAME =
      List.of("frame", "frame_index", "frame_number", "frame_idx", "frame_num", "frame_id");
  private static final List<String> FRAME_NAME =
      List.of(
          "frame_id",
          "frameId",
          "coordinate_frame",
          "reference_frame",
          "frame",
          "sensor",
          "camera",
          "camera_id",
          "image",
          "image_id");

  @Override
  public void find(JsonNode root, PayloadFacts facts) {
    record Place(JsonNode node, int depth) {}
    ArrayDeque<Place> open = new ArrayDeque<>();
    open.add(new Place(root, 0));
    while (!open.isEmpty()) {
      Place place = open.removeFirst();
      JsonNode node = place.node;
      if (place.depth > MAX_DEPTH) {
        continue;
      }
      if (node.isArray()) {
        boolean boxes = false;
        int number = 0;
        for (JsonNode element : node) {
          number++;
          BoxGeometry box = element.isObject() ? BoxGeometry.of(element) : null;
          if (box != null && box.isBox(element)) {
            boxes = true;
            add(root, element, box, number, facts);
          }
        }
        if (boxes) {
          continue;
        }
      }
      for (JsonNode child : node) {
        if (child.isContainerNode() && !child.isEmpty()) {
          open.add(new Place(child, place.depth + 1));
        }
      }
    }
  }

  /// Whether the tree names a frame of reference: a coordinate frame, a camera or an image.
  static boolean namesFrame(JsonNode root) {
    return names(root, FRAME_NAME) || names(root.path("header"), FRAME_NAME);
  }

  private static boolean names(JsonNode object, List<String> names) {
    for (String name : names) {
      JsonNode node = object.get(name);
      if (node != null && !node.isNull() && !(node.isTextual() && node.asText().isEmpty())) {
        return true;
      }
    }
    return false;
  }

  /// The frame of reference that the tree names in text, or null.
  static @Nullable String frameName(JsonNode root) {
    for (JsonNode object : List.of(root.path("header"), root)) {
      for (String name : List.of("frame_id", "frameId")) {
        JsonNode node = object.get(name);
        if (node != null && node.isTextual() && !node.asText().isEmpty()) {
          return node.asText();
        }
      }
    }
    return null;
  }

  private static void add(
      JsonNode root, JsonNode element, BoxGeometry box, int number, PayloadFacts facts) {
    String track = text(element, TRACK);
    String who = track == null ? "box " + number : "box " + number + " (track " + track + ")";
    JsonNode edited = first(element, EDITED);
    // A stamp that nobody set is 0.
    long own = JsonStamp.of(element);
    long frame = frameNumber(element);
    String category = category(element);
    JsonNode header = element.path("header");
    box.addTo(
        facts,
        new PayloadFacts.Said(
            own == 0 ? Times.NONE : own,
            frame >= 0 ? frame : frameNumber(root),
            track,
            category == null ? "" : category,
            text(element, ANNOTATOR),
            edited == null ? Times.NONE : JsonStamp.value(edited),
            header.isObject() ? frameName(header) : null,
            score(element),
            List.of()),
        who);
  }

  /// The category, in vision_msgs the one of the best hypothesis.
  private static @Nullable String category(JsonNode element) {
    String own = text(element, CATEGORY);
    if (own != null) {
      return own;
    }
    JsonNode result = hypothesis(element);
    return result == null ? null : text(result, List.of("class_id", "id"));
  }

  private static double score(JsonNode element) {
    double own = BoxGeometry.number(element, "score");
    JsonNode result = Double.isNaN(own) ? hypothesis(element) : null;
    return result == null ? own : BoxGeometry.number(result, "score");
  }

  /// The best hypothesis of a detection of vision_msgs, which since version 3 stands in an object
  /// of its own beside its pose; or null.
  private static @Nullable JsonNode hypothesis(JsonNode element) {
    JsonNode results = element.path("results");
    JsonNode best = best(results, "score");
    for (JsonNode result : results) {
      JsonNode inner = result.path("hypothesis");
      if (inner.isObject()
          && (best == null
              || !best.has("score")
              || BoxGeometry.number(inner, "score") > BoxGeometry.number(best, "score"))) {
        best = inner;
      }
    }
    return best;
  }

  /// The object of a list whose number of that name is largest, the first of equal ones; null of an
  /// empty list.
  static @Nullable JsonNode best(JsonNode list, String name) {
    JsonNode best = null;
    for (JsonNode object : list) {
      if (best == null || BoxGeometry.number(object, name) > BoxGeometry.number(best, name)) {
        best = object;
      }
    }
    return best;
  }

  /// Whether an object says what or who it is.
  static boolean hasIdentity(JsonNode element) {
    return text(element, TRACK) != null || category(element) != null;
  }

  private static long frameNumber(JsonNode object) {
    for (String name : FRAME) {
      JsonNode node = object.get(name);
      if (node != null && node.isIntegralNumber() && node.canConvertToLong()) {
        return Math.max(-1, node.longValue());
      }
    }
    return -1;
  }

  private static @Nullable JsonNode first(JsonNode object, List<String> names) {
    for (String name : names) {
      JsonNode node = object.get(name);
      if (node != null && !node.isNull()) {
        return node;
      }
    }
    return null;
  }

  private static @Nullable String text(JsonNode object, List<String> names) {
    for (String name : names) {
      JsonNode node = object.get(name);
      if (node != null
          && ((node.isTextual() && !node.asText().isEmpty()) || node.isIntegralNumber())) {
        return node.asText();
      }
    }
    return null;
  }
}
