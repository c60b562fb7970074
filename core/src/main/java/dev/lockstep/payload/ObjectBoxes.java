package dev.lockstep.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds boxes in the object lists of Autoware (`DetectedObjects`, `TrackedObjects`,
/// `PredictedObjects`): objects whose shape is a box or a cylinder. Polygons have no size of their
/// own and are no boxes.
final class ObjectBoxes implements BoxFinder {
  /// Constants of `ObjectClassification`.
  private static final List<String> CATEGORIES =
      List.of(
          "UNKNOWN",
          "CAR",
          "TRUCK",
          "BUS",
          "TRAILER",
          "MOTORCYCLE",
          "BICYCLE",
          "PEDESTRIAN",
          "ANIMAL",
          "HAZARD",
          "OVER_DRIVABLE",
          "UNDER_DRIVABLE");

  /// Constant of `Shape`.
  private static final int POLYGON = 2;

  /// Constants of the kinematics: no orientation, or one that may be turned by half a turn.
  private static final int UNAVAILABLE = 0;

  private static final int SIGN_UNKNOWN = 1;

  @Override
  public void find(JsonNode root, PayloadFacts facts) {
    int number = 0;
    for (JsonNode object : root.path("objects")) {
      number++;
      JsonNode shape = object.path("shape");
      if (shape.path("type").asInt() == POLYGON) {
        continue;
      }
      String track = uuid(object.path("object_id").path("uuid"));
      JsonNode motion = object.path("kinematics");
      JsonNode pose = motion.path("pose_with_covariance");
      pose = (pose.isObject() ? pose : motion.path("initial_pose_with_covariance")).path("pose");
      int known = motion.path("orientation_availability").asInt(SIGN_UNKNOWN + 1);
      List<Attribute> attributes = new ArrayList<>();
      if (known == SIGN_UNKNOWN) {
        attributes.add(new Attribute("orientation", "sign unknown"));
      }
      double score = BoxGeometry.number(object, "existence_probability");
      PayloadFacts.Said said =
          new PayloadFacts.Said(
              Times.NONE,
              -1,
              track,
              category(object.path("classification")),
              null,
              Times.NONE,
              null,
              score,
              attributes);
      BoxGeometry.solid(
              BoxGeometry.numbers(pose.path("position"), List.of("x", "y", "z")),
              BoxGeometry.numbers(shape.path("dimensions"), List.of("x", "y", "z")),
              known == UNAVAILABLE
                  ? new double[] {1, 0, 0, 0}
                  : BoxGeometry.numbers(pose.path("orientation"), List.of("w", "x", "y", "z")))
          .addTo(facts, said, "object " + number + (track == null ? "" : " (track " + track + ")"));
    }
  }

  /// The most probable class, in the words of its constant.
  private static String category(JsonNode classes) {
    JsonNode best = Boxes.best(classes, "probability");
    if (best == null) {
      return "";
    }
    int label = best.path("label").asInt();
    return label >= 0 && label < CATEGORIES.size()
        ? CATEGORIES.get(label)
        : Integer.toString(label);
  }

  /// Hex digits of a UUID; null if it is all zeros or none.
  private static @Nullable String uuid(JsonNode numbers) {
    StringBuilder out = new StringBuilder();
    boolean set = false;
    for (JsonNode number : numbers) {
      out.append("%02x".formatted(number.asInt() & 0xFF));
      set |= number.asInt() != 0;
    }
    return set ? out.toString() : null;
  }
}
