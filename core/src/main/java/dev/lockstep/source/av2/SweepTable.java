package dev.lockstep.source.av2;

import dev.lockstep.arrow.FeatherColumns;
import dev.lockstep.arrow.FeatherColumns.Integers;
import dev.lockstep.arrow.FeatherFile;
import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.PointColumns;
import dev.lockstep.model.Pose;
import dev.lockstep.model.Times;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.payload.PayloadReader;
import dev.lockstep.payload.SweepProfiler;
import dev.lockstep.source.FileFaults;
import dev.lockstep.source.FileMessage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAccumulator;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/// Reads sweeps: counts points and those that are not finite, and looks at the time of each point.
/// One object reads any number of sweeps on any threads.
final class SweepTable implements PayloadReader {
  private static final List<String> COORDINATES = List.of("x", "y", "z");

  /// Exponent bits of a float16: all set in infinities and NaNs.
  private static final int HALF_EXPONENT = 0x7C00;

  /// Longest time from a sweep's stamp to one of its points. Judged: ten turns of a LiDAR at 10 Hz;
  /// real sweeps reach 106 ms.
  private static final long MAX_OFFSET_NS = Times.SECOND;

  private final int maxBatchBytes;
  private final Decompressors decompressors;
  private final LongAccumulator earliest = new LongAccumulator(Math::min, Long.MAX_VALUE);
  private final LongAccumulator latest = new LongAccumulator(Math::max, Long.MIN_VALUE);
  private @Nullable LidarMounts mounts;

  /// @param maxBatchBytes most memory that one batch may take
  SweepTable(int maxBatchBytes, Decompressors decompressors) {
    this.maxBatchBytes = maxBatchBytes;
    this.decompressors = decompressors;
  }

  /// Says where the LiDARs sit, before the first sweep is read.
  void mount(@Nullable LidarMounts found) {
    mounts = found;
  }

  /// How sweeps are read.
  FileMessage.Content content() {
    Set<DefectKind> kinds = EnumSet.copyOf(FeatherTable.KINDS);
    kinds.add(DefectKind.CLOUD_LAYOUT);
    kinds.add(DefectKind.CLOUD_NOT_FINITE);
    return new FileMessage.Content(this, kinds, "", false);
  }

  /// The span of the points' times over all sweeps read so far, in words; empty if there is none.
  String span() {
    return earliest.get() > latest.get()
        ? ""
        : "point times from "
            + Numbers.duration(earliest.get())
            + " to "
            + Numbers.duration(latest.get())
            + " after the stamp of their sweep";
  }

  @Override
  public void read(MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    MemorySegment file = bytes.asSlice(offsetBytes, lengthBytes);
    try (FeatherFile table = FeatherFile.open(file, maxBatchBytes, decompressors)) {
      Counts counts = new Counts();
      facts.profiler().begin(2, true, true);
      PointColumns cloud = facts.cloud;
      if (cloud != null) {
        cloud.clear(0);
      }
      for (int i = 0; i < table.batchCount(); i++) {
        try (VectorSchemaRoot batch = table.load(i)) {
          if (!counts.add(batch, table.batchCount(), facts)) {
            return;
          }
        }
      }
      counts.report(facts);
    } catch (MalformedFeatherException e) {
      facts.unreadable = true;
      if (FileFaults.zeroPages(file, Location.RECORDING) != null) {
        facts.fault(
            DefectKind.ZERO_PAGES,
            new Evidence.Violation("pages", "hold only zeros", "a table that can be read"));
      } else {
        facts.fault(FeatherTable.kind(e), FeatherTable.evidence(e));
      }
    }
  }

  /// Adds up the batches of a sweep.
  private final class Counts {
    private long points;
    private long bad;
    private long odd;
    private long firstOffset = Long.MAX_VALUE;
    private long lastOffset = Long.MIN_VALUE;

    /// Adds a batch; `false` if its columns are not those of a sweep.
    boolean add(VectorSchemaRoot batch, int batches, PayloadFacts facts) {
      List<FieldVector> coordinates = new ArrayList<>();
      for (String name : COORDINATES) {
        FieldVector column = batch.getVector(name);
        if (!(column instanceof Float2Vector
            || column instanceof Float4Vector
            || column instanceof Float8Vector)) {
          return missing(name, facts);
        }
        coordinates.add(column);
      }
      Integers offsets = FeatherColumns.integers(batch, Av2Layout.POINT_TIME);
      if (offsets == null) {
        return missing(Av2Layout.POINT_TIME, facts);
      }
      Integers lasers = FeatherColumns.integers(batch, Av2Layout.LASER);
      if (lasers == null) {
        return missing(Av2Layout.LASER, facts);
      }
      int rows = batch.getRowCount();
      points += rows;
      for (int row = 0; row < rows; row++) {
        boolean finite = true;
        for (FieldVector column : coordinates) {
          finite &= isFinite(column, row);
        }
        bad += finite ? 0 : 1;
        long offset = offsets.has(row) ? offsets.get(row) : -1;
        firstOffset = Math.min(firstOffset, offset);
        lastOffset = Math.max(lastOffset, offset);
        odd += lasers.has(row) && (lasers.get(row) & 0xFF) < Av2Layout.LASERS ? 0 : 1;
      }
      profile(coordinates, offsets, lasers, rows, batches, facts);
      PointColumns cloud = facts.cloud;
      for (int row = 0; cloud != null && row < rows; row++) {
        cloud.add(
            (float) coordinate(coordinates.get(0), row),
            (float) coordinate(coordinates.get(1), row),
            (float) coordinate(coordinates.get(2), row));
      }
      return true;
    }

    private void profile(
        List<FieldVector> coordinates,
        Integers offsets,
        Integers lasers,
        int rows,
        int batches,
        PayloadFacts facts) {
      SweepProfiler profiler = facts.profiler();
      int stride = SweepProfiler.stride((int) Math.min((long) rows * batches, Integer.MAX_VALUE));
      LidarMounts known = mounts;
      for (int row = 0; row < rows; row += stride) {
        int beam = lasers.has(row) && (lasers.get(row) & 0xFF) >= Av2Layout.LASERS / 2 ? 1 : 0;
        Pose mount = known == null ? Pose.IDENTITY : beam == 0 ? known.up() : known.down();
        profiler.point(
            beam,
            coordinate(coordinates.get(0), row) - mount.x(),
            coordinate(coordinates.get(1), row) - mount.y(),
            coordinate(coordinates.get(2), row),
            offsets.has(row) ? offsets.get(row) : Double.NaN,
            lasers.has(row) ? (int) (lasers.get(row) & 0xFF) : -1,
            0);
      }
    }

    private static double coordinate(FieldVector column, int row) {
      if (column.isNull(row)) {
        return Double.NaN;
      }
      return switch (column) {
        case Float2Vector half ->
            Float.float16ToFloat(half.getDataBuffer().getShort((long) row * Short.BYTES));
        case Float4Vector single -> single.get(row);
        default -> ((Float8Vector) column).get(row);
      };
    }

    private boolean missing(String name, PayloadFacts facts) {
      facts.unreadable = true;
      facts.fault(
          DefectKind.CLOUD_LAYOUT,
          new Evidence.Violation(
              "column " + name, "absent or of another type", "x y z laser_number offset_ns"));
      return false;
    }

    private static boolean isFinite(FieldVector column, int row) {
      if (column.isNull(row)) {
        return false;
      }
      ArrowBuf data = column.getDataBuffer();
      return switch (column) {
        case Float2Vector half ->
            (data.getShort((long) row * Short.BYTES) & HALF_EXPONENT) != HALF_EXPONENT;
        case Float4Vector single -> Float.isFinite(single.get(row));
        default -> Double.isFinite(((Float8Vector) column).get(row));
      };
    }

    void report(PayloadFacts facts) {
      facts.points = (int) Math.min(points, Integer.MAX_VALUE);
      facts.nonFinitePoints = (int) Math.min(bad, Integer.MAX_VALUE);
      if (bad > 0) {
        facts.fault(
            DefectKind.CLOUD_NOT_FINITE,
            new Evidence.Violation(
                "points with x, y or z not finite", bad + " of " + points, "none"));
      }
      if (odd > 0) {
        facts.fault(
            DefectKind.CLOUD_LAYOUT,
            new Evidence.Violation(
                Av2Layout.LASER, odd + " points of no laser", "0 to " + (Av2Layout.LASERS - 1)));
      }
      if (points == 0) {
        return;
      }
      if (firstOffset < 0 || lastOffset > MAX_OFFSET_NS) {
        facts.fault(
            DefectKind.CLOUD_LAYOUT,
            new Evidence.OutOfRange(
                Av2Layout.POINT_TIME,
                firstOffset < 0 ? firstOffset : lastOffset,
                0L,
                MAX_OFFSET_NS,
                "ns"));
      } else {
        earliest.accumulate(firstOffset);
        latest.accumulate(lastOffset);
        facts.sweep =
            facts
                .profiler()
                .end(facts.stampNs, mounts == null ? "" : Av2Layout.EGO)
                .withSpan(firstOffset, lastOffset);
      }
    }
  }
}
