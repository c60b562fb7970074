package dev.lockstep.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.model.Calibration.Intrinsics;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Pose;
import dev.lockstep.payload.PayloadFacts.Projection;
import dev.lockstep.payload.PayloadFacts.Transform;

/// Finds where sensors sit and how cameras project in the trees of messages: `CameraInfo` and
/// `TFMessage` of ROS, `CameraCalibration` and `FrameTransform` of Foxglove, whatever the coding.
final class SensorGeometry {
  /// How far the length of a quaternion may be from 1: as far as tf2 takes it for one
  /// (`QUATERNION_NORMALIZATION_TOLERANCE` of its buffer).
  private static final double UNIT_TOLERANCE = 1e-2;

  /// Transforms of one message that are looked at; judged: a large robot has some hundred frames.
  private static final int MAX_TRANSFORMS = 1024;

  /// Places of the focal lengths and the principal point in the matrix K, row by row.
  private static final int FX = 0;

  private static final int CX = 2;
  private static final int FY = 4;
  private static final int CY = 5;

  private SensorGeometry() {}

  /// Adds what a camera's message says of its projection. A matrix of zeros says that nobody has
  /// calibrated the camera: no fault.
  static void camera(JsonNode root, PayloadFacts facts) {
    facts.geometryRead = true;
    JsonNode k = root.has("k") ? root.path("k") : root.path("K");
    double fx = number(k.path(FX));
    double fy = number(k.path(FY));
    double cx = number(k.path(CX));
    double cy = number(k.path(CY));
    if (fx == 0 && fy == 0) {
      return;
    }
    if (!(fx > 0 && fy > 0 && Double.isFinite(fx + fy))) {
      fault(facts, "focal lengths", Numbers.text(fx) + ", " + Numbers.text(fy) + " px", "above 0");
    } else if (!Double.isFinite(cx + cy)) {
      fault(
          facts,
          "principal point",
          Numbers.text(cx) + ", " + Numbers.text(cy) + " px",
          "finite numbers");
    } else {
      // Binned and cut images have another size than the sensor, which the message gives.
      boolean whole =
          root.path("binning_x").asInt(0) <= 1
              && root.path("binning_y").asInt(0) <= 1
              && root.path("roi").path("width").asInt(0) == 0;
      int width = root.path("width").asInt(0);
      int height = root.path("height").asInt(0);
      if (width > 0 && height > 0 && !(inside(cx, width) && inside(cy, height))) {
        fault(
            facts,
            "principal point",
            Numbers.text(cx) + ", " + Numbers.text(cy) + " px",
            "in or near an image of " + width + " x " + height + " px");
      }
      facts.projection =
          new Projection(
              frame(root), new Intrinsics(fx, fy, cx, cy, whole ? width : 0, whole ? height : 0));
    }
  }

  /// Whether a coordinate of the principal point can be one: cut images have it beside them, but
  /// not further away than they are large (judged).
  private static boolean inside(double center, int size) {
    return center >= -size && center <= 2.0 * size;
  }

  /// Adds the transforms of a message: of one that is a transform, or of its list.
  static void transforms(JsonNode root, PayloadFacts facts) {
    facts.geometryRead = true;
    JsonNode list = root.path("transforms");
    if (!list.isArray()) {
      transform(root, facts);
      return;
    }
    for (int i = 0; i < Math.min(list.size(), MAX_TRANSFORMS); i++) {
      transform(list.path(i), facts);
    }
  }

  private static void transform(JsonNode node, PayloadFacts facts) {
    String child = text(node, "child_frame_id");
    String parent = node.has("parent_frame_id") ? text(node, "parent_frame_id") : frame(node);
    if (child.isEmpty() || parent.isEmpty()) {
      return;
    }
    if (child.equals(parent)) {
      fault(facts, "parent of frame " + Texts.quoted(child), "itself", "another frame");
      return;
    }
    JsonNode transform = node.has("transform") ? node.path("transform") : node;
    JsonNode at = transform.path("translation");
    JsonNode turn = transform.path("rotation");
    Pose pose =
        new Pose(
            number(turn.path("w")),
            number(turn.path("x")),
            number(turn.path("y")),
            number(turn.path("z")),
            number(at.path("x")),
            number(at.path("y")),
            number(at.path("z")));
    double length =
        Math.sqrt(
            pose.qw() * pose.qw()
                + pose.qx() * pose.qx()
                + pose.qy() * pose.qy()
                + pose.qz() * pose.qz());
    String which = " from " + Texts.quoted(parent) + " to " + Texts.quoted(child);
    if (!(Math.abs(length - 1) <= UNIT_TOLERANCE)) {
      facts.fault(
          DefectKind.CALIBRATION_INVALID,
          new Evidence.OutOfRange(
              "length of the quaternion" + which,
              length,
              1 - UNIT_TOLERANCE,
              1 + UNIT_TOLERANCE,
              ""));
    } else if (!Double.isFinite(pose.x() + pose.y() + pose.z())) {
      fault(
          facts,
          "translation" + which,
          Numbers.text(pose.x()) + ", " + Numbers.text(pose.y()) + ", " + Numbers.text(pose.z()),
          "finite numbers");
    } else {
      facts.transform(new Transform(parent, child, unit(pose, length)));
    }
  }

  private static Pose unit(Pose p, double length) {
    return new Pose(
        p.qw() / length, p.qx() / length, p.qy() / length, p.qz() / length, p.x(), p.y(), p.z());
  }

  /// The frame of reference of a message: in its header or its own. ROS 1 took a leading slash for
  /// the same name.
  private static String frame(JsonNode node) {
    return text(node.has("header") ? node.path("header") : node, "frame_id");
  }

  private static String text(JsonNode node, String name) {
    return PayloadFacts.frameName(node.path(name).asText(""));
  }

  /// A number, 0 where a message leaves it out, NaN where it is none.
  private static double number(JsonNode node) {
    return node.isMissingNode() ? 0 : node.isNumber() ? node.asDouble() : Double.NaN;
  }

  private static void fault(PayloadFacts facts, String what, String observed, String expected) {
    facts.fault(DefectKind.CALIBRATION_INVALID, new Evidence.Violation(what, observed, expected));
  }
}
