package dev.lockstep.source.kitti;

import dev.lockstep.source.SourceFormat;
import dev.lockstep.testing.SourceFormatContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

class KittiContractTest implements SourceFormatContract {
  @Override
  public SourceFormat format() {
    return new KittiFormat();
  }

  /// A raw drive with sweeps, readings and tracklets; the fixtures are label files.
  @Override
  public void make(Path folder) throws IOException {
    Path drive = folder.resolve("raw/2011_09_26_drive_0001_sync");
    StringBuilder stamps = new StringBuilder();
    Path sweeps = Files.createDirectories(drive.resolve("velodyne_points/data"));
    for (int i = 0; i < 6; i++) {
      stamps.append("2011-09-26 13:02:25.").append(i).append("64389445\n");
      ByteBuffer sweep = ByteBuffer.allocate(16 * 40).order(ByteOrder.LITTLE_ENDIAN);
      while (sweep.hasRemaining()) {
        sweep.putFloat(1f + (float) i + (float) sweep.position() * 0.01f);
      }
      Files.write(sweeps.resolve(String.format(Locale.ROOT, "%010d.bin", i)), sweep.array());
    }
    Files.writeString(drive.resolve("velodyne_points/timestamps.txt"), stamps);
    Files.writeString(drive.resolve("tracklet_labels.xml"), Tracklets.xml(2, 0, 4));
  }

  /// Lists of lines and points have no length of their own.
  @Override
  public boolean tellsItsLength(Path file) {
    return file.toString().endsWith(".xml");
  }
}
