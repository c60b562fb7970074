package dev.lockstep.payload;

import static dev.lockstep.payload.ProtoLayout.*;

import dev.lockstep.model.Evidence;
import dev.lockstep.model.Times;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Walks a protobuf message by its descriptor and checks tags, lengths and wire types. Belongs to
/// one thread.
final class ProtoWalk {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private MemorySegment bytes = MemorySegment.NULL;
  private long start;
  private long next;
  private @Nullable Evidence fault;

  private long stampNs;

  /// Walks the message in a range; places and numbers wanted go to `scratch`.
  ///
  /// @return what is wrong, or null
  @Nullable Evidence run(
      ProtoType type, MemorySegment bytes, long at, int lengthBytes, Scratch scratch) {
    this.bytes = bytes;
    this.start = at;
    this.next = at;
    this.fault = null;
    this.stampNs = Times.NONE;
    message(type, at + lengthBytes, 0, scratch);
    this.bytes = MemorySegment.NULL;
    Evidence found = fault;
    fault = null;
    return found;
  }

  /// Stamp of the message walked last, ns, or [Times#NONE].
  long stampNs() {
    return stampNs;
  }

  private boolean message(
      @Nullable ProtoType type, long end, int depth, @Nullable Scratch scratch) {
    if (depth > MAX_DEPTH) {
      return wrong("depth of messages", next, Integer.toString(depth), "at most " + MAX_DEPTH);
    }
    while (next < end) {
      long tagAt = next;
      long tag = varint(end);
      int number = (int) (tag >>> WIRE_BITS);
      if (fault != null) {
        return false;
      }
      if (tag >>> 32 != 0 || number == 0) {
        return wrong("tag", tagAt, Long.toUnsignedString(tag), "a field number");
      }
      int wire = (int) tag & WIRE_MASK;
      ProtoType.Field field = type == null ? null : type.field(number);
      boolean fine =
          field == null
              ? skip(wire, number, end, depth, tagAt)
              : field(field, wire, end, depth, tagAt, scratch);
      if (!fine) {
        return false;
      }
    }
    return true;
  }

  private boolean field(
      ProtoType.Field field, int wire, long end, int depth, long tagAt, @Nullable Scratch scratch) {
    boolean packed = wire == LEN && field.elementBytes() >= 0;
    if (wire != field.wire() && !packed) {
      return wrong(
          "wire type of " + field.name(),
          tagAt,
          Integer.toString(wire),
          Integer.toString(field.wire()));
    }
    int slot = scratch == null ? ProtoType.NO_SLOT : field.slot();
    switch (wire) {
      case VARINT -> {
        long value = varint(end);
        if (slot >= 0 && scratch != null) {
          scratch.value[slot] = value;
        }
        return fault == null;
      }
      case I64, I32 -> {
        int size = wire == I64 ? 8 : 4;
        if (end - next < size) {
          return tooShort(field.name(), end);
        }
        if (slot >= 0 && scratch != null) {
          scratch.value[slot] =
              wire == I64 ? bytes.get(LONG, next) : Integer.toUnsignedLong(bytes.get(INT, next));
        }
        next += size;
        return true;
      }
      case LEN -> {
        long length = length(field.name(), end);
        if (length < 0) {
          return false;
        }
        if (packed) {
          return packed(field, length);
        }
        if (slot >= 0 && scratch != null) {
          return wanted(field, slot, length, depth, scratch);
        }
        if (field.type() != null) {
          return message(field.type(), next + length, depth + 1, null);
        }
        next += length;
        return true;
      }
      default -> {
        return group(field.type(), field.number(), end, depth, tagAt);
      }
    }
  }

  /// A text, data or message whose place is wanted.
  private boolean wanted(ProtoType.Field field, int slot, long length, int depth, Scratch scratch) {
    long at = next;
    if (slot == ProtoType.HEADER) {
      return message(field.type(), at + length, depth + 1, scratch);
    }
    if (field.type() != null && !message(field.type(), at + length, depth + 1, null)) {
      return false;
    }
    next = at + length;
    switch (slot) {
      case Scratch.STAMP -> {
        return timestamp(at, length);
      }
      case Scratch.FIELDS -> pointField(field.type(), at, length, scratch);
      default -> {
        scratch.at[slot] = at;
        scratch.count[slot] = (int) length;
      }
    }
    return true;
  }

  private boolean packed(ProtoType.Field field, long length) {
    boolean whole =
        field.elementBytes() > 0
            ? length % field.elementBytes() == 0
            : length == 0 || bytes.get(BYTE, next + length - 1) >= 0;
    if (!whole) {
      return wrong("packed " + field.name(), next, length + " bytes", "whole elements");
    }
    next += length;
    return true;
  }

  /// Passes over a field that the schema does not know, as the format allows.
  private boolean skip(int wire, int number, long end, int depth, long tagAt) {
    String name = "field " + number;
    switch (wire) {
      case VARINT -> {
        varint(end);
        return fault == null;
      }
      case I64, I32 -> {
        int size = wire == I64 ? 8 : 4;
        if (end - next < size) {
          return tooShort(name, end);
        }
        next += size;
        return true;
      }
      case LEN -> {
        long length = length(name, end);
        next += Math.max(0, length);
        return length >= 0;
      }
      case GROUP_BEGIN -> {
        return group(null, number, end, depth, tagAt);
      }
      default -> {
        return wrong("wire type of " + name, tagAt, Integer.toString(wire), "0, 1, 2, 3 or 5");
      }
    }
  }

  /// Fields up to the end of a group.
  private boolean group(@Nullable ProtoType type, int number, long end, int depth, long tagAt) {
    if (depth > MAX_DEPTH) {
      return wrong("depth of messages", next, Integer.toString(depth), "at most " + MAX_DEPTH);
    }
    while (next < end) {
      long at = next;
      long tag = varint(end);
      if (fault != null) {
        return false;
      }
      int inner = (int) (tag >>> WIRE_BITS);
      int wire = (int) tag & WIRE_MASK;
      if (tag >>> 32 != 0 || inner == 0) {
        return wrong("tag", at, Long.toUnsignedString(tag), "a field number");
      }
      if (wire == GROUP_END) {
        return inner == number
            || wrong("end of group " + number, at, "group " + inner, "group " + number);
      }
      ProtoType.Field field = type == null ? null : type.field(inner);
      boolean fine =
          field == null
              ? skip(wire, inner, end, depth + 1, at)
              : field(field, wire, end, depth + 1, at, null);
      if (!fine) {
        return false;
      }
    }
    return wrong("group " + number, tagAt, "no end", "its end");
  }

  private long length(String name, long end) {
    long at = next;
    long length = varint(end);
    if (fault != null) {
      return -1;
    }
    if (length < 0 || length > end - next) {
      fault =
          new Evidence.OutOfRange(
              "length of " + name + " at byte " + (at - start),
              length < 0 ? Long.MAX_VALUE : length,
              null,
              end - next,
              "bytes");
      return -1;
    }
    return length;
  }

  private long varint(long end) {
    long at = next;
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (next >= end) {
        wrong("number", at, "cut off", "a varint");
        return 0;
      }
      byte b = bytes.get(BYTE, next++);
      value |= (long) (b & 0x7F) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    wrong("number", at, "over 10 bytes", "a varint");
    return 0;
  }

  /// Reads a timestamp that was found sound.
  private boolean timestamp(long at, long length) {
    long seconds = 0;
    long nanos = 0;
    long after = next;
    next = at;
    long end = at + length;
    while (next < end) {
      long tag = varint(end);
      int number = (int) (tag >>> WIRE_BITS);
      if ((tag & WIRE_MASK) == VARINT) {
        long value = varint(end);
        seconds = number == TIMESTAMP_SECONDS ? value : seconds;
        nanos = number == TIMESTAMP_NANOS ? value : nanos;
      } else {
        skip((int) tag & WIRE_MASK, number, end, 0, at);
      }
    }
    next = after;
    if (nanos < 0 || nanos >= Times.SECOND) {
      fault = outOfRange("nanoseconds of the stamp", at, nanos, 0, Times.SECOND - 1, "ns");
      return false;
    }
    long limit = Long.MAX_VALUE / Times.SECOND - 1;
    if (seconds < -limit || seconds > limit) {
      fault = outOfRange("seconds of the stamp", at, seconds, -limit, limit, "s");
      return false;
    }
    stampNs = seconds * Times.SECOND + nanos;
    return true;
  }

  /// Reads the description of a point's field that was found sound.
  private void pointField(@Nullable ProtoType type, long at, long length, Scratch scratch) {
    if (type == null || scratch.fields >= Scratch.MAX_POINT_FIELDS) {
      return;
    }
    ProtoType.Field nameField = type.field("name");
    ProtoType.Field offsetField = type.field("offset");
    ProtoType.Field typeField = type.field("type");
    int index = scratch.fields++;
    scratch.fieldName[index] = 0;
    scratch.fieldOffset[index] = 0;
    scratch.fieldType[index] = 0;
    scratch.fieldCount[index] = 1;
    long after = next;
    next = at;
    long end = at + length;
    while (next < end) {
      long tag = varint(end);
      int number = (int) (tag >>> WIRE_BITS);
      int wire = (int) tag & WIRE_MASK;
      if (nameField != null && number == nameField.number() && wire == LEN) {
        long chars = varint(end);
        scratch.fieldName[index] = CloudProfile.nameCode(bytes, next, chars);
        next += chars;
      } else if (offsetField != null && number == offsetField.number() && wire == I32) {
        scratch.fieldOffset[index] = bytes.get(INT, next);
        next += 4;
      } else if (offsetField != null && number == offsetField.number() && wire == VARINT) {
        scratch.fieldOffset[index] = (int) varint(end);
      } else if (typeField != null && number == typeField.number() && wire == VARINT) {
        scratch.fieldType[index] = (int) varint(end);
      } else {
        skip(wire, number, end, 0, at);
      }
    }
    next = after;
  }

  private Evidence outOfRange(String what, long at, long value, long min, long max, String unit) {
    return new Evidence.OutOfRange(what + " at byte " + (at - start), value, min, max, unit);
  }

  private boolean tooShort(String name, long end) {
    return wrong(name, next, "ends after " + (end - start) + " bytes", "more bytes");
  }

  private boolean wrong(String what, long at, String observed, String expected) {
    fault = new Evidence.Violation(what + " at byte " + (at - start), observed, expected);
    return false;
  }
}
