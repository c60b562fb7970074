package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.PointColumns;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads sweeps that are nothing but points of little-endian float32.
///
/// @param stepBytes bytes of a point
/// @param x offset of x in a point, bytes
/// @param y offset of y
/// @param z offset of z
/// @param time offset of the point's time, -1 if it has none
record FloatCloudReader(int stepBytes, int x, int y, int z, int time) implements PayloadReader {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Points that begin with x, y and z.
  FloatCloudReader(int stepBytes) {
    this(stepBytes, 0, Float.BYTES, 2 * Float.BYTES, -1);
  }

  @Override
  public void read(MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    if (lengthBytes == 0) {
      facts.emptyPayload();
      return;
    }
    int rest = lengthBytes % stepBytes;
    if (rest != 0) {
      facts.fault(
          DefectKind.SIZE_NOT_MULTIPLE,
          new Evidence.Violation(
              "size of the sweep",
              lengthBytes + " bytes",
              "a multiple of " + stepBytes + ", " + rest + " bytes are left over"));
    }
    facts.points = lengthBytes / stepBytes;
    facts.nonFinitePoints =
        PointCloudContent.nonFiniteFloats(
            bytes, offsetBytes, facts.points, stepBytes, x, y, z, false, facts.scratch);
    if (rest == 0) {
      // Of a sweep that is cut off, what its points leave out follows from that.
      profile(bytes, offsetBytes, facts);
    }
    PointCloudContent.judge(facts, "none, a plain list of points has no mark for missing ones");
    if (time >= 0) {
      int untimed =
          PointCloudContent.nonFiniteFloats(
              bytes, offsetBytes, facts.points, stepBytes, time, time, time, false, facts.scratch);
      if (untimed > 0) {
        facts.fault(
            DefectKind.CLOUD_NOT_FINITE,
            new Evidence.Violation(
                "points whose time is not finite", untimed + " of " + facts.points, "none"));
      }
    }
  }

  private void profile(MemorySegment bytes, long offsetBytes, PayloadFacts facts) {
    SweepProfiler profiler = facts.profiler();
    profiler.begin(1, time >= 0, false);
    int stride = SweepProfiler.stride(facts.points);
    for (int i = 0; i < facts.points; i += stride) {
      long at = offsetBytes + (long) i * stepBytes;
      double pointTime = time >= 0 ? bytes.get(FLOAT, at + time) : Double.NaN;
      profiler.point(
          0,
          bytes.get(FLOAT, at + x),
          bytes.get(FLOAT, at + y),
          bytes.get(FLOAT, at + z),
          pointTime,
          -1,
          0);
    }
    facts.sweep = profiler.end(facts.stampNs, "");
    PointColumns cloud = facts.cloud;
    if (cloud != null) {
      cloud.clear(facts.points);
      for (int i = 0; i < facts.points; i++) {
        long at = offsetBytes + (long) i * stepBytes;
        cloud.add(bytes.get(FLOAT, at + x), bytes.get(FLOAT, at + y), bytes.get(FLOAT, at + z));
      }
    }
  }
}
