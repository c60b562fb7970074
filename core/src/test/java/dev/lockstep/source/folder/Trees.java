package dev.lockstep.source.folder;

import dev.lockstep.synth.encode.PngEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/// Makes small folders in the layouts of known data sets.
final class Trees {
  /// 2026-03-02.
  static final long START_NS = 1_772_442_000_123_456_789L;

  private Trees() {}

  static void write(Path root, String name, byte[] content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  static void write(Path root, String name, String content) throws IOException {
    write(root, name, content.getBytes(StandardCharsets.UTF_8));
  }

  /// An image that no other number gives.
  static byte[] png(int number) {
    byte[] pixels = new byte[16];
    new Random(number).nextBytes(pixels);
    return PngEncoder.grey(pixels, 4, 4);
  }

  /// A sweep of `points` points of `fields` float32.
  static byte[] sweep(int number, int points, int fields) {
    Random random = new Random(number);
    ByteBuffer bytes =
        ByteBuffer.allocate(points * fields * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < points * fields; i++) {
      bytes.putFloat(random.nextFloat() * 50);
    }
    return bytes.array();
  }

  /// An array of doubles in the format of NumPy.
  static byte[] npy(int columns, double... values) {
    String shape = values.length / columns + "," + (columns > 1 ? " " + columns : "");
    ByteBuffer body = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      body.putDouble(value);
    }
    return npy(1, "<f8", false, shape, body.array());
  }

  static byte[] npy(int version, String type, boolean fortran, String shape, byte[] body) {
    String text =
        "{'descr': '"
            + type
            + "', 'fortran_order': "
            + (fortran ? "True" : "False")
            + ", 'shape': ("
            + shape
            + "), }";
    int fixed = version == 1 ? 10 : 12;
    String padded = text + " ".repeat(63 - (fixed + text.length()) % 64) + "\n";
    ByteBuffer bytes =
        ByteBuffer.allocate(fixed + padded.length() + body.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      bytes.putShort((short) padded.length());
    } else {
      bytes.putInt(padded.length());
    }
    return bytes.put(padded.getBytes(StandardCharsets.ISO_8859_1)).put(body).array();
  }

  static String seconds(long ns, int decimals) {
    String fraction = "%09d".formatted(ns % 1_000_000_000L);
    return ns / 1_000_000_000L + "." + fraction.substring(0, decimals);
  }

  /// `rgb.txt` and `depth.txt` with their images, 30 Hz, and accelerations.
  static void tum(Path root, int images) throws IOException {
    for (String sensor : new String[] {"rgb", "depth"}) {
      StringBuilder list =
          new StringBuilder("# color images\n# file: 'x.bag'\n# timestamp filename\n");
      for (int i = 0; i < images; i++) {
        long ns = START_NS + i * 33_366_000L + (sensor.equals("rgb") ? 0 : 4_000_000);
        String stamp = seconds(ns, 6);
        list.append(stamp).append(' ').append(sensor).append('/').append(stamp).append(".png\n");
        write(root, sensor + "/" + stamp + ".png", png(i));
      }
      write(root, sensor + ".txt", list.toString());
    }
    StringBuilder rows = new StringBuilder("# timestamp ax ay az\n");
    for (int i = 0; i < 8 * images; i++) {
      rows.append(seconds(START_NS + i * 4_000_000L, 6))
          .append(" -9.8 0.1 ")
          .append(i)
          .append('\n');
    }
    write(root, "accelerometer.txt", rows.toString());
  }

  /// Camera 10 Hz, LiDAR 10 Hz, radar 4 Hz and poses, with microseconds for names.
  static void boreas(Path root, int sweeps) throws IOException {
    StringBuilder poses = new StringBuilder("GPSTime,easting,northing\n");
    for (int i = 0; i < sweeps; i++) {
      long us = START_NS / 1000 + i * 100_000L + i % 3;
      write(root, "camera/" + us + ".png", png(i));
      write(root, "lidar/" + (us + 20_000) + ".bin", sweep(i, 50, 6));
      poses.append(us + 20_000).append(",1.5,").append(i).append('\n');
    }
    for (int i = 0; i < sweeps * 4 / 10; i++) {
      write(root, "radar/" + (START_NS / 1000 + i * 250_000L) + ".png", png(1000 + i));
    }
    write(root, "applanix/lidar_poses.csv", poses.toString());
  }

  /// Radar 4 Hz, LiDAR 10 Hz as text, two cameras, each with its list of frames.
  static void radiate(Path root, int seconds) throws IOException {
    frames(root, "Navtech_Cartesian", ".png", 4 * seconds, 250_000_000L);
    frames(root, "velo_lidar", ".csv", 10 * seconds, 100_000_000L);
    frames(root, "zed_left", ".png", 15 * seconds, 66_666_667L);
    frames(root, "zed_right", ".png", 15 * seconds, 66_666_667L);
  }

  private static void frames(Path root, String sensor, String end, int count, long periodNs)
      throws IOException {
    StringBuilder list = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      String number = "%06d".formatted(i);
      String stamp = seconds(START_NS + i * periodNs, 9);
      list.append("Frame: ").append(number).append(" Time: ").append(stamp).append('\n');
      byte[] content =
          end.equals(".png")
              ? png(i + sensor.hashCode())
              : ("1.5,2.5,0.1,12," + i + "\n-1.5,2,0.2,10," + i + "\n")
                  .getBytes(StandardCharsets.UTF_8);
      write(root, sensor + "/" + number + end, content);
    }
    write(root, sensor + ".txt", list.toString());
  }

  /// Frame times at 20 Hz, an IMU at 100 Hz, rows of satellites at 10 Hz; names without an end.
  static void comma(Path root, int seconds) throws IOException {
    double start = 46_408.547498;
    double[] frames = new double[20 * seconds];
    double[] weeks = new double[2 * frames.length];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = start + i * 0.05 + i % 7 * 1e-5;
      weeks[2 * i] = 2012;
      weeks[2 * i + 1] = 401_700.25 + i * 0.05;
    }
    write(root, "global_pose/frame_times", npy(1, frames));
    write(root, "global_pose/frame_gps_times", npy(2, weeks));
    double[] imu = new double[100 * seconds];
    for (int i = 0; i < imu.length; i++) {
      imu[i] = start + i * 0.01 + i % 5 * 1e-6;
    }
    write(root, "processed_log/IMU/gyro/t", npy(1, imu));
    write(root, "processed_log/CAN/speed/t", npy(1, imu));
    double[] satellites = new double[10 * seconds * 8];
    for (int i = 0; i < satellites.length; i++) {
      satellites[i] = start + i / 8 * 0.1;
    }
    write(root, "processed_log/GNSS/raw_gnss_ublox/t", npy(1, satellites));
  }
}
