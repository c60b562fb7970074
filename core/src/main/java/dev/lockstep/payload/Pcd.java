package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Point clouds in the format of the Point Cloud Library, version 0.7 and before.
///
/// ```text
/// VERSION .7
/// FIELDS x y z intensity       names
/// SIZE 4 4 4 4                 bytes of each
/// TYPE F F F F                 F float, I signed, U unsigned
/// COUNT 1 1 1 1                elements of each; absent: 1
/// WIDTH 640                    WIDTH x HEIGHT = POINTS
/// HEIGHT 1
/// POINTS 640
/// DATA binary                  ascii: a line a point; binary: POINTS times all sizes;
///                              binary_compressed: uint32 stored, uint32 unpacked, LZF
/// ```
///
/// (pcl documentation, "The PCD file format".) A coordinate that is not a number marks a missing
/// point there.
final class Pcd {
  /// Longest header that is read; judged: 64 fields with long names.
  private static final int MAX_HEADER = 8192;

  private static final int COMPRESSED_SIZES = 2 * Integer.BYTES;

  private static final ValueLayout.OfInt INT_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Pcd() {}

  static void read(MemorySegment bytes, long at, int length, PayloadFacts facts) {
    if (length == 0) {
      facts.emptyPayload();
      return;
    }
    byte[] head = new byte[Math.min(length, MAX_HEADER)];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, head, 0, head.length);
    Map<String, List<String>> words = new HashMap<>();
    int data = header(head, words);
    @Nullable Evidence fault =
        data < 0 ? missing(words) : examine(bytes, at, data, length, words, facts);
    if (fault != null) {
      facts.unreadable = data < 0;
      facts.fault(DefectKind.CLOUD_LAYOUT, fault);
    }
  }

  /// Reads the lines up to DATA; where the data begins, or -1 if there is no such line.
  private static int header(byte[] head, Map<String, List<String>> words) {
    int from = 0;
    for (int i = 0; i < head.length; i++) {
      if (head[i] != '\n') {
        continue;
      }
      String line = new String(head, from, i - from, StandardCharsets.ISO_8859_1).strip();
      from = i + 1;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      List<String> parts = List.of(line.split("\\s+", -1));
      words.put(parts.getFirst(), parts.subList(1, parts.size()));
      if (parts.getFirst().equals("DATA")) {
        return from;
      }
    }
    return -1;
  }

  private static Evidence missing(Map<String, List<String>> words) {
    return new Evidence.Violation(
        "header", words.containsKey("FIELDS") ? "no line DATA" : "no point cloud of PCL", "PCD");
  }

  private static @Nullable Evidence examine(
      MemorySegment bytes,
      long at,
      int data,
      int length,
      Map<String, List<String>> words,
      PayloadFacts facts) {
    List<String> fields = words.getOrDefault("FIELDS", List.of());
    List<String> types = words.getOrDefault("TYPE", List.of());
    long[] sizes = numbers(words.getOrDefault("SIZE", List.of()));
    long[] counts = new long[fields.size()];
    Arrays.fill(counts, 1);
    if (words.containsKey("COUNT")) {
      counts = numbers(words.get("COUNT"));
    }
    long[] width = numbers(words.getOrDefault("WIDTH", List.of()));
    long[] height = numbers(words.getOrDefault("HEIGHT", List.of("1")));
    if (sizes.length != fields.size()
        || types.size() != fields.size()
        || counts.length != fields.size()
        || fields.isEmpty()
        || width.length != 1
        || height.length != 1) {
      return new Evidence.Violation(
          "header",
          "FIELDS "
              + fields.size()
              + ", SIZE "
              + sizes.length
              + ", TYPE "
              + types.size()
              + ", COUNT "
              + counts.length
              + ", WIDTH "
              + width.length,
          "a size, a type and a count for each field, and one width");
    }
    long points = width[0] * height[0];
    long[] stated = numbers(words.getOrDefault("POINTS", List.of(Long.toString(points))));
    if (stated.length != 1 || stated[0] != points) {
      return new Evidence.Mismatch(
          "POINTS",
          stated.length == 1 ? Long.toString(stated[0]) : "none",
          width[0] + " * " + height[0] + " = " + points);
    }
    int[] places = {-1, -1, -1};
    long step = 0;
    for (int i = 0; i < fields.size(); i++) {
      int axis = List.of("x", "y", "z").indexOf(fields.get(i));
      if (axis >= 0 && sizes[i] == Float.BYTES && types.get(i).equals("F")) {
        places[axis] = (int) step;
      }
      step += sizes[i] * counts[i];
    }
    if (points > Integer.MAX_VALUE || step < 1 || step > 4096) {
      return new Evidence.Violation(
          "size", points + " points of " + step + " bytes", "what fits in a file");
    }
    facts.points = (int) points;
    long left = (long) length - data;
    List<String> kind = words.getOrDefault("DATA", List.of());
    return switch (kind.isEmpty() ? "" : kind.getFirst()) {
      case "binary" -> {
        if (left != points * step) {
          facts.points = (int) Math.min(points, left / step);
          yield new Evidence.Mismatch(
              "bytes of points",
              points + " * " + step + " = " + points * step,
              Long.toString(left));
        }
        if (places[0] >= 0 && places[1] >= 0 && places[2] >= 0) {
          facts.nonFinitePoints =
              PointCloudContent.nonFiniteFloats(
                  bytes,
                  at + data,
                  facts.points,
                  (int) step,
                  places[0],
                  places[1],
                  places[2],
                  false,
                  facts.scratch);
          PointCloudContent.judge(facts, null);
        }
        yield null;
      }
      case "binary_compressed" -> compressed(bytes, at + data, left, points * step);
      case "ascii" -> {
        long lines = lines(bytes, at + data, left);
        yield lines == points
            ? null
            : new Evidence.Mismatch("points", Long.toString(points), lines + " lines");
      }
      default ->
          new Evidence.Violation(
              "DATA", String.join(" ", kind), "ascii, binary or binary_compressed");
    };
  }

  private static @Nullable Evidence compressed(
      MemorySegment bytes, long at, long left, long unpacked) {
    long stored = left < COMPRESSED_SIZES ? 0 : Integer.toUnsignedLong(bytes.get(INT_LE, at));
    long stated =
        left < COMPRESSED_SIZES ? 0 : Integer.toUnsignedLong(bytes.get(INT_LE, at + Integer.BYTES));
    if (stored + COMPRESSED_SIZES > left) {
      return new Evidence.Mismatch(
          "compressed bytes",
          Long.toString(stored),
          Math.max(0, left - COMPRESSED_SIZES) + " left");
    }
    return stated == unpacked
        ? null
        : new Evidence.Mismatch("unpacked bytes", Long.toString(stated), Long.toString(unpacked));
  }

  private static long lines(MemorySegment bytes, long at, long length) {
    long lines = 0;
    boolean filled = false;
    for (long i = at; i < at + length; i++) {
      byte b = bytes.get(ValueLayout.JAVA_BYTE, i);
      if (b == '\n') {
        lines += filled ? 1 : 0;
        filled = false;
      } else {
        filled |= b > ' ';
      }
    }
    return filled ? lines + 1 : lines;
  }

  /// The numbers; none where a word is no number of up to nine digits.
  private static long[] numbers(@Nullable List<String> words) {
    if (words == null || !words.stream().allMatch(word -> word.matches("\\d{1,9}"))) {
      return new long[0];
    }
    return words.stream().mapToLong(Long::parseLong).toArray();
  }
}
