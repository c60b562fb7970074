package dev.lockstep.payload;

import static dev.lockstep.payload.ProtoLayout.*;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Set;

/// Makes a tree of a protobuf message by its descriptor, so that labels are found in it as in a
/// JSON message. Only for messages that a [ProtoWalk] has found sound.
///
/// Numbers and texts that a message leaves out are there with their default; messages that it
/// leaves out are not. Enumerations are numbers. Bytes, groups, unknown fields and long lists of
/// plain numbers are left out.
final class ProtoTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment bytes;
  private final Set<String> ignored;
  private long next;

  private ProtoTree(MemorySegment bytes, long at, Set<String> ignored) {
    this.bytes = bytes;
    this.next = at;
    this.ignored = ignored;
  }

  /// The message in a range.
  ///
  /// @param ignored names of members that are left out
  static JsonNode read(
      ProtoType type, MemorySegment bytes, long at, int lengthBytes, Set<String> ignored) {
    ObjectNode root = NODES.objectNode();
    new ProtoTree(bytes, at, ignored).message(type, at + lengthBytes, root);
    return root;
  }

  private void message(ProtoType type, long end, ObjectNode node) {
    while (next < end) {
      long tag = varint();
      int number = (int) (tag >>> WIRE_BITS);
      int wire = (int) tag & WIRE_MASK;
      ProtoType.Field field = type.field(number);
      if (field == null || wire == GROUP_BEGIN || ignored.contains(field.name())) {
        skip(wire);
      } else if (wire == LEN && field.elementBytes() >= 0) {
        packed(field, list(node, field));
      } else if (field.type() != null) {
        nested(field, field.type(), node);
      } else {
        JsonNode value = value(field, wire);
        if (field.repeated()) {
          append(list(node, field), value);
        } else {
          node.set(field.name(), value);
        }
      }
    }
    for (ProtoType.Field field : type.fields()) {
      if (!field.repeated() && field.type() == null && !node.has(field.name())) {
        fill(field, node);
      }
    }
  }

  /// A message within; parts of one that is not a list belong together.
  private void nested(ProtoType.Field field, ProtoType type, ObjectNode node) {
    long end = varint();
    end += next;
    ObjectNode inner;
    if (field.repeated()) {
      inner = list(node, field).addObject();
    } else if (node.get(field.name()) instanceof ObjectNode begun) {
      inner = begun;
    } else {
      inner = node.putObject(field.name());
    }
    message(type, end, inner);
  }

  private static ArrayNode list(ObjectNode node, ProtoType.Field field) {
    return node.get(field.name()) instanceof ArrayNode begun ? begun : node.putArray(field.name());
  }

  private static void append(ArrayNode list, JsonNode value) {
    if (value.isTextual() || list.size() < CdrTree.MAX_NUMBERS) {
      list.add(value);
    }
  }

  private void packed(ProtoType.Field field, ArrayNode list) {
    long end = varint();
    end += next;
    while (next < end && list.size() < CdrTree.MAX_NUMBERS) {
      append(list, value(field, field.wire()));
    }
    next = end;
  }

  private JsonNode value(ProtoType.Field field, int wire) {
    switch (wire) {
      case VARINT -> {
        return number(field, varint());
      }
      case I64 -> {
        next += 8;
        return number(field, bytes.get(LONG, next - 8));
      }
      case I32 -> {
        next += 4;
        return number(field, bytes.get(INT, next - 4));
      }
      default -> {
        int length = (int) varint();
        long at = next;
        next += length;
        return switch (field.declared()) {
          case TYPE_STRING -> NODES.textNode(Texts.utf8(bytes, at, length));
          default -> NODES.nullNode();
        };
      }
    }
  }

  private static JsonNode number(ProtoType.Field field, long raw) {
    return switch (field.declared()) {
      case TYPE_DOUBLE -> NODES.numberNode(Double.longBitsToDouble(raw));
      case TYPE_FLOAT -> NODES.numberNode((double) Float.intBitsToFloat((int) raw));
      case TYPE_BOOL -> NODES.booleanNode(raw != 0);
      case TYPE_UINT32, TYPE_FIXED32 -> NODES.numberNode(raw & 0xFFFF_FFFFL);
      case TYPE_INT32, TYPE_SFIXED32, TYPE_ENUM -> NODES.numberNode((int) raw);
      case TYPE_SINT32, TYPE_SINT64 -> NODES.numberNode((raw >>> 1) ^ -(raw & 1));
      default -> NODES.numberNode(raw);
    };
  }

  private static void fill(ProtoType.Field field, ObjectNode node) {
    switch (field.declared()) {
      case TYPE_STRING -> node.put(field.name(), "");
      case TYPE_BYTES, TYPE_MESSAGE, TYPE_GROUP -> {}
      default -> node.set(field.name(), number(field, 0));
    }
  }

  private void skip(int wire) {
    switch (wire) {
      case VARINT -> varint();
      case I64 -> next += 8;
      case I32 -> next += 4;
      case LEN -> {
        long length = varint();
        next += length;
      }
      case GROUP_BEGIN -> {
        for (int inner = tagWire(); inner != GROUP_END; inner = tagWire()) {
          skip(inner);
        }
      }
      default -> throw new IllegalStateException("wire type " + wire + " in a sound message");
    }
  }

  private int tagWire() {
    return (int) varint() & WIRE_MASK;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = bytes.get(BYTE, next++);
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
