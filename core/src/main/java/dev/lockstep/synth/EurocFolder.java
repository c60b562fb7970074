package dev.lockstep.synth;

import dev.lockstep.model.Location;
import dev.lockstep.model.Times;
import dev.lockstep.synth.encode.PngEncoder;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.Injection;
import dev.lockstep.synth.scene.Noise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Writes a recording in the layout of EuRoC: a camera at 20 Hz with a list of its images, an IMU
/// at 200 Hz as a table, and the `lockstep.yaml` that says so.
public final class EurocFolder {
  /// Rows of the IMU that [#writeFaulty] leaves out, from this one on.
  private static final int DROPPED_FROM = 211;

  private static final int DROPPED = 5;
  private static final int GARBLED = 400;
  private static final int EMPTY_IMAGE = 9;
  private static final int UNLISTED = 31;
  private static final List<Integer> REMOVED = List.of(20, 21, 40);

  private static final int SIZE = 12;
  private static final long START_NS = 1_772_442_000 * Times.SECOND + 262_142_977;
  private static final long CAMERA_NS = 50 * Times.MILLISECOND;
  private static final long IMU_NS = 5 * Times.MILLISECOND;
  private static final double JITTER_NS = 20_000;
  private static final double GRAVITY = 9.80665;

  private final long seed;
  private final int images;

  /// A recording.
  ///
  /// @param seed any number
  /// @param images number of images
  public EurocFolder(long seed, int images) {
    this.seed = seed;
    this.images = images;
  }

  /// Writes the recording without a fault.
  ///
  /// @throws IOException if a file cannot be written
  public void write(Path root) throws IOException {
    Files.createDirectories(root);
    Files.writeString(root.resolve("lockstep.yaml"), "layout: euroc\n");
    Path camera = root.resolve("mav0/cam0");
    Files.createDirectories(camera.resolve("data"));
    StringBuilder list = new StringBuilder("#timestamp [ns],filename\n");
    for (int i = 0; i < images; i++) {
      String name = image(i);
      list.append(stampNs(0, i, CAMERA_NS)).append(',').append(name).append('\n');
      Files.write(camera.resolve("data").resolve(name), pixels(i));
    }
    Files.writeString(camera.resolve("data.csv"), list);
    Path imu = root.resolve("mav0/imu0");
    Files.createDirectories(imu);
    Files.writeString(imu.resolve("data.csv"), String.join("\n", imuRows()) + "\n");
  }

  /// Writes the recording with a fault of each kind that a folder can have, and tells where.
  ///
  /// @throws IOException if a file cannot be written
  public List<Injection> writeFaulty(Path root) throws IOException {
    write(root);
    Path camera = root.resolve("mav0/cam0");
    List<Injection> planted = new ArrayList<>();
    for (int i : REMOVED) {
      Files.delete(camera.resolve("data").resolve(image(i)));
    }
    planted.add(
        planted(
            "remove-files",
            "images 20, 21 and 40 are not there",
            // One line less in front of the last of them, see below.
            Location.stream("cam0").withMessages(20, 39),
            "INT012"));
    Files.write(camera.resolve("data").resolve(image(EMPTY_IMAGE)), new byte[0]);
    planted.add(
        planted(
            "empty-file",
            "image 9 holds no bytes",
            Location.stream("cam0").withMessages(EMPTY_IMAGE, EMPTY_IMAGE),
            "INT001"));
    List<String> list = new ArrayList<>(Files.readAllLines(camera.resolve("data.csv")));
    list.remove(UNLISTED + 1);
    Files.writeString(camera.resolve("data.csv"), String.join("\n", list) + "\n");
    planted.add(
        planted(
            "unlist-file",
            "the list has no line for image 31",
            Location.stream("cam0").withFile("mav0/cam0/data/" + image(UNLISTED)),
            "INT012",
            "TIM008"));
    List<String> rows = imuRows();
    rows.set(GARBLED + 1, "garbled," + rows.get(GARBLED + 1));
    rows.subList(DROPPED_FROM + 1, DROPPED_FROM + 1 + DROPPED).clear();
    Files.writeString(root.resolve("mav0/imu0/data.csv"), String.join("\n", rows) + "\n");
    planted.add(
        planted(
            "drop-messages",
            "5 rows of the IMU are left out",
            Location.stream("imu0").withMessages(DROPPED_FROM - 1, DROPPED_FROM),
            "TIM008"));
    int garbled = GARBLED - DROPPED;
    planted.add(
        planted(
            "garble-row",
            "a row of the IMU begins with a word",
            Location.stream("imu0").withMessages(garbled, garbled),
            "INT028"));
    return planted;
  }

  private Injection planted(
      String fault, String what, Location at, String expected, String... consequences) {
    return new Injection(
        FaultSpec.of(fault, seed), true, what, at, List.of(expected), List.of(consequences));
  }

  private long stampNs(long lane, int i, long periodNs) {
    return START_NS + i * periodNs + Math.round(Noise.bell(seed, lane, i) * JITTER_NS);
  }

  private String image(int i) {
    return stampNs(0, i, CAMERA_NS) + ".png";
  }

  private byte[] pixels(int i) {
    byte[] pixels = new byte[SIZE * SIZE];
    for (int p = 0; p < pixels.length; p++) {
      pixels[p] = (byte) Noise.below(seed, 100L + i, p, 256);
    }
    return PngEncoder.grey(pixels, SIZE, SIZE);
  }

  private List<String> imuRows() {
    List<String> rows = new ArrayList<>();
    rows.add(
        "#timestamp [ns],w_RS_S_x [rad s^-1],w_RS_S_y [rad s^-1],w_RS_S_z [rad s^-1],"
            + "a_RS_S_x [m s^-2],a_RS_S_y [m s^-2],a_RS_S_z [m s^-2]");
    for (int i = 0; i < images * CAMERA_NS / IMU_NS; i++) {
      StringBuilder row = new StringBuilder(Long.toString(stampNs(1, i, IMU_NS)));
      for (int axis = 0; axis < 6; axis++) {
        double value = Noise.bell(seed, 2 + axis, i) * 0.01 + (axis == 3 ? GRAVITY : 0);
        row.append(',').append(String.format(Locale.ROOT, "%.6f", value));
      }
      rows.add(row.toString());
    }
    return rows;
  }
}
