package dev.lockstep.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.payload.RosType.Field;
import dev.lockstep.payload.RosType.Kind;
import dev.lockstep.payload.RosType.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Makes a tree of a plain XCDR1 or ROS 1 message, so that labels are found in it as in a JSON
/// message. Only for messages that a [CdrWalk] has found sound; long lists of plain numbers are
/// left out.
final class CdrTree {
  /// Longest list of numbers that is kept: a quaternion, a UUID.
  static final int MAX_NUMBERS = 16;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private final MemorySegment bytes;
  private final long origin;
  private final boolean littleEndian;
  private final CdrProgram.Coding coding;
  private long next;

  /// @param origin first byte of the first member
  /// @param coding plain XCDR1 or ROS 1
  CdrTree(MemorySegment bytes, long origin, boolean littleEndian, CdrProgram.Coding coding) {
    this.coding = coding;
    this.bytes = bytes;
    this.origin = origin;
    this.littleEndian = littleEndian;
  }

  /// The message.
  JsonNode read(RosType type) {
    return struct(type);
  }

  private ObjectNode struct(RosType type) {
    ObjectNode node = NODES.objectNode();
    if (type.fields().isEmpty() && coding != CdrProgram.Coding.ROS1) {
      next++;
    }
    for (Field field : type.fields()) {
      if (field.kind() == Kind.OPAQUE) {
        break;
      }
      node.set(field.name(), field(field));
    }
    return node;
  }

  private JsonNode field(Field field) {
    if (field.shape() == Shape.ONE) {
      return element(field);
    }
    long count = field.shape() == Shape.ARRAY ? field.count() : uint();
    ArrayNode list = NODES.arrayNode();
    if (field.kind().sizeBytes > 0 && count > MAX_NUMBERS) {
      align(field.kind().sizeBytes);
      next += count * field.kind().sizeBytes;
      return list;
    }
    for (long i = 0; i < count; i++) {
      list.add(element(field));
    }
    return list;
  }

  private JsonNode element(Field field) {
    RosType type = field.type();
    if (type != null) {
      return struct(type);
    }
    if (field.kind() == Kind.STRING) {
      int length = (int) uint();
      String text = Texts.utf8(bytes, origin + next, (int) coding.characters(length));
      next += length;
      return NODES.textNode(text);
    }
    int size = field.kind().sizeBytes;
    align(size);
    long at = origin + next;
    next += size;
    return switch (field.kind()) {
      case BOOL -> NODES.booleanNode(bytes.get(BYTE, at) != 0);
      case UINT8 -> NODES.numberNode(bytes.get(BYTE, at) & 0xFF);
      case INT8 -> NODES.numberNode(bytes.get(BYTE, at));
      case UINT16 ->
          NODES.numberNode(Short.toUnsignedInt(CdrLayout.int16(bytes, at, littleEndian)));
      case INT16 -> NODES.numberNode(CdrLayout.int16(bytes, at, littleEndian));
      case UINT32 -> NODES.numberNode(CdrLayout.uint(bytes, at, littleEndian));
      case INT32 -> NODES.numberNode(CdrLayout.int32(bytes, at, littleEndian));
      case UINT64, INT64 -> NODES.numberNode(CdrLayout.int64(bytes, at, littleEndian));
      case FLOAT32 ->
          NODES.numberNode((double) Float.intBitsToFloat(CdrLayout.int32(bytes, at, littleEndian)));
      case FLOAT64 ->
          NODES.numberNode(Double.longBitsToDouble(CdrLayout.int64(bytes, at, littleEndian)));
      case STRING, STRUCT, OPAQUE -> NODES.nullNode();
    };
  }

  private long uint() {
    align(4);
    long value = CdrLayout.uint(bytes, origin + next, littleEndian);
    next += 4;
    return value;
  }

  private void align(int size) {
    int step = Math.min(size, coding.maxAlign);
    next = (next + step - 1) & -step;
  }
}
