package dev.lockstep.synth;

import dev.lockstep.model.Times;
import dev.lockstep.synth.NuscenesSet.Row;
import dev.lockstep.synth.encode.JpegEncoder;
import dev.lockstep.synth.scene.Actor;
import dev.lockstep.synth.scene.CameraModel;
import dev.lockstep.synth.scene.CameraMount;
import dev.lockstep.synth.scene.Category;
import dev.lockstep.synth.scene.EgoMotion;
import dev.lockstep.synth.scene.LidarModel;
import dev.lockstep.synth.scene.Scene;
import dev.lockstep.synth.scene.Spinner;
import dev.lockstep.synth.scene.Sweep;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One scene of a [NuscenesDrive]: what its sensors measure, and the rows of tables about it.
final class NuscenesScene {
  private static final double FOV = Math.PI * 80 / 180;
  private static final double LEFT_YAW = Math.PI * 55 / 180;
  private static final double RANGE_METERS = 32;
  private static final long STAMP_JITTER_NS = 30 * Times.MICROSECOND;

  /// From the end of one scene to the beginning of the next.
  private static final long BETWEEN_SCENES_NS = 1000 * Times.SECOND;

  /// Slower than that on average over so long, an object stands, m/s and s; judged.
  private static final double STANDING_SPEED = 0.1;

  private static final double SPEED_SECONDS = 0.5;

  private final int number;
  private final Shared shared;
  private final SynthOptions options;
  private final NuscenesSet set;
  private final NuscenesTokens tokens;
  private final Scene world;
  private final LidarModel lidar;
  private final Timing begins;
  private final List<Camera> cameras;
  private final JpegEncoder encoder;
  private final Sweep sweep = new Sweep();
  private final long startNs;
  private final String sceneToken;
  private final Map<String, String> calibrations = new LinkedHashMap<>();
  private final Map<String, List<Row>> chains = new LinkedHashMap<>();
  private final List<Row> samples = new ArrayList<>();
  private final Map<Long, List<Row>> boxes = new LinkedHashMap<>();
  private final Map<Long, String> instances = new LinkedHashMap<>();

  /// What the scenes of a set share.
  ///
  /// @param turns sweeps of a scene
  /// @param pictured whether files are made
  /// @param set takes rows and files
  /// @param log token of the log
  /// @param categories tokens of categories
  /// @param attributes tokens of attributes, by name
  record Shared(
      SynthOptions options,
      int turns,
      boolean pictured,
      NuscenesSet set,
      NuscenesTokens tokens,
      String log,
      Map<Category, String> categories,
      Map<String, String> attributes) {}

  /// One camera.
  private record Camera(String channel, CameraMount mount, CameraModel model, Timing timing) {}

  /// @param number of the scene, from 0
  NuscenesScene(Shared shared, int number) {
    this.shared = shared;
    this.number = number;
    options = shared.options();
    set = shared.set();
    tokens = shared.tokens();
    encoder =
        new JpegEncoder(
            options.images().width(), options.images().height(), options.images().jpegQuality());
    sceneToken = tokens.next();
    startNs = options.startNs() + number * (shared.turns() * Drive.TURN_NS + BETWEEN_SCENES_NS);
    world = new Scene(options.seed() + number, RANGE_METERS);
    lidar = new LidarModel(world, options.spinner());
    begins = timing(0, 0);
    cameras = List.of(camera(1, NuscenesDrive.FRONT, 0), camera(2, NuscenesDrive.LEFT, LEFT_YAW));
  }

  private Timing timing(int lane, long phaseNs) {
    return new Timing(
        options.seed() + number,
        lane,
        startNs,
        Times.SECOND + phaseNs,
        Drive.TURN_NS,
        STAMP_JITTER_NS,
        0,
        0);
  }

  private Camera camera(int lane, String channel, double yaw) {
    CameraMount mount =
        new CameraMount(options.images().width(), options.images().height(), FOV, yaw, 1.4, 1.6);
    long crossing = Math.round(Drive.TURN_NS * Spinner.crossing(yaw));
    return new Camera(channel, mount, new CameraModel(world, mount), timing(lane, crossing));
  }

  private double seconds(long stampNs) {
    return (stampNs - startNs) * 1e-9;
  }

  /// Makes it.
  void make() {
    calibrate();
    for (int turn = 0; turn < shared.turns(); turn++) {
      boolean key = turn % NuscenesDrive.KEYFRAME_TURNS == 0;
      long beginNs = begins.stampNs(turn);
      long stampUs = (beginNs + Drive.TURN_NS) / Times.MICROSECOND;
      lidar.measure(turn, seconds(beginNs), Drive.TURN_NS, sweep);
      if (key) {
        samples.add(
            set.add(
                "sample",
                "token",
                tokens.next(),
                "timestamp",
                stampUs,
                "prev",
                "",
                "next",
                "",
                "scene_token",
                sceneToken));
      }
      byte[] points =
          shared.pictured() ? points(beginNs, stampUs * Times.MICROSECOND) : new byte[0];
      data(NuscenesDrive.LIDAR, stampUs, key, "pcd.bin", 0, 0, points);
      for (Camera camera : cameras) {
        long us = camera.timing().stampNs(turn) / Times.MICROSECOND;
        byte[] picture =
            shared.pictured()
                ? encoder.encode(camera.model().view(seconds(us * Times.MICROSECOND)).pixels())
                : new byte[0];
        data(
            camera.channel(),
            us,
            key,
            "jpg",
            camera.mount().widthPixels(),
            camera.mount().heightPixels(),
            picture);
      }
      if (key) {
        label(stampUs);
      }
    }
    chains.values().forEach(NuscenesSet::chain);
    NuscenesSet.chain(samples);
    boxes.forEach((track, rows) -> {
      NuscenesSet.chain(rows);
      close(track, rows);
    });
    set.add(
        "scene",
        "token",
        sceneToken,
        "log_token",
        shared.log(),
        "nbr_samples",
        samples.size(),
        "first_sample_token",
        samples.getFirst().get("token"),
        "last_sample_token",
        samples.getLast().get("token"),
        "name",
        String.format(Locale.ROOT, "scene-%04d", number + 1),
        "description",
        "a synthetic street");
  }

  private void close(long track, List<Row> rows) {
    for (Row instance : set.table("instance")) {
      if (instance.get("token").equals(instances.get(track))) {
        instance.put("nbr_annotations", rows.size());
        instance.put("first_annotation_token", rows.getFirst().get("token"));
        instance.put("last_annotation_token", rows.getLast().get("token"));
      }
    }
  }

  private void calibrate() {
    Spinner spinner = options.spinner();
    // Sensor x to the right, y forward.
    sensor(
        NuscenesDrive.LIDAR,
        "lidar",
        numbers(spinner.forwardMeters(), 0, spinner.upMeters()),
        turned(-Math.PI / 2),
        List.of());
    for (Camera camera : cameras) {
      CameraMount mount = camera.mount();
      double half = mount.yawRadians() / 2;
      double cos = StrictMath.cos(half) / 2;
      double sin = StrictMath.sin(half) / 2;
      double focal = mount.focalPixels();
      // Sensor z forward, x to the right: the turn about the vehicle's up axis after that.
      sensor(
          camera.channel(),
          "camera",
          numbers(mount.forwardMeters(), 0, mount.upMeters()),
          numbers(cos + sin, -cos - sin, cos - sin, sin - cos),
          List.of(
              numbers(focal, 0, mount.centreX()),
              numbers(0, focal, mount.centreY()),
              numbers(0, 0, 1)));
    }
  }

  private void sensor(
      String channel,
      String modality,
      List<Double> translation,
      List<Double> rotation,
      List<List<Double>> intrinsic) {
    String sensor = null;
    for (Row row : set.table("sensor")) {
      sensor = row.get("channel").equals(channel) ? (String) row.get("token") : sensor;
    }
    if (sensor == null) {
      sensor = tokens.next();
      set.add("sensor", "token", sensor, "channel", channel, "modality", modality);
    }
    String calibration = tokens.next();
    calibrations.put(channel, calibration);
    set.add(
        "calibrated_sensor",
        "token",
        Objects.requireNonNull(calibrations.get(channel)),
        "sensor_token",
        sensor,
        "translation",
        translation,
        "rotation",
        rotation,
        "camera_intrinsic",
        intrinsic);
    chains.put(channel, new ArrayList<>());
  }

  private void data(
      String channel,
      long stampUs,
      boolean key,
      String extension,
      int width,
      int height,
      byte[] content) {
    String name =
        (key ? "samples/" : "sweeps/")
            + channel
            + "/synth-log__"
            + channel
            + "__"
            + stampUs
            + "."
            + extension;
    String pose = tokens.next();
    EgoMotion ego = world.ego(seconds(stampUs * Times.MICROSECOND));
    set.add(
        "ego_pose",
        "token",
        pose,
        "timestamp",
        stampUs,
        "rotation",
        turned(ego.yaw()),
        "translation",
        numbers(ego.x(), ego.y(), 0));
    Row row =
        set.add(
            "sample_data",
            "token",
            tokens.next(),
            "sample_token",
            samples.getLast().get("token"),
            "ego_pose_token",
            pose,
            "calibrated_sensor_token",
            Objects.requireNonNull(calibrations.get(channel)),
            "timestamp",
            stampUs,
            "fileformat",
            extension.equals("jpg") ? "jpg" : "pcd",
            "is_key_frame",
            key,
            "height",
            height,
            "width",
            width,
            "filename",
            name,
            "prev",
            "",
            "next",
            "");
    Objects.requireNonNull(chains.get(channel)).add(row);
    if (shared.pictured()) {
      set.files().put(name, content);
    }
  }

  /// The points of the sweep in the LiDAR's frame at the end of the turn.
  private byte[] points(long beginNs, long endNs) {
    EgoMotion begin = world.ego(seconds(beginNs));
    EgoMotion end = world.ego(seconds(endNs));
    double ahead = options.spinner().forwardMeters();
    ByteBuffer out =
        ByteBuffer.allocate(sweep.size() * 5 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    double cos = StrictMath.cos(begin.yaw());
    double sin = StrictMath.sin(begin.yaw());
    double endCos = StrictMath.cos(end.yaw());
    double endSin = StrictMath.sin(end.yaw());
    for (int i = 0; i < sweep.size(); i++) {
      double forward = sweep.x()[i] + ahead;
      double x = begin.x() + cos * forward - sin * sweep.y()[i] - end.x();
      double y = begin.y() + sin * forward + cos * sweep.y()[i] - end.y();
      out.putFloat((float) (endSin * x - endCos * y));
      out.putFloat((float) (endCos * x + endSin * y - ahead));
      out.putFloat(sweep.z()[i]);
      long track = sweep.tracks()[i];
      out.putFloat(track == Sweep.GROUND ? 14f : 60f + (float) (track % 120));
      out.putFloat((float) sweep.rings()[i]);
    }
    return out.array();
  }

  /// The attribute of an actor, from where it is half a second before or after.
  private String said(Actor actor, @Nullable Actor other) {
    boolean stands =
        other != null
            && Math.abs(actor.x() - other.x()) + Math.abs(actor.y() - other.y())
                < STANDING_SPEED * SPEED_SECONDS;
    String name = stands ? NuscenesDrive.STANDING : NuscenesDrive.MOVING;
    return Objects.requireNonNull(shared.attributes().get(name));
  }

  private void label(long stampUs) {
    double now = seconds(stampUs * Times.MICROSECOND);
    Map<Long, Actor> elsewhere = new HashMap<>();
    for (double other : List.of(now + SPEED_SECONDS, now - SPEED_SECONDS)) {
      world.actors(other).forEach(actor -> elsewhere.put(actor.track(), actor));
    }
    for (Actor actor : world.actors(now)) {
      int points = 0;
      for (int i = 0; i < sweep.size(); i++) {
        points += sweep.tracks()[i] == actor.track() ? 1 : 0;
      }
      String instance =
          instances.computeIfAbsent(
              actor.track(),
              track -> {
                String made = tokens.next();
                set.add(
                    "instance",
                    "token",
                    made,
                    "category_token",
                    Objects.requireNonNull(shared.categories().get(actor.category())),
                    "nbr_annotations",
                    0,
                    "first_annotation_token",
                    "",
                    "last_annotation_token",
                    "");
                return made;
              });
      boxes
          .computeIfAbsent(actor.track(), track -> new ArrayList<>())
          .add(
              set.add(
                  "sample_annotation",
                  "token",
                  tokens.next(),
                  "sample_token",
                  samples.getLast().get("token"),
                  "instance_token",
                  instance,
                  "visibility_token",
                  points > 0 ? "4" : "1",
                  "attribute_tokens",
                  List.of(said(actor, elsewhere.get(actor.track()))),
                  "translation",
                  numbers(actor.x(), actor.y(), actor.z()),
                  "size",
                  numbers(actor.widthMeters(), actor.lengthMeters(), actor.heightMeters()),
                  "rotation",
                  turned(actor.yaw()),
                  "num_lidar_pts",
                  points,
                  "num_radar_pts",
                  0,
                  "prev",
                  "",
                  "next",
                  ""));
    }
  }

  private static double rounded(double value) {
    return StrictMath.rint(value * 1e9) / 1e9;
  }

  private static List<Double> numbers(double... values) {
    List<Double> list = new ArrayList<>();
    for (double value : values) {
      list.add(rounded(value));
    }
    return list;
  }

  private static List<Double> turned(double yaw) {
    return numbers(StrictMath.cos(yaw / 2), 0, 0, StrictMath.sin(yaw / 2));
  }
}
