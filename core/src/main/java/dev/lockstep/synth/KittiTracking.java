package dev.lockstep.synth;

import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.scene.Actor;
import dev.lockstep.synth.scene.CameraModel;
import dev.lockstep.synth.scene.CameraMount;
import dev.lockstep.synth.scene.Category;
import dev.lockstep.synth.scene.EgoMotion;
import dev.lockstep.synth.scene.Scene;
import dev.lockstep.synth.scene.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Writes the labels of a synthetic drive as one sequence in the layout of KITTI tracking, at 10
/// Hz: `label_02`, `calib` and `oxts`, one text file each.
///
/// Boxes are exact, to the decimals that the format is written with.
public final class KittiTracking {
  private static final int WIDTH = 1242;
  private static final int HEIGHT = 375;

  /// Usual focal length of the dataset's rectified cameras, pixels.
  private static final double FOCAL = 721.5;

  private static final double CAMERA_FORWARD = 1.4;
  private static final double CAMERA_UP = 1.65;
  private static final double LIDAR_UP = 1.8;
  private static final double FRAME_SECONDS = 0.1;

  /// Where the world's origin lies, degrees, and the length of a degree of latitude.
  private static final double LATITUDE = 49;

  private static final double LONGITUDE = 8.4;
  private static final double METERS_PER_DEGREE = 111_319.5;
  private static final double GRAVITY = 9.80665;

  private static final Map<Category, String> TYPES =
      Map.of(
          Category.CAR, "Car",
          Category.TRUCK, "Truck",
          Category.CYCLIST, "Cyclist",
          Category.PEDESTRIAN, "Pedestrian");

  private final Scene scene;
  private final int frames;
  private final CameraMount mount =
      new CameraMount(
          WIDTH, HEIGHT, 2 * StrictMath.atan(WIDTH / 2.0 / FOCAL), 0, CAMERA_FORWARD, CAMERA_UP);

  /// A sequence.
  ///
  /// @param seed any number
  /// @param frames number of frames, 1 or more
  /// @param rangeMeters how far ahead road users are labelled, up to 70
  public KittiTracking(long seed, int frames, double rangeMeters) {
    if (frames < 1 || frames > 10_000) {
      throw new IllegalArgumentException("frames: " + frames + " (expected 1 to 10000)");
    }
    scene = new Scene(seed, rangeMeters);
    this.frames = frames;
  }

  /// Writes the three files of sequence `number` below `root`.
  ///
  /// @throws IOException if a file cannot be written
  public void write(Path root, int number) throws IOException {
    String stem = String.format(Locale.ROOT, "%04d", number);
    String name = stem + ".txt";
    Path folder = Files.createDirectories(root.resolve("label_02"));
    LabelWriteOptions options = new LabelWriteOptions(stem, 0, WIDTH, HEIGHT);
    new dev.lockstep.labels.kitti.KittiTracking().write(labels(), options, folder);
    write(root.resolve("calib"), name, calibration());
    write(root.resolve("oxts"), name, oxts());
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(name), text);
  }

  /// The labels, in the axes of the camera's place: x forward, y left, z up.
  private LabelSet labels() {
    LabelSet labels = new LabelSet("labels", LabelSet.Frame.SENSOR, StampSource.FRAME_NUMBER);
    Map<Long, Integer> ids = new HashMap<>();
    CameraModel camera = new CameraModel(scene, mount);
    for (int frame = 0; frame < frames; frame++) {
      double seconds = frame * FRAME_SECONDS;
      EgoMotion ego = scene.ego(seconds);
      List<View.Seen> seen = new ArrayList<>(camera.boxes(seconds));
      seen.sort(Order.byLong(view -> view.actor().track()));
      for (View.Seen view : seen) {
        int id = ids.computeIfAbsent(view.actor().track(), track -> ids.size());
        add(labels, frame, id, view, ego);
      }
    }
    labels.seal();
    return labels;
  }

  private static void add(LabelSet labels, int frame, int id, View.Seen view, EgoMotion ego) {
    Actor actor = view.actor();
    double cos = StrictMath.cos(ego.yaw());
    double sin = StrictMath.sin(ego.yaw());
    double dx = actor.x() - ego.x();
    double dy = actor.y() - ego.y();
    double yaw = actor.yaw() - ego.yaw();
    String type = String.valueOf(TYPES.get(actor.category()));
    int row = labels.add(frame, frame, Integer.toString(id), type, "", labels.size());
    labels.setBox3d(
        row,
        dx * cos + dy * sin - CAMERA_FORWARD,
        dy * cos - dx * sin,
        actor.heightMeters() / 2 - CAMERA_UP,
        actor.lengthMeters(),
        actor.widthMeters(),
        actor.heightMeters(),
        StrictMath.cos(yaw / 2),
        0,
        0,
        StrictMath.sin(yaw / 2));
    labels.setBox2d(row, view.left(), view.top(), view.right(), view.bottom());
    labels.setVisibility(row, 0, 0);
  }

  private static void numbers(StringBuilder out, double... values) {
    for (double value : values) {
      out.append(String.format(Locale.ROOT, " %.6f", value));
    }
  }

  private String calibration() {
    StringBuilder out = new StringBuilder();
    for (int camera = 0; camera < 4; camera++) {
      out.append('P').append(camera).append(':');
      numbers(out, FOCAL, 0, mount.centreX(), 0, 0, FOCAL, mount.centreY(), 0, 0, 0, 1, 0);
      out.append('\n');
    }
    out.append("R_rect");
    numbers(out, 1, 0, 0, 0, 1, 0, 0, 0, 1);
    out.append("\nTr_velo_cam");
    numbers(out, 0, -1, 0, 0, 0, 0, -1, CAMERA_UP - LIDAR_UP, 1, 0, 0, 1.0 - CAMERA_FORWARD);
    out.append("\nTr_imu_velo");
    numbers(out, 1, 0, 0, -1, 0, 1, 0, 0, 0, 0, 1, -LIDAR_UP);
    return out.append('\n').toString();
  }

  /// Thirty numbers a frame: place, attitude, velocities, accelerations, turn rates, quality.
  private String oxts() {
    StringBuilder out = new StringBuilder();
    double metersPerLongitude = METERS_PER_DEGREE * StrictMath.cos(LATITUDE * Math.PI / 180);
    for (int frame = 0; frame < frames; frame++) {
      EgoMotion ego = scene.ego(frame * FRAME_SECONDS);
      double east = ego.speed() * StrictMath.cos(ego.yaw());
      double north = ego.speed() * StrictMath.sin(ego.yaw());
      StringBuilder line = new StringBuilder();
      numbers(
          line,
          LATITUDE + ego.y() / METERS_PER_DEGREE,
          LONGITUDE + ego.x() / metersPerLongitude,
          110,
          0,
          0,
          ego.yaw(),
          north,
          east,
          ego.speed(),
          0,
          0);
      double forward = ego.forwardAcceleration();
      double left = ego.leftAcceleration();
      numbers(line, forward, left, GRAVITY, forward, left, GRAVITY);
      numbers(line, 0, 0, ego.yawRate(), 0, 0, ego.yawRate(), 0.05, 0.02);
      out.append(line, 1, line.length()).append(" 4 10 4 4 0\n");
    }
    return out.toString();
  }
}
