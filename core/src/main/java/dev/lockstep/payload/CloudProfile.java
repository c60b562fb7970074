package dev.lockstep.payload;

import dev.lockstep.model.PointColumns;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Sums up clouds whose points are rows of fields: what lies in which direction and when.
final class CloudProfile {
  private static final int INT16 = 3;
  private static final int INT32 = 5;
  private static final int UINT32 = 6;
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

  /// Names of the number of a point's laser, of the same drivers.
  private static final List<byte[]> LASER_NAMES =
      List.of(ascii("ring"), ascii("laser_id"), ascii("laser_number"), ascii("channel"));

  private static final byte[] INTENSITY_NAME = ascii("intensity");

  /// Bytes from one point that is looked at to the next up to which all are copied together; a copy
  /// of each alone costs as much as that of these.
  private static final int NEAR_BYTES = 512;

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
    if (isOneOf(TIME_NAMES, bytes, at, length)) {
      return Scratch.TIME;
    }
    if (isOneOf(LASER_NAMES, bytes, at, length)) {
      return Scratch.LASER;
    }
    return isOneOf(List.of(INTENSITY_NAME), bytes, at, length) ? Scratch.INTENSITY : 0;
  }

  private static boolean isOneOf(List<byte[]> names, MemorySegment bytes, long at, long length) {
    for (byte[] name : names) {
      if (name.length == length && equal(bytes, at, name)) {
        return true;
      }
    }
    return false;
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
  /// @param z number of the field of the z coordinate
  static void take(
      MemorySegment bytes,
      Scratch cloud,
      int points,
      int step,
      int x,
      int y,
      int z,
      boolean bigEndian,
      PayloadFacts facts) {
    int time = field(cloud, Scratch.TIME);
    int type = cloud.fieldType[x];
    int timeType = time < 0 ? 0 : cloud.fieldType[time];
    SweepProfiler profiler = cloud.profiler();
    profiler.begin(1, time >= 0, timeType < FLOAT32);
    int laser = field(cloud, Scratch.LASER);
    int laserType = laser < 0 ? 0 : cloud.fieldType[laser];
    int ol = laser < 0 ? 0 : cloud.fieldOffset[laser];
    int intensity = intensity(cloud, profiler);
    int intensityType = intensity < 0 ? 0 : cloud.fieldType[intensity];
    int oi = intensity < 0 ? 0 : cloud.fieldOffset[intensity];
    long stride = (long) SweepProfiler.stride(points) * step;
    long at = cloud.at[Scratch.DATA];
    long end = at + (long) points * step;
    int ox = cloud.fieldOffset[x];
    int oy = cloud.fieldOffset[y];
    int oz = cloud.fieldOffset[z];
    int ot = time < 0 ? 0 : cloud.fieldOffset[time];
    // Points are copied to an array first, as in PointCloudContent: reading three numbers of each
    // from a segment takes longer than what is made of them.
    byte[] block = cloud.block(step);
    MemorySegment copy = MemorySegment.ofArray(block);
    int perBlock = stride > NEAR_BYTES ? 1 : 1 + (block.length - step) / (int) stride;
    for (; at < end; at += stride * perBlock) {
      int count = (int) Math.min(perBlock, (end - at + stride - 1) / stride);
      MemorySegment.copy(bytes, at, copy, 0, (count - 1) * stride + step);
      for (int i = 0; i < count; i++) {
        int p = i * (int) stride;
        double dx = number(block, p + ox, type, bigEndian);
        double dy = number(block, p + oy, type, bigEndian);
        double t = time < 0 ? Double.NaN : number(block, p + ot, timeType, bigEndian);
        profiler.point(
            0,
            dx,
            dy,
            number(block, p + oz, type, bigEndian),
            t,
            laser < 0 ? -1 : (int) number(block, p + ol, laserType, bigEndian),
            intensity < 0
                ? 0
                : Float.floatToRawIntBits((float) number(block, p + oi, intensityType, bigEndian)));
      }
    }
    facts.sweep = profiler.end(facts.stampNs, "");
  }

  /// Number of the field of the intensity, of which the profiler is told, or -1.
  private static int intensity(Scratch cloud, SweepProfiler profiler) {
    int intensity = field(cloud, Scratch.INTENSITY);
    if (intensity >= 0) {
      profiler.hasIntensities();
    }
    return intensity;
  }

  /// Number of the field of that kind of name, or -1.
  private static int field(Scratch cloud, int name) {
    for (int i = 0; i < cloud.fields; i++) {
      if (cloud.fieldName[i] == name) {
        return i;
      }
    }
    return -1;
  }

  /// Whether all that is read of a point are words of four bytes of this machine, the coordinates
  /// floats: [#takeWords] reads those.
  static boolean isOfWords(Scratch cloud, int step, int x, int y, int z, boolean bigEndian) {
    int time = field(cloud, Scratch.TIME);
    int timeType = time < 0 ? FLOAT32 : cloud.fieldType[time];
    int places =
        step
            | cloud.fieldOffset[x]
            | cloud.fieldOffset[y]
            | cloud.fieldOffset[z]
            | (time < 0 ? 0 : cloud.fieldOffset[time]);
    return (places & (Integer.BYTES - 1)) == 0
        && (timeType == FLOAT32 || timeType == INT32 || timeType == UINT32)
        && bigEndian == (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN);
  }

  /// Counts the points of which a coordinate is no finite number, and sums up the cloud, both from
  /// one copy of the points: the same as [PointCloudContent#nonFiniteFloats] and [#take].
  static int takeWords(
      MemorySegment bytes,
      Scratch cloud,
      int points,
      int step,
      int x,
      int y,
      int z,
      PayloadFacts facts) {
    int time = field(cloud, Scratch.TIME);
    boolean wholeNumbers = time >= 0 && cloud.fieldType[time] != FLOAT32;
    SweepProfiler profiler = cloud.profiler();
    profiler.begin(1, time >= 0, time < 0 || wholeNumbers);
    int stride = SweepProfiler.stride(points);
    int words = step / Integer.BYTES;
    int ox = cloud.fieldOffset[x] / Integer.BYTES;
    int oy = cloud.fieldOffset[y] / Integer.BYTES;
    int oz = cloud.fieldOffset[z] / Integer.BYTES;
    int ot = time < 0 ? 0 : cloud.fieldOffset[time] / Integer.BYTES;
    int laser = part(cloud, Scratch.LASER);
    int laserWord = laser < 0 ? 0 : cloud.fieldOffset[laser] / Integer.BYTES;
    int laserLeft = laser < 0 ? 0 : left(cloud, laser);
    int laserRight = laser < 0 ? 0 : right(cloud, laser);
    int intensity = part(cloud, Scratch.INTENSITY);
    int intensityWord = intensity < 0 ? 0 : cloud.fieldOffset[intensity] / Integer.BYTES;
    int intensityLeft = intensity < 0 ? 0 : left(cloud, intensity);
    int intensityRight = intensity < 0 ? 0 : right(cloud, intensity);
    if (intensity >= 0) {
      profiler.hasIntensities();
    }
    int[] block = cloud.ints(step);
    MemorySegment copy = MemorySegment.ofArray(block);
    int perBlock = block.length / words;
    long at = cloud.at[Scratch.DATA];
    int bad = 0;
    long next = 0;
    for (int from = 0; from < points; from += perBlock) {
      int count = Math.min(perBlock, points - from);
      MemorySegment.copy(bytes, at + (long) from * step, copy, 0, (long) count * step);
      bad +=
          PointCloudContent.count(
              block, count, words, ox, oy, oz, PointCloudContent.FLOAT_EXPONENT);
      for (; next < from + count; next += stride) {
        int p = (int) (next - from) * words;
        double t =
            time < 0
                ? Double.NaN
                : wholeNumbers ? block[p + ot] : Float.intBitsToFloat(block[p + ot]);
        profiler.point(
            0,
            Float.intBitsToFloat(block[p + ox]),
            Float.intBitsToFloat(block[p + oy]),
            Float.intBitsToFloat(block[p + oz]),
            t,
            laser < 0 ? -1 : block[p + laserWord] << laserLeft >>> laserRight,
            intensity < 0 ? 0 : block[p + intensityWord] << intensityLeft >>> intensityRight);
      }
    }
    facts.sweep = profiler.end(facts.stampNs, "");
    return bad;
  }

  /// Number of the field of that kind of name if it lies within one little-endian word, or -1.
  private static int part(Scratch cloud, int name) {
    int field = field(cloud, name);
    if (field < 0 || ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
      return -1;
    }
    int within = cloud.fieldOffset[field] & (Integer.BYTES - 1);
    boolean fits =
        cloud.fieldType[field] != FLOAT64 && within + bytes(cloud, field) <= Integer.BYTES;
    return fits ? field : -1;
  }

  private static int bytes(Scratch cloud, int field) {
    int type = cloud.fieldType[field];
    return type < INT16 ? 1 : type < INT32 ? Short.BYTES : Integer.BYTES;
  }

  /// Bits by which a word is shifted up so that a field stands at its upper end.
  private static int left(Scratch cloud, int field) {
    int within = cloud.fieldOffset[field] & (Integer.BYTES - 1);
    return Byte.SIZE * (Integer.BYTES - within - bytes(cloud, field));
  }

  /// Bits by which it is then shifted down.
  private static int right(Scratch cloud, int field) {
    return Byte.SIZE * (Integer.BYTES - bytes(cloud, field));
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
    byte[] block = cloud.block(step);
    MemorySegment copy = MemorySegment.ofArray(block);
    int perBlock = block.length / step;
    for (int first = 0; first < points; first += perBlock) {
      int count = Math.min(perBlock, points - first);
      MemorySegment.copy(bytes, at + (long) first * step, copy, 0, (long) count * step);
      for (int p = 0; p < count * step; p += step) {
        to.add(
            (float) number(block, p + x, type, bigEndian),
            (float) number(block, p + y, type, bigEndian),
            (float) number(block, p + z, type, bigEndian));
      }
    }
  }

  /// The number in a field. Whole numbers are read as signed: relative times stay far below the
  /// half of the range, and numbering of types differs between the two schemas.
  private static double number(byte[] bytes, int at, int type, boolean bigEndian) {
    return switch (type) {
      case FLOAT32 -> Float.intBitsToFloat(integer(bytes, at, bigEndian));
      case FLOAT64 -> {
        long first = integer(bytes, at, bigEndian);
        long second = integer(bytes, at + Integer.BYTES, bigEndian);
        long high = bigEndian ? first : second;
        long low = bigEndian ? second : first;
        yield Double.longBitsToDouble(high << Integer.SIZE | low & 0xFFFF_FFFFL);
      }
      case 5, 6 -> integer(bytes, at, bigEndian);
      case 3, 4 -> {
        short bits = (short) (bytes[at] & 0xFF | bytes[at + 1] << 8);
        yield bigEndian ? Short.reverseBytes(bits) : bits;
      }
      default -> bytes[at];
    };
  }

  private static int integer(byte[] bytes, int at, boolean bigEndian) {
    int bits =
        bytes[at] & 0xFF
            | (bytes[at + 1] & 0xFF) << 8
            | (bytes[at + 2] & 0xFF) << 16
            | bytes[at + 3] << 24;
    return bigEndian ? Integer.reverseBytes(bits) : bits;
  }
}
