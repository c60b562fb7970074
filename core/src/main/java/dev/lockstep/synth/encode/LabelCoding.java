package dev.lockstep.synth.encode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What the labels of a drive are written as. They are made as JSON, in which faults are planted,
/// and turned into the others on their way to the file.
public enum LabelCoding {
  /// `lockstep.Boxes3d` and `lockstep.Boxes2d` in JSON.
  JSON,
  /// `foxglove.SceneUpdate` and `foxglove.ImageAnnotations` in protobuf: an entity or outline for
  /// each box, what else is known of it in metadata.
  SCENE,
  /// `vision_msgs` 4 `Detection3DArray` and `Detection2DArray` in CDR: who made a label is lost.
  DETECTIONS;

  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /// Deletion of all entities, and an outline that is closed.
  private static final int ALL = 1;

  private static final int LINE_LOOP = 2;

  /// Members of a box in JSON that are its place or stand elsewhere.
  private static final List<String> KEPT_AS_PAIRS =
      List.of("category", "points", "occluded", "annotator");

  /// The coding of that name in small letters.
  ///
  /// @throws IllegalArgumentException if there is none
  public static LabelCoding named(String name) {
    for (LabelCoding coding : values()) {
      if (coding.name().toLowerCase(Locale.ROOT).equals(name)) {
        return coding;
      }
    }
    throw new IllegalArgumentException(
        "labels: "
            + name
            + " (expected one of "
            + Arrays.toString(values()).toLowerCase(Locale.ROOT)
            + ")");
  }

  /// The schema in this coding of a stream; streams that are no labels keep theirs.
  public Schema schema(Schema schema) {
    boolean solid = schema.name().equals(Schemas.BOXES_3D.name());
    if (!solid && !schema.name().equals(Schemas.BOXES_2D.name())) {
      return schema;
    }
    return switch (this) {
      case JSON -> schema;
      case SCENE -> solid ? LabelSchemas.SCENE_UPDATE : LabelSchemas.IMAGE_ANNOTATIONS;
      case DETECTIONS -> solid ? LabelSchemas.DETECTIONS_3D : LabelSchemas.DETECTIONS_2D;
    };
  }

  /// A message of labels in this coding.
  ///
  /// @param json the message as `lockstep.Boxes3d` or `lockstep.Boxes2d`
  public byte[] encode(byte[] json) {
    try {
      JsonNode labels = MAPPER.readTree(json);
      return switch (this) {
        case JSON -> json.clone();
        case SCENE -> isSolid(labels) ? scene(labels) : annotations(labels);
        case DETECTIONS -> detections(labels);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A message without boxes may be either: what it belongs to tells by its frame.
  private static boolean isSolid(JsonNode labels) {
    JsonNode first = labels.path("boxes").path(0);
    return first.isMissingNode()
        ? !labels.path("frame_id").asText().startsWith("camera")
        : first.has("center");
  }

  private static byte[] scene(JsonNode labels) {
    Timestamp stamp = timestamp(labels.path("timestamp"));
    DynamicMessage.Builder update = builder("SceneUpdate");
    add(
        update,
        "deletions",
        set(set(builder("SceneEntityDeletion"), "timestamp", stamp), "type", ALL));
    for (JsonNode box : labels.path("boxes")) {
      DynamicMessage.Builder entity = builder("SceneEntity");
      set(entity, "timestamp", stamp);
      set(entity, "frame_id", labels.path("frame_id").asText());
      set(entity, "id", box.path("track_id").asText());
      pairs(entity, labels, box);
      double yaw = box.path("yaw").asDouble();
      DynamicMessage.Builder turn =
          set(
              set(builder("Quaternion"), "z", StrictMath.sin(yaw / 2)),
              "w",
              StrictMath.cos(yaw / 2));
      DynamicMessage.Builder pose =
          set(
              set(builder("Pose"), "position", vector(box.path("center")).build()),
              "orientation",
              turn.build());
      DynamicMessage.Builder cube = set(builder("CubePrimitive"), "pose", pose.build());
      add(entity, "cubes", set(cube, "size", vector(box.path("size")).build()));
      add(update, "entities", entity);
    }
    return bytes(update);
  }

  private static byte[] annotations(JsonNode labels) {
    Timestamp stamp = timestamp(labels.path("timestamp"));
    DynamicMessage.Builder all = set(builder("ImageAnnotations"), "timestamp", stamp);
    for (JsonNode box : labels.path("boxes")) {
      DynamicMessage.Builder outline = set(builder("PointsAnnotation"), "timestamp", stamp);
      set(outline, "type", LINE_LOOP);
      for (int corner : new int[] {0, 1, 3, 2}) {
        DynamicMessage.Builder point = builder("Point2");
        set(point, "x", box.path((corner & 1) == 0 ? "left" : "right").asDouble());
        set(point, "y", box.path((corner & 2) == 0 ? "top" : "bottom").asDouble());
        add(outline, "points", point);
      }
      pair(outline, "track_id", box.path("track_id").asText());
      pairs(outline, labels, box);
      add(all, "points", outline);
    }
    return bytes(all);
  }

  private static void pairs(DynamicMessage.Builder to, JsonNode labels, JsonNode box) {
    for (String name : KEPT_AS_PAIRS) {
      if (box.has(name)) {
        pair(to, name, box.path(name).asText());
      }
    }
    pair(to, "frame", labels.path("frame").asText());
    if (box.has("edited_at")) {
      pair(to, "edited_at", Long.toString(ns(box.path("edited_at"))));
    }
  }

  private static void pair(DynamicMessage.Builder to, String key, String value) {
    add(to, "metadata", set(set(builder("KeyValuePair"), "key", key), "value", value));
  }

  private static byte[] detections(JsonNode labels) {
    long stampNs = ns(labels.path("timestamp"));
    String frame = labels.path("frame_id").asText();
    JsonNode boxes = labels.path("boxes");
    CdrWriter out = new CdrWriter(1 << 12).header(stampNs, frame).u32(boxes.size());
    for (JsonNode box : boxes) {
      out.header(stampNs, frame).u32(1).string(box.path("category").asText()).f64(1);
      // The pose of the hypothesis is not used: the origin, not turned, without covariance.
      for (int i = 0; i < 7 + 36; i++) {
        out.f64(i == 6 ? 1 : 0);
      }
      if (box.has("center")) {
        solid(out, box);
      } else {
        flat(out, box);
      }
      out.string(box.path("track_id").asText());
    }
    return out.toBytes();
  }

  private static void solid(CdrWriter out, JsonNode box) {
    for (int i = 0; i < 3; i++) {
      out.f64(box.path("center").path(i).asDouble());
    }
    double yaw = box.path("yaw").asDouble();
    out.f64(0).f64(0).f64(StrictMath.sin(yaw / 2)).f64(StrictMath.cos(yaw / 2));
    for (int i = 0; i < 3; i++) {
      out.f64(box.path("size").path(i).asDouble());
    }
  }

  private static void flat(CdrWriter out, JsonNode box) {
    double left = box.path("left").asDouble();
    double top = box.path("top").asDouble();
    double right = box.path("right").asDouble();
    double bottom = box.path("bottom").asDouble();
    out.f64((left + right) / 2).f64((top + bottom) / 2).f64(0).f64(right - left).f64(bottom - top);
  }

  private static DynamicMessage.Builder vector(JsonNode values) {
    DynamicMessage.Builder vector = set(builder("Vector3"), "x", values.path(0).asDouble());
    return set(set(vector, "y", values.path(1).asDouble()), "z", values.path(2).asDouble());
  }

  private static long ns(JsonNode time) {
    return time.path("sec").asLong() * NS_PER_SECOND + time.path("nsec").asLong();
  }

  private static Timestamp timestamp(JsonNode time) {
    return Timestamp.newBuilder()
        .setSeconds(time.path("sec").asLong())
        .setNanos(time.path("nsec").asInt())
        .build();
  }

  private static DynamicMessage.Builder builder(String name) {
    return DynamicMessage.newBuilder(LabelSchemas.descriptor(name));
  }

  private static DynamicMessage.Builder set(
      DynamicMessage.Builder message, String field, Object value) {
    Descriptor type = message.getDescriptorForType();
    return message.setField(type.findFieldByName(field), value);
  }

  private static void add(DynamicMessage.Builder message, String field, Message.Builder value) {
    Descriptor type = message.getDescriptorForType();
    message.addRepeatedField(type.findFieldByName(field), value.build());
  }

  private static byte[] bytes(DynamicMessage.Builder message) {
    ByteString bytes = message.build().toByteString();
    return bytes.toByteArray();
  }
}
