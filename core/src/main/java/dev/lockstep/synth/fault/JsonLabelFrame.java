package dev.lockstep.synth.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Labels in JSON: an array `boxes` or `objects` of boxes with `track_id` or `id`, `category` or
/// `class`, and `center`, `size`, `yaw` or `left`, `top`, `right`, `bottom`.
final class JsonLabelFrame implements LabelFrame {
  private static final List<String> LISTS = List.of("boxes", "objects", "labels", "annotations");
  private static final List<String> TRACKS = List.of("track_id", "id", "track");
  private static final List<String> CATEGORIES = List.of("category", "class", "label");

  /// Digits behind the point of changed numbers.
  private static final int DECIMALS = 4;

  private final JsonNode root;
  private final @Nullable ArrayNode list;
  private final List<LabelBox> boxes = new ArrayList<>();

  JsonLabelFrame(byte[] payload) {
    root = Json.read(payload);
    String key = firstOf(LISTS, root);
    list = key != null && root.get(key) instanceof ArrayNode array ? array : null;
    if (list != null) {
      for (JsonNode item : list) {
        if (item instanceof ObjectNode object) {
          boxes.add(new Box(object));
        }
      }
    }
  }

  private static @Nullable String firstOf(List<String> keys, JsonNode node) {
    for (String key : keys) {
      if (node.has(key)) {
        return key;
      }
    }
    return null;
  }

  @Override
  public List<LabelBox> boxes() {
    return List.copyOf(boxes);
  }

  @Override
  public void remove(LabelBox box) {
    int at = boxes.indexOf(box);
    boxes.remove(at);
    if (list != null) {
      list.remove(at);
    }
  }

  @Override
  public LabelBox duplicate(LabelBox box) {
    Box copy = new Box(((Box) box).node.deepCopy());
    boxes.add(copy);
    if (list != null) {
      list.add(copy.node);
    }
    return copy;
  }

  @Override
  public void setBoxes(List<LabelBox> others) {
    List<Box> copies =
        others.stream().map(other -> new Box(((Box) other).node.deepCopy())).toList();
    boxes().forEach(this::remove);
    for (Box copy : copies) {
      boxes.add(copy);
      if (list != null) {
        list.add(copy.node);
      }
    }
  }

  @Override
  public long frame() {
    return root.path("frame").asLong(-1);
  }

  @Override
  public byte[] toBytes() {
    return Json.write(root);
  }

  private static final class Box implements LabelBox {
    final ObjectNode node;

    Box(ObjectNode node) {
      this.node = node;
    }

    @Override
    public String track() {
      return text(TRACKS);
    }

    @Override
    public void setTrack(String track) {
      String key = firstOf(TRACKS, node);
      if (key != null && node.get(key).isIntegralNumber() && track.matches("-?\\d{1,18}")) {
        node.put(key, Long.parseLong(track));
      } else if (key != null) {
        node.put(key, track);
      }
    }

    @Override
    public String category() {
      return text(CATEGORIES);
    }

    @Override
    public void setCategory(String category) {
      String key = firstOf(CATEGORIES, node);
      if (key != null) {
        node.put(key, category);
      }
    }

    private String text(List<String> keys) {
      String key = firstOf(keys, node);
      return key == null ? "" : node.get(key).asText();
    }

    @Override
    public double get(Field field) {
      return place(field).asDouble(Double.NaN);
    }

    private JsonNode place(Field field) {
      return switch (field) {
        case X -> node.path("center").path(0);
        case Y -> node.path("center").path(1);
        case Z -> node.path("center").path(2);
        case LENGTH -> node.path("size").path(0);
        case WIDTH -> node.path("size").path(1);
        case HEIGHT -> node.path("size").path(2);
        case YAW -> node.path("yaw");
        case LEFT -> node.path("left");
        case TOP -> node.path("top");
        case RIGHT -> node.path("right");
        case BOTTOM -> node.path("bottom");
      };
    }

    @Override
    public void set(Field field, double value) {
      DecimalNode number =
          DecimalNode.valueOf(BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_EVEN));
      switch (field) {
        case X -> put("center", 0, number);
        case Y -> put("center", 1, number);
        case Z -> put("center", 2, number);
        case LENGTH -> put("size", 0, number);
        case WIDTH -> put("size", 1, number);
        case HEIGHT -> put("size", 2, number);
        case YAW -> node.set("yaw", number);
        case LEFT -> node.set("left", number);
        case TOP -> node.set("top", number);
        case RIGHT -> node.set("right", number);
        case BOTTOM -> node.set("bottom", number);
      }
    }

    private void put(String key, int at, JsonNode value) {
      if (node.get(key) instanceof ArrayNode array) {
        array.set(at, value);
      }
    }
  }
}
