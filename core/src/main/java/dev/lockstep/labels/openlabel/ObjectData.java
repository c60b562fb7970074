package dev.lockstep.labels.openlabel;

import dev.lockstep.labels.JsonCursor;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelDetails.Attribute;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The member `object_data` of one object, reused for all.
final class ObjectData {
  static final int FLAT = 4;
  static final int EULER_CUBOID = 9;
  static final int QUATERNION_CUBOID = 10;

  /// Most boxes of an object at an instant; judged.
  private static final int MAX_BOXES = 1024;

  final List<Box> flats = new ArrayList<>();
  final List<Box> solids = new ArrayList<>();
  final List<Attribute> attributes = new ArrayList<>();
  final Map<String, Integer> otherShapes = new TreeMap<>();
  double truncated;
  double occluded;
  @Nullable String category;

  /// A `bbox` or `cuboid`.
  static final class Box {
    String name = "";
    String system = "";
    boolean solid;
    int count = -1;
    final double[] val = new double[QUATERNION_CUBOID];
    double score = Double.NaN;
    int flags;
    final List<Attribute> attributes = new ArrayList<>();

    /// Whether there are as many numbers as there should be, all finite.
    boolean usable() {
      boolean right = solid ? count == EULER_CUBOID || count == QUATERNION_CUBOID : count == FLAT;
      for (int i = 0; right && i < count; i++) {
        right = Double.isFinite(val[i]);
      }
      return right;
    }

    /// The numbers, for messages.
    String shown() {
      return count < 0
          ? "no list"
          : Arrays.toString(Arrays.copyOf(val, Math.min(count, val.length)));
    }
  }

  void clear() {
    flats.clear();
    solids.clear();
    attributes.clear();
    otherShapes.clear();
    truncated = Double.NaN;
    occluded = Double.NaN;
    category = null;
  }

  /// Reads the object that comes next.
  void read(JsonCursor json) throws IOException {
    clear();
    if (!json.enterObject()) {
      return;
    }
    for (String kind = json.nextName(); kind != null; kind = json.nextName()) {
      switch (kind) {
        case "bbox" -> boxes(json, flats, false);
        case "cuboid" -> boxes(json, solids, true);
        case "num", "text", "boolean" -> values(json);
        default -> {
          otherShapes.merge(kind, 1, Integer::sum);
          json.skip();
        }
      }
    }
  }

  private void boxes(JsonCursor json, List<Box> into, boolean solid) throws IOException {
    if (!json.enterArray()) {
      return;
    }
    while (json.nextElement()) {
      Box box = new Box();
      box.solid = solid;
      if (json.enterObject()) {
        for (String key = json.nextName(); key != null; key = json.nextName()) {
          switch (key) {
            case "name" -> box.name = orEmpty(json.text());
            case "coordinate_system", "stream" -> box.system = orEmpty(json.text());
            case "val" -> box.count = json.numbers(box.val);
            case "attributes" -> boxAttributes(json, box);
            default -> json.skip();
          }
        }
      }
      if (into.size() < MAX_BOXES) {
        into.add(box);
      }
    }
  }

  private void boxAttributes(JsonCursor json, Box box) throws IOException {
    if (!json.enterObject()) {
      return;
    }
    for (String kind = json.nextName(); kind != null; kind = json.nextName()) {
      if (!json.enterArray()) {
        continue;
      }
      while (json.nextElement()) {
        Attribute attribute = named(json);
        if (visibility(attribute, box.attributes)) {
          continue;
        }
        switch (attribute.name()) {
          case "confidence" -> box.score = number(attribute.value());
          case "interpolated" ->
              box.flags |=
                  attribute.value().equals("true")
                      ? LabelDetails.INTERPOLATED
                      : LabelDetails.KEYFRAME;
          default -> box.attributes.add(attribute);
        }
      }
    }
  }

  /// Numbers, texts and truths about the object.
  private void values(JsonCursor json) throws IOException {
    if (!json.enterArray()) {
      return;
    }
    while (json.nextElement()) {
      Attribute attribute = named(json);
      if (attribute.name().equals("category")) {
        category = attribute.value();
      } else if (!visibility(attribute, attributes)) {
        attributes.add(attribute);
      }
    }
  }

  /// Takes what says how much of the object is seen, be it said of the object or of one of its
  /// boxes; levels also stay as they are written, in `list`. True if it was that.
  private boolean visibility(Attribute attribute, List<Attribute> list) {
    double number = number(attribute.value());
    switch (attribute.name()) {
      case OpenLabel.TRUNCATED_SHARE -> truncated = number;
      case OpenLabel.OCCLUDED_SHARE -> occluded = number;
      case "truncated" -> {
        truncated = level(attribute.value());
        list.add(attribute);
      }
      case "occluded" -> {
        occluded = level(attribute.value());
        list.add(attribute);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /// Levels 1 and 2, and a truth, as shares of 1; shares stay; anything else is unknown.
  private static double level(String text) {
    double value = text.equals("true") ? 1 : text.equals("false") ? 0 : number(text);
    if (value == 1 || value == 2) {
      return value / 2;
    }
    return value >= 0 && value < 1 ? value : Double.NaN;
  }

  private static Attribute named(JsonCursor json) throws IOException {
    String name = "";
    String value = "";
    if (json.enterObject()) {
      for (String key = json.nextName(); key != null; key = json.nextName()) {
        switch (key) {
          case "name" -> name = orEmpty(json.text());
          case "val" -> value = orEmpty(json.scalar());
          default -> json.skip();
        }
      }
    }
    return new Attribute(name, value);
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
