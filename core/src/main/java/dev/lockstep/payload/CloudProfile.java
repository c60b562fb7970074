package dev.lockstep.payload;

import dev.lockstep.model.PointColumns;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Sums up clouds whose points are rows of fields: what lies in which direction and when.
final class CloudProfile {
  private static final int FLOAT32 = 7;
  private static final int FLOAT64 = 8;

  /// Names that drivers of Velodyne, Ouster, Hesai, RoboSense, Livox and others give to the time of
  /// a point; `t` of one character is one of them.
  private static final List<byte[]> TIME_NAMES =
      List.of(
          ascii("time"),
          ascii("timestamp"),
          ascii("time_stamp"),
          ascii("time_offset"),
          ascii("offset_time"),
          ascii("timestamp_offset"),
          ascii("point_time_offset"),
          ascii("stamp"),
          ascii("offset_ns"));

  // Constants: a layout made on the way costs more than the point that it reads.
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private CloudProfile() {}

  private static byte[] ascii(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  /// What [Scratch#fieldName] keeps of the name of a field.
  static int nameCode(MemorySegment bytes, long at, long length) {
    if (length == 1) {
      byte name = bytes.get(ValueLayout.JAVA_BYTE, at);
      return name == 't' ? Scratch.TIME : name;
    }
    for (byte[] name : TIME_NAMES) {
      if (name.length == length && equal(bytes, at, name)) {
        return Scratch.TIME;
      }
    }
    return 0;
  }

  private static boolean equal(MemorySegment bytes, long at, byte[] name) {
    for (int i = 0; i < name.length; i++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, at + i) != name[i]) {
        return false;
      }
    }
    return true;
  }

  /// Sums up a cloud, all of whose fields lie within a point.
  ///
  /// @param x number of the field of the x coordinate, a float; y and z are of the same type
  /// @param y number of the field of the y coordinate
  static void take(
      MemorySegment bytes,
      Scratch cloud,
      int points,
      int step,
      int x,
      int y,
      boolean bigEndian,
      PayloadFacts facts) {
    int time = -1;
    for (int i = 0; i < cloud.fields && time < 0; i++) {
      time = cloud.fieldName[i] == Scratch.TIME ? i : -1;
    }
    int type = cloud.fieldType[x];
    int timeType = time < 0 ? 0 : cloud.fieldType[time];
    SweepProfiler profiler = cloud.profiler();
    profiler.begin(1, time >= 0, timeType < FLOAT32);
    long stride = (long) SweepProfiler.stride(points) * step;
    long at = cloud.at[Scratch.DATA];
    long end = at + (long) points * step;
    int ox = cloud.fieldOffset[x];
    int oy = cloud.fieldOffset[y];
    long ot = time < 0 ? 0 : cloud.fieldOffset[time];
    for (; at < end; at += stride) {
      double dx = number(bytes, at + ox, type, bigEndian);
      double dy = number(bytes, at + oy, type, bigEndian);
      double t = time < 0 ? Double.NaN : number(bytes, at + ot, timeType, bigEndian);
      profiler.point(0, dx, dy, t);
    }
    facts.sweep = profiler.end(facts.stampNs, "");
  }

  /// Copies the points where they are wanted.
  ///
  /// @param fields numbers of the fields of the coordinates, floats of one type
  static void copy(
      MemorySegment bytes,
      Scratch cloud,
      int points,
      int step,
      int[] fields,
      boolean bigEndian,
      PayloadFacts facts) {
    PointColumns to = facts.cloud;
    if (to == null) {
      return;
    }
    to.clear(points);
    int type = cloud.fieldType[fields[0]];
    int x = cloud.fieldOffset[fields[0]];
    int y = cloud.fieldOffset[fields[1]];
    int z = cloud.fieldOffset[fields[2]];
    long at = cloud.at[Scratch.DATA];
    for (int i = 0; i < points; i++, at += step) {
      to.add(
          (float) number(bytes, at + x, type, bigEndian),
          (float) number(bytes, at + y, type, bigEndian),
          (float) number(bytes, at + z, type, bigEndian));
    }
  }

  /// The number in a field. Whole numbers are read as signed: relative times stay far below the
  /// half of the range, and numbering of types differs between the two schemas.
  private static double number(MemorySegment bytes, long at, int type, boolean bigEndian) {
    return switch (type) {
      case FLOAT32 -> Float.intBitsToFloat(integer(bytes, at, bigEndian));
      case FLOAT64 -> {
        long bits = bytes.get(LONG, at);
        yield Double.longBitsToDouble(bigEndian ? Long.reverseBytes(bits) : bits);
      }
      case 5, 6 -> integer(bytes, at, bigEndian);
      case 3, 4 -> {
        short bits = bytes.get(SHORT, at);
        yield bigEndian ? Short.reverseBytes(bits) : bits;
      }
      default -> bytes.get(ValueLayout.JAVA_BYTE, at);
    };
  }

  private static int integer(MemorySegment bytes, long at, boolean bigEndian) {
    int bits = bytes.get(INT, at);
    return bigEndian ? Integer.reverseBytes(bits) : bits;
  }
}
