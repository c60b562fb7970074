package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Rules about a point cloud: its sizes agree, its fields lie within a point, its coordinates are
/// numbers. Every point is looked at.
final class PointCloudContent {
  /// Bytes of each field type, by number (sensor_msgs/PointField; foxglove numbers the integers
  /// differently, sizes and floats are the same).
  private static final int[] TYPE_BYTES = {0, 1, 1, 2, 2, 4, 4, 4, 8};

  private static final int FLOAT32 = 7;
  private static final int FLOAT64 = 8;

  /// The two highest bits of the exponent (IEEE 754). Both are set in what is infinite or no
  /// number, and in numbers from 2^65 on: no distance is that long, but bytes that are no floats
  /// give such, and so does the largest float, which stands for a missing return.
  static final int FLOAT_EXPONENT = 0x6000_0000;

  /// The same distance for doubles, m.
  private static final double FARTHEST_METERS = 0x1p65;

  private static final ValueLayout.OfLong LONG_LE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int[] NONE = {};
  private static final byte[] NO_BYTES = {};

  private PointCloudContent() {}

  /// Examines a cloud whose fields stand in `cloud` and whose data lies at `dataAt`.
  ///
  /// @param width points in a row, or -1 where the cloud gives only data and `pointStep`
  /// @param dense whether the sender promises that all coordinates are numbers
  static void examine(
      MemorySegment bytes,
      Scratch cloud,
      long height,
      long width,
      long pointStep,
      long rowStep,
      boolean bigEndian,
      boolean dense,
      PayloadFacts facts) {
    long dataAt = cloud.at[Scratch.DATA];
    long dataBytes = cloud.count[Scratch.DATA];
    Evidence wrong =
        width < 0
            ? packed(dataBytes, pointStep)
            : organized(height, width, pointStep, rowStep, dataBytes);
    if (wrong == null) {
      wrong = fieldBeyond(cloud, pointStep);
    }
    if (wrong == null) {
      wrong = coordinatesClash(cloud);
    }
    long points = width < 0 ? (pointStep <= 0 ? 0 : dataBytes / pointStep) : height * width;
    if (wrong != null) {
      // A count that contradicts the data is no count.
      facts.fault(DefectKind.CLOUD_LAYOUT, wrong);
      return;
    }
    facts.points = (int) points;
    int x = fieldNamed(cloud, 'x');
    int y = fieldNamed(cloud, 'y');
    int z = fieldNamed(cloud, 'z');
    if (x < 0 || y < 0 || z < 0 || facts.points == 0) {
      facts.nonFinitePoints = facts.points == 0 ? 0 : -1;
      return;
    }
    int type = cloud.fieldType[x];
    if (type != cloud.fieldType[y] || type != cloud.fieldType[z]) {
      return;
    }
    int ox = cloud.fieldOffset[x];
    int oy = cloud.fieldOffset[y];
    int oz = cloud.fieldOffset[z];
    int step = (int) pointStep;
    if (type == FLOAT32 && CloudProfile.isOfWords(cloud, step, x, y, z, bigEndian)) {
      facts.nonFinitePoints =
          CloudProfile.takeWords(bytes, cloud, facts.points, step, x, y, z, facts);
    } else if (type == FLOAT32) {
      facts.nonFinitePoints =
          nonFiniteFloats(bytes, dataAt, facts.points, step, ox, oy, oz, bigEndian, cloud);
    } else if (type == FLOAT64) {
      facts.nonFinitePoints =
          nonFiniteDoubles(bytes, dataAt, facts.points, step, ox, oy, oz, bigEndian);
    } else {
      facts.nonFinitePoints = 0;
    }
    if (type == FLOAT32 || type == FLOAT64) {
      if (facts.sweep == null) {
        CloudProfile.take(bytes, cloud, facts.points, step, x, y, z, bigEndian, facts);
      }
      CloudProfile.copy(bytes, cloud, facts.points, step, new int[] {x, y, z}, bigEndian, facts);
    }
    judge(facts, dense ? "none, the sweep says that it is dense" : null);
  }

  /// Judges the points whose coordinates are no numbers.
  ///
  /// @param expected why there may be none, or null where only a sweep full of them is wrong
  static void judge(PayloadFacts facts, @Nullable String expected) {
    int bad = facts.nonFinitePoints;
    if (bad > 0 && (expected != null || bad == facts.points)) {
      facts.fault(
          DefectKind.CLOUD_NOT_FINITE,
          new Evidence.Violation(
              "points with x, y or z not finite",
              bad + " of " + facts.points,
              expected != null ? expected : "at least one finite point"));
    }
  }

  private static @Nullable Evidence organized(
      long height, long width, long pointStep, long rowStep, long dataBytes) {
    long points = height * width;
    if (points == 0 && dataBytes == 0) {
      return null;
    }
    if (points < 0 || points > Integer.MAX_VALUE) {
      return new Evidence.OutOfRange(
          "height " + height + " times width " + width, dataBytes, points, null, "bytes of data");
    }
    if (rowStep != width * pointStep) {
      return new Evidence.Mismatch(
          "row_step",
          Long.toString(rowStep),
          width + " * " + pointStep + " = " + width * pointStep);
    }
    if (dataBytes != height * rowStep) {
      return new Evidence.Mismatch(
          "data length",
          Long.toString(dataBytes),
          height + " * " + rowStep + " = " + height * rowStep);
    }
    return null;
  }

  private static @Nullable Evidence packed(long dataBytes, long pointStep) {
    if (dataBytes > 0 && (pointStep == 0 || dataBytes % pointStep != 0)) {
      return new Evidence.Violation(
          "data length", dataBytes + " bytes", "a multiple of the point stride " + pointStep);
    }
    return null;
  }

  private static @Nullable Evidence fieldBeyond(Scratch cloud, long pointStep) {
    for (int i = 0; i < cloud.fields; i++) {
      int type = cloud.fieldType[i];
      if (type <= 0 || type >= TYPE_BYTES.length) {
        return new Evidence.OutOfRange("type of point field " + (i + 1), type, 1, 8, "");
      }
      long count = Math.max(1, Integer.toUnsignedLong(cloud.fieldCount[i]));
      long end = Integer.toUnsignedLong(cloud.fieldOffset[i]) + TYPE_BYTES[type] * count;
      if (end > pointStep) {
        return new Evidence.OutOfRange(
            "end of point field " + (i + 1), end, null, pointStep, "bytes");
      }
    }
    return null;
  }

  /// What is wrong with the places of x, y and z: some of them are missing, or two share bytes.
  private static @Nullable Evidence coordinatesClash(Scratch cloud) {
    int[] fields = {fieldNamed(cloud, 'x'), fieldNamed(cloud, 'y'), fieldNamed(cloud, 'z')};
    if (cloud.fields == 0 && cloud.count[Scratch.DATA] > 0) {
      return new Evidence.Violation("point fields", "none", "those of the data");
    }
    if (fields[1] >= 0 && fields[2] >= 0 && fields[0] < 0) {
      return new Evidence.Violation("point fields", "y and z without x", "all three");
    }
    for (int i = 0; i < cloud.fields; i++) {
      char name = (char) cloud.fieldName[i];
      if ((name == 'x' || name == 'y' || name == 'z') && i != fieldNamed(cloud, name)) {
        return new Evidence.Violation("point field " + name, "twice", "once");
      }
    }
    for (int a = 0; a < fields.length; a++) {
      for (int b = 0; b < fields.length; b++) {
        if (a != b && fields[a] >= 0 && fields[b] >= 0) {
          int from = cloud.fieldOffset[fields[a]];
          int end = from + TYPE_BYTES[cloud.fieldType[fields[a]]];
          int other = cloud.fieldOffset[fields[b]];
          if (other >= from && other < end) {
            return new Evidence.Violation(
                "point field " + "xyz".charAt(b) + " at byte " + other,
                "inside of " + "xyz".charAt(a) + ", which has bytes " + from + " to " + (end - 1),
                "fields with bytes of their own");
          }
        }
      }
    }
    return null;
  }

  private static int fieldNamed(Scratch cloud, char name) {
    for (int i = 0; i < cloud.fields; i++) {
      if (cloud.fieldName[i] == name) {
        return i;
      }
    }
    return -1;
  }

  /// Counts points of which a coordinate is no finite number. Points are copied in blocks to an
  /// array of `scratch`: loops over one are fast long before those over a segment are.
  static int nonFiniteFloats(
      MemorySegment bytes,
      long at,
      int points,
      int step,
      int x,
      int y,
      int z,
      boolean bigEndian,
      Scratch scratch) {
    boolean whole = ((step | x | y | z) & (Integer.BYTES - 1)) == 0;
    int[] ints = whole ? scratch.ints(step) : NONE;
    byte[] block = whole ? NO_BYTES : scratch.block(step);
    MemorySegment copy = whole ? MemorySegment.ofArray(ints) : MemorySegment.ofArray(block);
    int exponent =
        bigEndian == (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN)
            ? FLOAT_EXPONENT
            : Integer.reverseBytes(FLOAT_EXPONENT);
    int high = bigEndian ? 0 : Float.BYTES - 1;
    int perBlock = (int) (copy.byteSize() / step);
    int bad = 0;
    for (int from = 0; from < points; from += perBlock) {
      int count = Math.min(perBlock, points - from);
      MemorySegment.copy(bytes, at + (long) from * step, copy, 0, (long) count * step);
      bad +=
          whole
              ? count(ints, count, step >> 2, x >> 2, y >> 2, z >> 2, exponent)
              : countApart(block, count, step, x, y, z, high);
    }
    return bad;
  }

  /// Counts points of which a coordinate is no place.
  static int count(int[] block, int points, int step, int x, int y, int z, int exponent) {
    int bad = 0;
    for (int i = 0, p = 0; i < points; i++, p += step) {
      boolean finite =
          (block[p + x] & exponent) != exponent
              && (block[p + y] & exponent) != exponent
              && (block[p + z] & exponent) != exponent;
      bad += finite ? 0 : 1;
    }
    return bad;
  }

  /// The same where coordinates do not lie on a multiple of four; `high` is the byte of a
  /// coordinate that its exponent begins in.
  private static int countApart(byte[] block, int points, int step, int x, int y, int z, int high) {
    int bad = 0;
    for (int i = 0, p = 0; i < points; i++, p += step) {
      boolean finite =
          isFinite(block[p + x + high])
              && isFinite(block[p + y + high])
              && isFinite(block[p + z + high]);
      bad += finite ? 0 : 1;
    }
    return bad;
  }

  private static boolean isFinite(byte high) {
    int exponent = FLOAT_EXPONENT >>> 24;
    return (high & exponent) != exponent;
  }

  private static int nonFiniteDoubles(
      MemorySegment bytes, long at, int points, int step, int x, int y, int z, boolean bigEndian) {
    int bad = 0;
    long p = at;
    for (int i = 0; i < points; i++, p += step) {
      boolean finite =
          isNear(bytes.get(LONG_LE, p + x), bigEndian)
              && isNear(bytes.get(LONG_LE, p + y), bigEndian)
              && isNear(bytes.get(LONG_LE, p + z), bigEndian);
      bad += finite ? 0 : 1;
    }
    return bad;
  }

  private static boolean isNear(long bits, boolean bigEndian) {
    double value = Double.longBitsToDouble(bigEndian ? Long.reverseBytes(bits) : bits);
    return Math.abs(value) < FARTHEST_METERS;
  }
}
