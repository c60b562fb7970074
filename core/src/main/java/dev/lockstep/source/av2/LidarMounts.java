package dev.lockstep.source.av2;

import dev.lockstep.arrow.FeatherColumns;
import dev.lockstep.arrow.FeatherColumns.Texts;
import dev.lockstep.arrow.FeatherFile;
import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Pose;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/// Where the two LiDARs sit on the vehicle. Sweeps hold the points of both in the vehicle's frame,
/// but a beam turns around its own LiDAR.
///
/// @param up the upper LiDAR, in the vehicle's frame
/// @param down the lower one
record LidarMounts(Pose up, Pose down) {
  /// Most memory for the batches of the table, which has a row a sensor.
  private static final int MAX_BATCH_BYTES = 1 << 20;

  /// The mounts that a table of extrinsics gives, or null where it lacks one or cannot be read:
  /// reading it as a table of the log says why.
  ///
  /// @throws IOException if the file cannot be opened
  static @Nullable LidarMounts read(Path extrinsics, Decompressors decompressors)
      throws IOException {
    Found found = new Found();
    try (MappedFile file = MappedFile.open(extrinsics)) {
      file.guard(() -> found.read(file.segment(), decompressors));
    } catch (MappedFaultException e) {
      return null;
    }
    Pose up = found.up;
    Pose down = found.down;
    return up == null || down == null ? null : new LidarMounts(up, down);
  }

  private static final class Found {
    private @Nullable Pose up;
    private @Nullable Pose down;

    void read(MemorySegment file, Decompressors decompressors) {
      try (FeatherFile table = FeatherFile.open(file, MAX_BATCH_BYTES, decompressors)) {
        for (int i = 0; i < table.batchCount(); i++) {
          try (VectorSchemaRoot batch = table.load(i)) {
            read(batch);
          }
        }
      } catch (MalformedFeatherException e) {
        up = null;
      }
    }

    private void read(VectorSchemaRoot batch) {
      Texts sensors = FeatherColumns.texts(batch, Av2Layout.SENSOR_NAME);
      Transforms transforms = Transforms.of(batch);
      for (int row = 0; sensors != null && transforms != null && row < batch.getRowCount(); row++) {
        String sensor = sensors.get(row);
        Pose pose = transforms.pose(row);
        if (sensor == null || Transforms.fault(pose) != null) {
          continue;
        }
        if (sensor.equals(Av2Layout.UP_LIDAR)) {
          up = pose;
        } else if (sensor.equals(Av2Layout.DOWN_LIDAR)) {
          down = pose;
        }
      }
    }
  }
}
