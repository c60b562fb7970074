package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.PointColumns;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Reads PCD files: whether the body is what the header says, how many points there are, and how
/// many of them are no numbers, which is legal unless all are.
record PcdReader() implements PayloadReader {
  private static final ValueLayout.OfInt INT_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// How many bytes LZF makes of one at most: 264 of three.
  private static final int MAX_EXPANSION = 88;

  /// Largest body that is decompressed; judged, ten times the densest sweeps.
  private static final int MAX_BODY_BYTES = 256 << 20;

  private static final String[] COORDINATES = {"x", "y", "z"};

  @Override
  public void read(MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    if (lengthBytes == 0) {
      facts.emptyPayload();
      return;
    }
    PcdHeader header = new PcdHeader();
    String wrong = header.read(bytes, offsetBytes, lengthBytes);
    if (wrong != null) {
      facts.unreadable = true;
      fault(facts, "PCD header", wrong, "one of version 0.7");
      return;
    }
    long at = offsetBytes + Math.min(header.bodyAt, lengthBytes);
    long length = offsetBytes + lengthBytes - at;
    switch (header.body) {
      case ASCII -> ascii(bytes, at, length, header, facts);
      case BINARY -> binary(bytes, at, length, header, facts);
      case BINARY_COMPRESSED -> compressed(bytes, at, length, header, facts);
    }
  }

  private static void fault(PayloadFacts facts, String what, String observed, String expected) {
    facts.fault(DefectKind.CLOUD_LAYOUT, new Evidence.Violation(what, observed, expected));
  }

  private static void binary(
      MemorySegment bytes, long at, long length, PcdHeader header, PayloadFacts facts) {
    long need = header.points * header.pointBytes(0);
    if (need != length && header.points * header.pointBytes(1) == length) {
      header.countZeroAsOne();
      need = length;
    }
    long step = header.pointBytes(0);
    if (length != need && !isPadded(bytes, at, length, need)) {
      fault(
          facts,
          "body of the point cloud",
          length + " bytes",
          header.points + " points of " + step + " bytes = " + need);
    }
    // Points that the body lacks are none.
    facts.points = (int) (step == 0 ? 0 : Math.min(header.points, length / step));
    count(header, bytes, at, step, facts);
  }

  /// Whether what stands behind the points is zeros up to the end of a page.
  private static boolean isPadded(MemorySegment bytes, long at, long length, long need) {
    if (length < need || length - need >= PcdLayout.PAGE_BYTES) {
      return false;
    }
    for (long i = at + need; i < at + length; i++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static void compressed(
      MemorySegment bytes, long at, long length, PcdHeader header, PayloadFacts facts) {
    if (length < PcdLayout.SIZES_BYTES) {
      fault(facts, "body of the point cloud", length + " bytes", "two sizes in front of it");
      facts.unreadable = true;
      return;
    }
    long packed = Integer.toUnsignedLong(bytes.get(INT_LE, at));
    long size = Integer.toUnsignedLong(bytes.get(INT_LE, at + 4));
    long here = length - PcdLayout.SIZES_BYTES;
    if (size != header.points * header.pointBytes(0)
        && size == header.points * header.pointBytes(1)) {
      header.countZeroAsOne();
    }
    long need = header.points * header.pointBytes(0);
    String wrong = null;
    if (packed > here) {
      wrong = "compressed size " + packed + " of " + here + " bytes";
    } else if (size != need) {
      wrong = "size " + size + ", points have " + need;
    } else if (size > MAX_BODY_BYTES || size > packed * MAX_EXPANSION) {
      wrong = packed + " bytes for " + size;
    } else if (packed < here && !isPadded(bytes, at + PcdLayout.SIZES_BYTES, here, packed)) {
      fault(
          facts, "compressed points", here - packed + " bytes behind them", "the end of the file");
    }
    byte[] out = new byte[wrong == null ? (int) size : 0];
    if (wrong == null) {
      byte[] in = bytes.asSlice(at + PcdLayout.SIZES_BYTES, packed).toArray(ValueLayout.JAVA_BYTE);
      int made = Lzf.decompress(in, out);
      wrong = made == size ? null : "no LZF of " + size + " bytes";
    }
    if (wrong != null) {
      facts.unreadable = true;
      fault(facts, "compressed points", wrong, "LZF of all points");
      return;
    }
    facts.points = (int) header.points;
    // Fields stand one after the other.
    count(header, MemorySegment.ofArray(out), 0, 0, facts);
  }

  /// Counts points of which a coordinate is no finite number.
  ///
  /// @param step bytes from one point to the next; 0 where each field has all points in a row
  private static void count(
      PcdHeader header, MemorySegment body, long at, long step, PayloadFacts facts) {
    int points = facts.points;
    long[] offsets = new long[COORDINATES.length];
    long[] steps = new long[COORDINATES.length];
    int size = 0;
    for (int c = 0; c < COORDINATES.length; c++) {
      int field = header.field(COORDINATES[c]);
      if (field < 0 || header.types[field] != 'F' || (size != 0 && header.sizes[field] != size)) {
        facts.nonFinitePoints = points == 0 ? 0 : -1;
        return;
      }
      size = header.sizes[field];
      long offset = 0;
      for (int i = 0; i < field; i++) {
        offset += (long) header.sizes[i] * header.counts[i] * (step == 0 ? header.points : 1);
      }
      offsets[c] = at + offset;
      steps[c] = step == 0 ? (long) size * header.counts[field] : step;
    }
    if (size != Float.BYTES && size != Double.BYTES) {
      facts.nonFinitePoints = -1;
      return;
    }
    int bad = 0;
    PointColumns cloud = facts.cloud;
    if (cloud != null) {
      cloud.clear(points);
    }
    for (int p = 0; p < points; p++) {
      double x = coordinate(body, offsets[0] + p * steps[0], size);
      double y = coordinate(body, offsets[1] + p * steps[1], size);
      double z = coordinate(body, offsets[2] + p * steps[2], size);
      bad += Double.isFinite(x) && Double.isFinite(y) && Double.isFinite(z) ? 0 : 1;
      if (cloud != null) {
        cloud.add((float) x, (float) y, (float) z);
      }
    }
    facts.nonFinitePoints = bad;
    PointCloudContent.judge(facts, null);
  }

  private static double coordinate(MemorySegment body, long at, int size) {
    return size == Float.BYTES
        ? Float.intBitsToFloat(body.get(INT_LE, at))
        : Double.longBitsToDouble(
            Integer.toUnsignedLong(body.get(INT_LE, at)) | (long) body.get(INT_LE, at + 4) << 32);
  }

  private static void ascii(
      MemorySegment bytes, long at, long length, PcdHeader header, PayloadFacts facts) {
    PcdText text = new PcdText(header);
    text.read(bytes, at, length);
    facts.points = (int) Math.min(text.points(), Integer.MAX_VALUE);
    facts.nonFinitePoints = text.nonFinite();
    String wrong = text.wrong();
    if (wrong != null) {
      fault(facts, "lines of points", wrong, header.elements() + " numbers each");
    }
    if (text.lines() != header.points) {
      fault(
          facts,
          "lines of points",
          Long.toString(text.lines()),
          header.points + ", as the header says");
    }
    PointCloudContent.judge(facts, null);
  }

  /// The body of a text file.
  private static final class PcdText {
    private final int[] wanted = new int[COORDINATES.length];
    private final int least;
    private final int most;
    private long lines;
    private long points;
    private int bad;
    private long malformed;
    private long firstMalformed;

    PcdText(PcdHeader header) {
      int padding = 0;
      for (int i = 0; i < header.fields.length; i++) {
        padding += header.fields[i].equals("_") ? header.counts[i] : 0;
      }
      most = header.elements();
      least = most - padding;
      for (int c = 0; c < wanted.length; c++) {
        int field = header.field(COORDINATES[c]);
        wanted[c] = field < 0 ? -1 : 0;
        for (int i = 0; i < field; i++) {
          wanted[c] += header.fields[i].equals("_") ? 0 : header.counts[i];
        }
      }
    }

    void read(MemorySegment bytes, long at, long length) {
      long end = at + length;
      StringBuilder word = new StringBuilder();
      int words = 0;
      boolean numbers = true;
      boolean finite = true;
      for (long i = at; i <= end; i++) {
        int c = i == end ? '\n' : bytes.get(ValueLayout.JAVA_BYTE, i);
        if (c > ' ') {
          if (word.length() < 64) {
            word.append((char) c);
          }
          continue;
        }
        if (!word.isEmpty()) {
          boolean coordinate = words == wanted[0] || words == wanted[1] || words == wanted[2];
          double value = coordinate ? value(word) : 0;
          numbers &= !coordinate || !Double.isNaN(value) || isNan(word);
          finite &= Double.isFinite(value);
          words++;
          word.setLength(0);
        }
        if (c == '\n') {
          if (words > 0) {
            line(words, numbers, finite);
          }
          words = 0;
          numbers = true;
          finite = true;
        }
      }
    }

    private void line(int words, boolean numbers, boolean finite) {
      lines++;
      if (!numbers || words < least || words > most) {
        if (malformed++ == 0) {
          firstMalformed = lines;
        }
        return;
      }
      points++;
      bad += finite ? 0 : 1;
    }

    private static boolean isNan(StringBuilder word) {
      String text = word.toString();
      return text.equalsIgnoreCase("nan") || text.equalsIgnoreCase("-nan");
    }

    private static double value(StringBuilder word) {
      String text = word.toString();
      if (text.equalsIgnoreCase("inf") || text.equalsIgnoreCase("-inf")) {
        return Double.POSITIVE_INFINITY;
      }
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        return Double.NaN;
      }
    }

    long lines() {
      return lines;
    }

    long points() {
      return points;
    }

    int nonFinite() {
      return bad;
    }

    @Nullable String wrong() {
      return malformed == 0
          ? null
          : malformed + " malformed, the first is line " + firstMalformed + " of the body";
    }
  }
}
