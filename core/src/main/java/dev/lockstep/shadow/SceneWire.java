package dev.lockstep.shadow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Turns `foxglove.SceneUpdate` and `foxglove.ImageAnnotations` in Protobuf into trees by the
/// published field numbers, without the descriptor that the first read goes by.
final class SceneWire {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;
  private static final int MAX_DEPTH = 16;

  /// Messages as lines: number, name, type; `*` for a list.
  private static final Map<String, Map<Integer, Field>> MESSAGES =
      Map.ofEntries(
          message("SceneUpdate", "1 deletions Deletion *", "2 entities Entity *"),
          message("Deletion", "1 timestamp Time", "2 type int", "3 id text"),
          message(
              "Entity",
              "1 timestamp Time",
              "2 frame_id text",
              "3 id text",
              "6 metadata Pair *",
              "8 cubes Cube *"),
          message("Cube", "1 pose Pose", "2 size Numbers"),
          message("Pose", "1 position Numbers", "2 orientation Numbers"),
          message("Numbers", "1 x number", "2 y number", "3 z number", "4 w number"),
          message("Pair", "1 key text", "2 value text"),
          message("Time", "1 seconds int", "2 nanos int"),
          message(
              "ImageAnnotations",
              "2 points Outline *",
              "3 texts Text *",
              "4 metadata Pair *",
              "5 timestamp Time"),
          message(
              "Outline",
              "1 timestamp Time",
              "2 type int",
              "3 points Numbers *",
              "8 metadata Pair *"),
          message("Text", "1 timestamp Time", "2 position Numbers", "3 text text"));

  private record Field(String name, String type, boolean list) {}

  private SceneWire() {}

  private static Map.Entry<String, Map<Integer, Field>> message(String name, String... lines) {
    Map<Integer, Field> fields = new HashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      fields.put(Integer.parseInt(words[0]), new Field(words[1], words[2], words.length > 3));
    }
    return Map.entry(name, fields);
  }

  /// The tree of a message.
  ///
  /// @param type `SceneUpdate` or `ImageAnnotations`
  /// @throws BufferUnderflowException if it is not as the wire format says
  static ObjectNode read(String type, ByteBuffer payload) {
    return read(type, payload.slice().order(ByteOrder.LITTLE_ENDIAN), 0);
  }

  private static ObjectNode read(String type, ByteBuffer in, int depth) {
    Map<Integer, Field> fields = MESSAGES.get(type);
    if (fields == null || depth > MAX_DEPTH) {
      throw new BufferUnderflowException();
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    while (in.hasRemaining()) {
      long tag = varint(in);
      Field field = fields.get((int) (tag >>> 3));
      switch ((int) (tag & 7)) {
        case VARINT -> {
          long value = varint(in);
          if (field != null && field.type().equals("int")) {
            node.put(field.name(), value);
          }
        }
        case FIXED_64 -> {
          double value = in.getDouble();
          if (field != null && field.type().equals("number")) {
            node.put(field.name(), value);
          }
        }
        case FIXED_32 -> in.getInt();
        case BYTES -> {
          long length = varint(in);
          if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
          }
          ByteBuffer part = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
          in.position(in.position() + (int) length);
          if (field != null) {
            part(node, field, part, depth);
          }
        }
        default -> throw new BufferUnderflowException();
      }
    }
    return node;
  }

  private static void part(ObjectNode node, Field field, ByteBuffer part, int depth) {
    if (field.type().equals("text")) {
      node.put(field.name(), StandardCharsets.UTF_8.decode(part).toString());
    } else if (MESSAGES.containsKey(field.type())) {
      ObjectNode inner = read(field.type(), part, depth + 1);
      if (field.list()) {
        node.withArray(field.name()).add(inner);
      } else {
        node.set(field.name(), inner);
      }
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new BufferUnderflowException();
  }
}
