package dev.lockstep.payload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Numbers;
import dev.lockstep.payload.PayloadFacts.Box;
import dev.lockstep.payload.PayloadFacts.Said;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Place, size and orientation of one object of a tree, by the names that label formats use.
///
/// Lists mean: place x, y, z; size length, width, height (`wlh`, `whl`, `hwl` say otherwise);
/// quaternion w, x, y, z; 2D box x, y, width, height. Angles are radians.
final class BoxGeometry {
  private static final List<String> HOLDERS =
      List.of(
          "box",
          "bbox",
          "bounding_box",
          "boundingBox",
          "box3d",
          "box_3d",
          "bbox3d",
          "bbox_3d",
          "cuboid",
          "geometry",
          "box2d",
          "box_2d",
          "bbox2d",
          "bbox_2d",
          "rect",
          "bndbox",
          "shape");
  private static final List<String> CENTER =
      List.of("center", "centre", "centroid", "position", "translation", "location", "xyz", "pose");
  private static final List<String> INNER_POSE = List.of("position", "translation");
  private static final List<String> SIZE =
      List.of("size", "dimensions", "dimension", "dims", "extent", "extents", "scale", "lwh");
  private static final List<String> ROTATION =
      List.of("orientation", "rotation", "quaternion", "quat");
  private static final List<String> YAW =
      List.of("yaw", "heading", "rotation_z", "rotation_y", "theta");

  private final double[] center;
  private final double[] size;
  private final double[] quaternion;
  private final double[] edges;

  private BoxGeometry(double[] center, double[] size, double[] quaternion, double[] edges) {
    this.center = center;
    this.size = size;
    this.quaternion = quaternion;
    this.edges = edges;
  }

  /// A 3D box.
  ///
  /// @param center x, y, z
  /// @param size length, width, height
  /// @param quaternion w, x, y, z
  static BoxGeometry solid(double[] center, double[] size, double[] quaternion) {
    return new BoxGeometry(center, size, quaternion, new double[0]);
  }

  /// A 2D box.
  ///
  /// @param edges left, top, right, bottom
  static BoxGeometry flat(double[] edges) {
    return new BoxGeometry(new double[0], new double[0], new double[0], edges);
  }

  /// Whether this is what makes a box of the object that it was found in: in 3D a place and a size,
  /// in 2D edges and a name or id.
  boolean isBox(JsonNode element) {
    return (center.length == 3 && size.length == 3)
        || (edges.length == 4 && Boxes.hasIdentity(element));
  }

  /// The geometry of an object; parts that it lacks are empty.
  static BoxGeometry of(JsonNode element) {
    double[] center = {};
    double[] size = {};
    double[] quaternion = {};
    double[] edges = {};
    for (JsonNode holder : holders(element)) {
      center = center.length > 0 ? center : center(holder);
      size = size.length > 0 ? size : size(holder);
      quaternion = quaternion.length > 0 ? quaternion : quaternion(holder);
      edges = edges.length > 0 ? edges : edges(holder);
    }
    if (center.length == 2 && size.length == 2 && edges.length == 0) {
      double w = size[0] / 2;
      double h = size[1] / 2;
      double turn = quaternion.length == 4 ? 2 * Math.atan2(quaternion[3], quaternion[0]) : 0;
      if (turn != 0 && w > 0 && h > 0) {
        // The upright rectangle around it.
        double cos = Math.abs(Math.cos(turn));
        double sin = Math.abs(Math.sin(turn));
        double across = w * cos + h * sin;
        h = w * sin + h * cos;
        w = across;
      }
      edges = new double[] {center[0] - w, center[1] - h, center[0] + w, center[1] + h};
    }
    return new BoxGeometry(
        center.length == 3 ? center : new double[0],
        size.length == 3 ? size : new double[0],
        quaternion,
        edges);
  }

  private static List<JsonNode> holders(JsonNode element) {
    for (String name : HOLDERS) {
      JsonNode inner = element.get(name);
      if (inner != null && inner.isContainerNode()) {
        return List.of(element, inner);
      }
    }
    return List.of(element);
  }

  /// Numbers that must be finite, by name.
  Map<String, Double> places() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    put(numbers, List.of("x", "y", "z"), center);
    put(numbers, List.of("qw", "qx", "qy", "qz"), quaternion);
    put(numbers, List.of("left", "top", "right", "bottom"), edges);
    return numbers;
  }

  /// Numbers that must be above zero, by name.
  Map<String, Double> sizes() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    put(numbers, List.of("length", "width", "height"), size);
    if (edges.length == 4) {
      put(
          numbers,
          List.of("width in pixels", "height in pixels"),
          new double[] {edges[2] - edges[0], edges[3] - edges[1]});
    }
    return numbers;
  }

  /// Adds this box to those of a message, and says what is wrong with it: the first thing that is.
  ///
  /// @param who the box in the words of a fault
  void addTo(PayloadFacts facts, Said said, String who) {
    boolean valid = true;
    for (Map.Entry<String, Double> place : places().entrySet()) {
      if (!Double.isFinite(place.getValue())) {
        invalid(facts, place.getKey() + " of " + who, place.getValue(), "a finite number");
        valid = false;
        break;
      }
    }
    if (valid) {
      for (Map.Entry<String, Double> side : sizes().entrySet()) {
        // Written so that NaN fails.
        if (!(side.getValue() > 0 && side.getValue() < Double.POSITIVE_INFINITY)) {
          invalid(facts, side.getKey() + " of " + who, side.getValue(), "above 0");
          valid = false;
          break;
        }
      }
    }
    if (valid && !(quaternionNorm() > 0)) {
      invalid(facts, "norm of the quaternion of " + who, quaternionNorm(), "1");
      valid = false;
    }
    facts.box(toBox(said, valid));
  }

  private static void invalid(PayloadFacts facts, String what, double value, String expected) {
    facts.fault(
        DefectKind.BOX_INVALID, new Evidence.Violation(what, Numbers.text(value), expected));
  }

  private static void put(Map<String, Double> to, List<String> names, double[] values) {
    for (int i = 0; i < values.length && i < names.size(); i++) {
      to.put(names.get(i), values[i]);
    }
  }

  /// Norm of the quaternion, 1 where there is none.
  double quaternionNorm() {
    if (quaternion.length == 0) {
      return 1;
    }
    double sum = 0;
    for (double q : quaternion) {
      sum += q * q;
    }
    return Math.sqrt(sum);
  }

  /// The box; sizes and edges that cannot be are left out, so that nothing is derived from them.
  private Box toBox(Said said, boolean valid) {
    double norm = quaternionNorm();
    boolean turned = quaternion.length == 4 && norm > 0;
    boolean solid = center.length == 3;
    return new Box(
        said,
        at(center, 0, true),
        at(center, 1, true),
        at(center, 2, true),
        at(size, 0, valid),
        at(size, 1, valid),
        at(size, 2, valid),
        turned ? quaternion[0] / norm : solid ? 1 : Double.NaN,
        turned ? quaternion[1] / norm : solid ? 0 : Double.NaN,
        turned ? quaternion[2] / norm : solid ? 0 : Double.NaN,
        turned ? quaternion[3] / norm : solid ? 0 : Double.NaN,
        at(edges, 0, valid),
        at(edges, 1, valid),
        at(edges, 2, valid),
        at(edges, 3, valid));
  }

  private static double at(double[] values, int i, boolean valid) {
    return valid && i < values.length ? values[i] : Double.NaN;
  }

  private static double[] center(JsonNode holder) {
    for (String name : CENTER) {
      JsonNode node = holder.get(name);
      if (node != null) {
        double[] found = vector(node, List.of("x", "y", "z"));
        for (String inner : INNER_POSE) {
          if (found.length == 0 && node.has(inner)) {
            found = vector(node.get(inner), List.of("x", "y", "z"));
          }
        }
        if (found.length > 0) {
          return found;
        }
      }
    }
    return holder.has("z") ? vector(holder, List.of("x", "y", "z")) : new double[0];
  }

  private static double[] size(JsonNode holder) {
    for (String name : SIZE) {
      JsonNode node = holder.get(name);
      if (node != null) {
        double[] found = sizeOf(node);
        if (found.length > 0) {
          return found;
        }
      }
    }
    for (String order : List.of("wlh", "whl", "hwl")) {
      double[] found = vector(holder.path(order), List.of());
      if (found.length == 3) {
        return new double[] {
          found[order.indexOf('l')], found[order.indexOf('w')], found[order.indexOf('h')]
        };
      }
    }
    if (holder.has("size_x") && holder.has("size_y")) {
      return new double[] {number(holder.get("size_x")), number(holder.get("size_y"))};
    }
    return holder.has("length") || holder.has("l") ? sizeOf(holder) : new double[0];
  }

  private static double[] sizeOf(JsonNode node) {
    if (node.has("length")) {
      return vector(node, List.of("length", "width", "height"));
    }
    return node.has("l")
        ? vector(node, List.of("l", "w", "h"))
        : vector(node, List.of("x", "y", "z"));
  }

  private static double[] quaternion(JsonNode holder) {
    for (String name : YAW) {
      JsonNode node = holder.get(name);
      if (node != null && (node.isNumber() || isNumberWord(node))) {
        return ofYaw(number(node));
      }
    }
    JsonNode theta = holder.path("center").path("theta");
    if (theta.isNumber()) {
      return ofYaw(theta.doubleValue());
    }
    JsonNode rotation = rotation(holder);
    if (rotation.isNumber()) {
      return ofYaw(rotation.doubleValue());
    }
    if (rotation.isArray() && rotation.size() == 4) {
      return vector(rotation, List.of());
    }
    if (rotation.has("qw")) {
      return vector(rotation, List.of("qw", "qx", "qy", "qz"));
    }
    if (rotation.has("w") && rotation.has("z")) {
      return vector(rotation, List.of("w", "x", "y", "z"));
    }
    return rotation.has("yaw") ? ofYaw(number(rotation.get("yaw"))) : new double[0];
  }

  /// What an object says about its orientation: under a name of its own, in its pose or centre, or
  /// beside its other members.
  private static JsonNode rotation(JsonNode holder) {
    for (String name : ROTATION) {
      JsonNode node = holder.get(name);
      if (node != null) {
        return node;
      }
    }
    for (String name : List.of("pose", "center")) {
      JsonNode node = holder.path(name).get("orientation");
      if (node != null) {
        return node;
      }
    }
    return holder;
  }

  private static double[] ofYaw(double yaw) {
    return new double[] {Math.cos(yaw / 2), 0, 0, Math.sin(yaw / 2)};
  }

  private static double[] edges(JsonNode holder) {
    for (String name : List.of("bbox", "bbox2d", "box2d", "box", "rect")) {
      JsonNode node = holder.path(name);
      if (node.isArray() && node.size() == 4 && node.path(0).isNumber()) {
        double[] v = vector(node, List.of());
        return new double[] {v[0], v[1], v[0] + v[2], v[1] + v[3]};
      }
    }
    for (List<String> names :
        List.of(
            List.of("left", "top", "right", "bottom"),
            List.of("xmin", "ymin", "xmax", "ymax"),
            List.of("x_min", "y_min", "x_max", "y_max"),
            List.of("x1", "y1", "x2", "y2"))) {
      if (names.stream().allMatch(holder::has)) {
        return vector(holder, names);
      }
    }
    if (holder.has("z") || holder.has("length")) {
      return new double[0];
    }
    for (List<String> names :
        List.of(
            List.of("x", "y", "width", "height"),
            List.of("x", "y", "w", "h"),
            List.of("left", "top", "width", "height"))) {
      if (names.stream().allMatch(holder::has)) {
        double[] v = vector(holder, names);
        return new double[] {v[0], v[1], v[0] + v[2], v[1] + v[3]};
      }
    }
    return new double[0];
  }

  /// Two to four numbers of a list, or the named members of an object; empty if it is neither.
  private static double[] vector(JsonNode node, List<String> names) {
    if (node.isArray()) {
      int size = node.size();
      if (size < 2 || size > 4) {
        return new double[0];
      }
      double[] values = new double[size];
      for (int i = 0; i < size; i++) {
        JsonNode element = node.get(i);
        if (element.isContainerNode()) {
          return new double[0];
        }
        values[i] = number(element);
      }
      return values;
    }
    int present = 0;
    while (present < names.size() && node.has(names.get(present))) {
      present++;
    }
    if (present < 2) {
      return new double[0];
    }
    double[] values = new double[present];
    for (int i = 0; i < present; i++) {
      values[i] = number(node.get(names.get(i)));
    }
    return values;
  }

  /// Members of an object; 0 for one that it lacks, NaN for what is no number.
  static double[] numbers(JsonNode object, List<String> names) {
    double[] values = new double[names.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode node = object.get(names.get(i));
      values[i] = node == null ? 0 : number(node);
    }
    return values;
  }

  /// A member of an object; NaN for one that it lacks and for what is no number.
  static double number(JsonNode object, String name) {
    JsonNode node = object.get(name);
    return node == null ? Double.NaN : number(node);
  }

  /// A number; NaN for what is none, and for the words that stand for it in JSON.
  private static double number(JsonNode node) {
    if (node.isNumber()) {
      return node.doubleValue();
    }
    return switch (node.asText()) {
      case "Infinity", "inf" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.NaN;
    };
  }

  private static boolean isNumberWord(JsonNode node) {
    return node.isTextual() && List.of("NaN", "Infinity", "-Infinity").contains(node.asText());
  }
}
