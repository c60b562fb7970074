package dev.lockstep.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;

/// Stamps of real sensors, in nanoseconds; tests that ask for them are skipped where they are
/// absent.
public final class RealStamps {
  private static final String KITTI = "kitti/python_camera_library/test_data/kitti";
  private static final String DRIVE = "2011_09_26_drive_0001_sync";
  private static final String EUROC = "multisensor/Kimera-VIO/tests/data";
  private static final String COMMA =
      "multisensor/comma2k19/Example_1/b0c9d2329ad1606b|2018-08-02--08-34-47/40";

  /// Lists of the KITTI drive, 108 stamps each.
  public static final List<String> KITTI_LISTS =
      List.of(
          "image_00/timestamps.txt",
          "image_01/timestamps.txt",
          "image_02/timestamps.txt",
          "image_03/timestamps.txt",
          "oxts/timestamps.txt",
          "velodyne_points/timestamps.txt",
          "velodyne_points/timestamps_start.txt",
          "velodyne_points/timestamps_end.txt");

  /// Stamps of one list of the KITTI drive, without blank lines.
  public static long[] kitti(String list) throws IOException {
    Path path = SharedData.path(KITTI, DRIVE, "2011_09_26", DRIVE, list);
    return Files.readAllLines(path).stream()
        .filter(line -> !line.isBlank())
        .mapToLong(line -> {
          LocalDateTime time = LocalDateTime.parse(line.strip().replace(' ', 'T'));
          return time.toEpochSecond(ZoneOffset.UTC) * 1_000_000_000L + time.getNano();
        })
        .toArray();
  }

  /// First column of a list of the EuRoC extract.
  public static long[] euroc(String list) throws IOException {
    return Files.readAllLines(SharedData.path(EUROC, list)).stream()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(','))))
        .toArray();
  }

  /// Seconds in a NumPy file of version 1 with one dimension of little-endian doubles.
  public static long[] comma(String list) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(SharedData.path(COMMA, list)));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    int start = 10 + bytes.getShort(8);
    long[] stamps = new long[(bytes.limit() - start) / 8];
    for (int i = 0; i < stamps.length; i++) {
      stamps[i] = Math.round(bytes.getDouble(start + 8 * i) * 1e9);
    }
    return stamps;
  }

  private RealStamps() {}
}
