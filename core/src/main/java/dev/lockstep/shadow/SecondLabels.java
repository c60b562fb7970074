package dev.lockstep.shadow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lockstep.model.Times;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Derives the labels of messages a second time: Foxglove's scenes and image annotations and the
/// detections of `vision_msgs`, from bytes to rows by code of its own.
///
/// What names mean is a convention of the formats, and so written down here again.
abstract sealed class SecondLabels {
  /// Longest message in JSON that is looked at, as in the first read.
  private static final int MAX_JSON_BYTES = 64 << 20;

  /// How far apart two points may be that are one, pixels.
  private static final double SAME_PIXELS = 0.51;

  private static final List<String> TRACK_KEYS =
      List.of(
          "track_id",
          "trackid",
          "tracking_id",
          "track",
          "object_id",
          "objectid",
          "instance_id",
          "instance_token",
          "uuid",
          "id",
          "token");
  private static final List<String> CATEGORY_KEYS =
      List.of(
          "category",
          "class",
          "label",
          "category_name",
          "class_name",
          "classname",
          "classification",
          "object_type",
          "type",
          "class_id",
          "name",
          "kind");
  private static final List<String> ANNOTATOR_KEYS =
      List.of("annotator", "annotated_by", "labeler", "author", "created_by", "edited_by");

  /// A label as a second read derives it.
  ///
  /// @param stampNs its own stamp, or [Times#NONE]
  /// @param track its track, or null
  /// @param category its category; null where the second read does not tell
  /// @param annotator who made it, or null
  /// @param frameId its own frame of reference, or null
  /// @param solid centre, size and quaternion w, x, y, z; null where there is none that is valid
  /// @param flat left, top, right, bottom; null likewise
  record Label(
      long stampNs,
      @Nullable String track,
      @Nullable String category,
      @Nullable String annotator,
      @Nullable String frameId,
      double @Nullable [] solid,
      double @Nullable [] flat) {}

  /// Made when the first message in JSON is read: it takes longer than the rest of a small share.
  private static final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder().build();
  }

  /// How the messages of a channel become trees.
  private interface Trees {
    JsonNode read(ByteBuffer payload) throws JsonProcessingException;
  }

  private final Trees trees;

  private SecondLabels(Trees trees) {
    this.trees = trees;
  }

  /// Reader for the messages of a channel, or null where labels are not read a second time.
  static @Nullable SecondLabels of(
      String schemaName, String schemaEncoding, String messageEncoding, String schema) {
    String name =
        schemaName.substring(
            Math.max(schemaName.lastIndexOf('/'), schemaName.lastIndexOf('.')) + 1);
    boolean foxglove =
        schemaName.startsWith("foxglove.")
            || schemaName.startsWith("foxglove/")
            || schemaName.startsWith("foxglove_msgs/");
    boolean scene = foxglove && name.equals("SceneUpdate");
    boolean annotations = foxglove && name.equals("ImageAnnotations");
    boolean solid = schemaName.startsWith("vision_msgs/") && name.equals("Detection3DArray");
    boolean flat = schemaName.startsWith("vision_msgs/") && name.equals("Detection2DArray");
    if (!scene && !annotations && !solid && !flat) {
      return null;
    }
    Trees trees = trees(name, schemaEncoding, messageEncoding, schema);
    if (trees == null) {
      return null;
    }
    return scene
        ? new Scene(trees)
        : annotations ? new Annotations(trees) : new Detections(trees, solid);
  }

  private static @Nullable Trees trees(
      String name, String schemaEncoding, String messageEncoding, String schema) {
    if (messageEncoding.equals("cdr") && schemaEncoding.equals("ros2msg")
        || messageEncoding.equals("ros1") && schemaEncoding.equals("ros1msg")) {
      RosTree ros = new RosTree(schema, messageEncoding.equals("ros1"));
      return ros::read;
    }
    return switch (messageEncoding) {
      case "protobuf" -> payload -> SceneWire.read(name, payload);
      case "json" ->
          payload -> {
            if (payload.remaining() > MAX_JSON_BYTES) {
              throw new BufferUnderflowException();
            }
            return Json.MAPPER.readTree(
                StandardCharsets.UTF_8.decode(payload.duplicate()).toString());
          };
      default -> null;
    };
  }

  /// The labels of a message in order; null where it cannot be told.
  @Nullable List<Label> read(ByteBuffer payload) {
    try {
      return labels(trees.read(payload));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | JsonProcessingException e) {
      return null;
    }
  }

  abstract @Nullable List<Label> labels(JsonNode root);

  /// The cubes of a scene.
  private static final class Scene extends SecondLabels {
    Scene(Trees trees) {
      super(trees);
    }

    @Override
    List<Label> labels(JsonNode root) {
      List<Label> found = new ArrayList<>();
      for (JsonNode entity : root.path("entities")) {
        JsonNode cubes = entity.path("cubes");
        Pairs pairs = new Pairs(entity.path("metadata"));
        String id = cubes.size() == 1 ? some(entity.path("id").asText()) : null;
        String track = pairs.take(TRACK_KEYS);
        String category = pairs.take(CATEGORY_KEYS);
        String annotator = pairs.take(ANNOTATOR_KEYS);
        for (JsonNode cube : cubes) {
          JsonNode turn = cube.path("pose").path("orientation");
          found.add(
              new Label(
                  stamp(entity),
                  track == null ? id : track,
                  category == null ? "" : category,
                  annotator,
                  some(entity.path("frame_id").asText()),
                  cuboid(cube.path("pose").path("position"), cube.path("size"), turn),
                  null));
        }
      }
      return found;
    }
  }

  /// The closed outlines of image annotations.
  private static final class Annotations extends SecondLabels {
    private static final int LOOP = 2;
    private static final int STRIP = 3;
    private static final int LINES = 4;

    Annotations(Trees trees) {
      super(trees);
    }

    @Override
    @Nullable List<Label> labels(JsonNode root) {
      List<Label> found = new ArrayList<>();
      boolean texts = !root.path("texts").isEmpty();
      for (JsonNode outline : root.path("points")) {
        JsonNode points = outline.path("points");
        int type = outline.path("type").asInt();
        int count = points.size();
        if (type == LOOP && count < 3
            || type == STRIP && count < 4
            || type == LINES && count != 8) {
          continue;
        }
        if (type != LOOP && type != STRIP && type != LINES) {
          continue;
        }
        double[] xs = new double[count];
        double[] ys = new double[count];
        for (int i = 0; i < count; i++) {
          xs[i] = number(points.get(i), "x");
          ys[i] = number(points.get(i), "y");
        }
        double[] edges = around(xs, ys);
        if (edges == null) {
          // Not told of by numbers that are none.
          return null;
        }
        boolean upright = upright(xs, ys, edges);
        if (type == STRIP && !(near(xs[0], xs[count - 1]) && near(ys[0], ys[count - 1]))
            || type == LINES && !upright) {
          continue;
        }
        Pairs pairs = new Pairs(outline.path("metadata"));
        pairs.add(root.path("metadata"));
        String track = pairs.take(TRACK_KEYS);
        String category = pairs.take(CATEGORY_KEYS);
        if (track == null && category == null && !upright) {
          if (texts) {
            return null;
          }
          continue;
        }
        boolean sized = edges[2] > edges[0] && edges[3] > edges[1];
        found.add(
            new Label(
                stamp(outline),
                track,
                category == null && !texts ? "" : category,
                pairs.take(ANNOTATOR_KEYS),
                null,
                null,
                sized ? edges : null));
      }
      return found;
    }

    private static double @Nullable [] around(double[] xs, double[] ys) {
      double[] edges = {xs[0], ys[0], xs[0], ys[0]};
      for (int i = 0; i < xs.length; i++) {
        if (!Double.isFinite(xs[i]) || !Double.isFinite(ys[i])) {
          return null;
        }
        edges[0] = Math.min(edges[0], xs[i]);
        edges[1] = Math.min(edges[1], ys[i]);
        edges[2] = Math.max(edges[2], xs[i]);
        edges[3] = Math.max(edges[3], ys[i]);
      }
      return edges;
    }

    private static boolean upright(double[] xs, double[] ys, double[] edges) {
      boolean[] corners = new boolean[4];
      for (int i = 0; i < xs.length; i++) {
        boolean left = near(xs[i], edges[0]);
        boolean top = near(ys[i], edges[1]);
        if (!left && !near(xs[i], edges[2]) || !top && !near(ys[i], edges[3])) {
          return false;
        }
        corners[(left ? 0 : 1) + (top ? 0 : 2)] = true;
      }
      return corners[0] && corners[1] && corners[2] && corners[3];
    }

    private static boolean near(double a, double b) {
      return Math.abs(a - b) <= SAME_PIXELS;
    }
  }

  /// The detections of `vision_msgs`, in any of its versions.
  private static final class Detections extends SecondLabels {
    private final boolean solid;

    Detections(Trees trees, boolean solid) {
      super(trees);
      this.solid = solid;
    }

    @Override
    List<Label> labels(JsonNode root) {
      List<Label> found = new ArrayList<>();
      for (JsonNode detection : root.path("detections")) {
        JsonNode bbox = detection.path("bbox");
        String track = some(detection.path("tracking_id").asText());
        track = track == null ? some(detection.path("id").asText()) : track;
        String category = category(detection.path("results"));
        if (!solid && track == null && category == null) {
          continue;
        }
        JsonNode header = detection.path("header");
        found.add(
            new Label(
                stamp(header),
                track,
                category == null ? "" : category,
                null,
                some(header.path("frame_id").asText()),
                solid ? solid(bbox) : null,
                solid ? null : flat(bbox)));
      }
      return found;
    }

    private static double @Nullable [] solid(JsonNode bbox) {
      JsonNode center = bbox.path("center");
      return cuboid(center.path("position"), bbox.path("size"), center.path("orientation"));
    }

    private static double @Nullable [] flat(JsonNode bbox) {
      JsonNode center = bbox.path("center");
      JsonNode at = center.has("position") ? center.path("position") : center;
      double right = number(bbox, "size_x") / 2;
      double down = number(bbox, "size_y") / 2;
      double turn = number(center, "theta");
      if (!(right > 0 && down > 0) || !Double.isFinite(turn)) {
        return null;
      }
      if (turn != 0) {
        double across = right * Math.abs(Math.cos(turn)) + down * Math.abs(Math.sin(turn));
        down = right * Math.abs(Math.sin(turn)) + down * Math.abs(Math.cos(turn));
        right = across;
      }
      double x = number(at, "x");
      double y = number(at, "y");
      double[] edges = {x - right, y - down, x + right, y + down};
      return finite(edges) ? edges : null;
    }

    /// That of the likeliest hypothesis; null where there is none.
    private static @Nullable String category(JsonNode results) {
      JsonNode best = null;
      for (JsonNode result : results) {
        JsonNode own = result.path("hypothesis").isObject() ? result.path("hypothesis") : result;
        if (best == null || number(own, "score") > number(best, "score")) {
          best = own;
        }
      }
      if (best == null) {
        return null;
      }
      String name = some(best.path("class_id").asText());
      return name == null ? some(best.path("id").asText()) : name;
    }
  }

  private static double @Nullable [] cuboid(JsonNode at, JsonNode size, JsonNode turn) {
    double[] q =
        turn.isObject()
            ? new double[] {
              number(turn, "w"), number(turn, "x"), number(turn, "y"), number(turn, "z")
            }
            : new double[] {1, 0, 0, 0};
    double norm = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    double[] box = {
      number(at, "x"),
      number(at, "y"),
      number(at, "z"),
      number(size, "x"),
      number(size, "y"),
      number(size, "z"),
      q[0] / norm,
      q[1] / norm,
      q[2] / norm,
      q[3] / norm
    };
    return finite(box) && box[3] > 0 && box[4] > 0 && box[5] > 0 ? box : null;
  }

  private static boolean finite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /// A member that is a number: 0 where it is left out, NaN where it is none.
  private static double number(JsonNode object, String name) {
    JsonNode node = object.path(name);
    return node.isNumber() ? node.doubleValue() : node.isMissingNode() ? 0 : Double.NaN;
  }

  private static @Nullable String some(String text) {
    return text.isEmpty() ? null : text;
  }

  /// The stamp beside other members; [Times#NONE] where nobody set it, or not as a pair.
  private static long stamp(JsonNode object) {
    JsonNode stamp = object.has("stamp") ? object.path("stamp") : object.path("timestamp");
    long seconds = 0;
    long nanos = 0;
    for (String name : List.of("sec", "secs", "seconds")) {
      seconds = stamp.has(name) ? stamp.path(name).asLong() : seconds;
    }
    for (String name : List.of("nsec", "nanosec", "nsecs", "nanos")) {
      nanos = stamp.has(name) ? stamp.path(name).asLong() : nanos;
    }
    long ns = seconds * Times.SECOND + nanos;
    return ns == 0 || nanos < 0 || nanos >= Times.SECOND ? Times.NONE : ns;
  }

  /// Pairs of key and value, keys in small letters, the first of each.
  private static final class Pairs {
    private static final int MOST = 64;

    private final Map<String, String> values = new HashMap<>();

    Pairs(JsonNode list) {
      add(list);
    }

    void add(JsonNode list) {
      for (JsonNode pair : list) {
        String key = pair.path("key").asText().toLowerCase(Locale.ROOT);
        if (!key.isEmpty() && values.size() < MOST) {
          values.putIfAbsent(key, pair.path("value").asText());
        }
      }
    }

    @Nullable String take(List<String> keys) {
      for (String key : keys) {
        String value = values.get(key);
        if (value != null && !value.isEmpty()) {
          values.remove(key);
          return value;
        }
      }
      return null;
    }
  }
}
