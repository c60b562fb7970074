package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads sweeps that are nothing but points of little-endian float32, x, y and z first.
///
/// @param stepBytes bytes of a point
record FloatCloudReader(int stepBytes) implements PayloadReader {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int Y_AT = 4;
  private static final int Z_AT = 8;

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
            bytes, offsetBytes, facts.points, stepBytes, 0, Y_AT, Z_AT, false, facts.scratch);
    profile(bytes, offsetBytes, facts);
    PointCloudContent.judge(facts, "none, a plain list of points has no mark for missing ones");
  }

  private void profile(MemorySegment bytes, long offsetBytes, PayloadFacts facts) {
    SweepProfiler profiler = facts.profiler();
    profiler.begin(1, false, false);
    int stride = SweepProfiler.stride(facts.points);
    for (int i = 0; i < facts.points; i += stride) {
      long at = offsetBytes + (long) i * stepBytes;
      profiler.point(0, bytes.get(FLOAT, at), bytes.get(FLOAT, at + Y_AT), Double.NaN);
    }
    facts.sweep = profiler.end(facts.stampNs, "");
  }
}
