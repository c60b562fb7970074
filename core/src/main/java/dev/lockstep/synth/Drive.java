package dev.lockstep.synth;

import dev.lockstep.synth.encode.BoxesJson;
import dev.lockstep.synth.encode.H264Encoder;
import dev.lockstep.synth.encode.JpegEncoder;
import dev.lockstep.synth.encode.Messages;
import dev.lockstep.synth.encode.Schema;
import dev.lockstep.synth.encode.Schemas;
import dev.lockstep.synth.fault.StreamSpec;
import dev.lockstep.synth.scene.Actor;
import dev.lockstep.synth.scene.CameraModel;
import dev.lockstep.synth.scene.CameraMount;
import dev.lockstep.synth.scene.LidarModel;
import dev.lockstep.synth.scene.Noise;
import dev.lockstep.synth.scene.Scene;
import dev.lockstep.synth.scene.Spinner;
import dev.lockstep.synth.scene.Sweep;
import dev.lockstep.synth.scene.View;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A synthetic drive: a LiDAR, two cameras, a video camera, an inertial unit, poses, and 3D and 2D
/// labels of a [Scene], message by message in the order of recording.
///
/// Sweeps are stamped at their begin. Each camera takes two images a turn of the LiDAR, one of them
/// when the beam crosses its axis. Labels of a sweep or image bear its stamp. Memory does not
/// depend on the length of the drive. One object serves one pass of one thread.
public final class Drive {
  /// Frame of reference of poses and 3D boxes: fixed to the ground.
  public static final String WORLD = "map";

  /// Stream names, in order of their numbers.
  public static final String LIDAR = "/lidar/points";

  /// Forward camera.
  public static final String CAMERA_FRONT = "/camera/front/image";

  /// Camera to the left.
  public static final String CAMERA_LEFT = "/camera/left/image";

  /// Video camera to the rear.
  public static final String VIDEO_REAR = "/camera/rear/video";

  /// Inertial unit.
  public static final String IMU = "/imu";

  /// Poses of the vehicle.
  public static final String POSE = "/pose";

  /// Boxes of each sweep.
  public static final String LABELS_3D = "/labels/lidar";

  /// Boxes of each image of the forward camera.
  public static final String LABELS_FRONT = "/labels/camera/front";

  /// Boxes of each image of the camera to the left.
  public static final String LABELS_LEFT = "/labels/camera/left";

  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final long MS = 1_000_000L;
  private static final long US = 1_000L;

  /// One turn of the LiDAR, 10 Hz, and the step of cameras, 20 Hz.
  static final long TURN_NS = 100 * MS;

  static final long IMAGE_NS = 50 * MS;

  /// Room that the first stamps of all streams keep from the begin, so that jitter stays behind it.
  private static final long LEAD_NS = MS;

  private static final double FOV = Math.PI * 80 / 180;
  private static final double LEFT_YAW = Math.PI * 70 / 180;

  /// Noise lanes of this class, clear of those of the scene and of [Timing].
  private static final long IMU_LANE = 4L << 40;

  private static final long ANNOTATOR_LANE = 5L << 40;
  private static final long EDIT_LANE = 6L << 40;
  private static final long OFFSET_LANE = 7L << 40;
  private static final int ANNOTATORS = 4;

  private final SynthOptions options;
  private final Scene scene;
  private final LidarModel lidar;
  private final Sweep sweep = new Sweep();
  private final List<Source> sources = new ArrayList<>();

  /// A drive from its begin.
  public Drive(SynthOptions options) {
    this.options = options;
    scene = new Scene(options.seed(), options.labels().rangeMeters());
    lidar = new LidarModel(scene, options.spinner());
    Timing turns = timing(0, LEAD_NS, TURN_NS, 30 * US, TURN_NS + 3 * MS, 4 * MS);
    add(LIDAR, Schemas.POINT_CLOUD, turns, this::cloud);
    Timing front = cameraTiming(1, 0);
    addCamera(CAMERA_FRONT, front, mount(0), "camera_front");
    Timing left = cameraTiming(2, LEFT_YAW);
    addCamera(CAMERA_LEFT, left, mount(LEFT_YAW), "camera_left");
    addVideo(cameraTiming(3, Math.PI));
    long imuPeriod = NS_PER_SECOND / options.rates().imuHertz();
    add(
        IMU,
        Schemas.IMU,
        timing(4, LEAD_NS + imuPeriod / 3, imuPeriod, 2 * US, 400 * US, imuPeriod / 4),
        this::imu);
    long posePeriod = NS_PER_SECOND / options.rates().poseHertz();
    add(
        POSE,
        Schemas.POSE,
        timing(5, LEAD_NS + posePeriod / 2, posePeriod, 2 * US, 2 * MS, posePeriod / 4),
        (k, stampNs) -> Messages.pose(stampNs, WORLD, scene.ego(seconds(stampNs))));
    addLabels(LABELS_3D, Schemas.BOXES_3D, turns, this::boxes3d);
    addLabels(
        LABELS_FRONT, Schemas.BOXES_2D, front, boxes2d(mount(0), "camera_front", CAMERA_FRONT));
    addLabels(
        LABELS_LEFT, Schemas.BOXES_2D, left, boxes2d(mount(LEFT_YAW), "camera_left", CAMERA_LEFT));
  }

  /// The streams, by number.
  public List<StreamSpec> streams() {
    return sources.stream().map(source -> source.spec).toList();
  }

  /// Mounting of the sensors on the vehicle as JSON: x forward, y left, z up in meters, yaw in
  /// radians counter-clockwise; pinhole parameters of cameras in pixels.
  String calibrationJson() {
    Spinner spinner = options.spinner();
    StringBuilder out = new StringBuilder("{\"sensors\":[");
    out.append("{\"name\":\"lidar\",\"x\":").append(spinner.forwardMeters());
    out.append(",\"y\":0.0,\"z\":").append(spinner.upMeters()).append(",\"yaw\":0.0}");
    camera(out, "camera_front", mount(0));
    camera(out, "camera_left", mount(LEFT_YAW));
    camera(out, "camera_rear", videoMount());
    return out.append("]}\n").toString();
  }

  private static void camera(StringBuilder out, String name, CameraMount mount) {
    out.append(",{\"name\":\"").append(name);
    out.append("\",\"x\":").append(mount.forwardMeters());
    out.append(",\"y\":0.0,\"z\":").append(mount.upMeters());
    out.append(",\"yaw\":").append(mount.yawRadians());
    out.append(",\"width\":").append(mount.widthPixels());
    out.append(",\"height\":").append(mount.heightPixels());
    out.append(",\"focal\":").append(mount.focalPixels());
    out.append(",\"cx\":").append(mount.centreX());
    out.append(",\"cy\":").append(mount.centreY()).append('}');
  }

  /// The LiDAR.
  Spinner spinner() {
    return options.spinner();
  }

  /// Stamp of a message.
  long stampNs(int stream, long index) {
    return sources.get(stream).timing.stampNs(index);
  }

  /// Where the camera of a stream of images sits, null for other streams.
  @Nullable CameraMount mountOf(String topic) {
    return switch (topic) {
      case CAMERA_FRONT -> mount(0);
      case CAMERA_LEFT -> mount(LEFT_YAW);
      case VIDEO_REAR -> videoMount();
      default -> null;
    };
  }

  /// The world that is measured.
  public Scene scene() {
    return scene;
  }

  /// Hands over every message in order of log time, equal ones in order of stream.
  public void forEach(Consumer<DriveMessage> sink) {
    for (Source next = next(); next != null; next = next()) {
      sink.accept(next.take());
    }
  }

  private @Nullable Source next() {
    Source earliest = null;
    for (Source source : sources) {
      if (source.next < source.count
          && (earliest == null || source.nextLogTimeNs < earliest.nextLogTimeNs)) {
        earliest = source;
      }
    }
    return earliest;
  }

  private Timing timing(
      int stream, long phaseNs, long periodNs, long jitterNs, long latencyNs, long spreadNs) {
    return new Timing(
        options.seed(),
        stream,
        options.startNs(),
        phaseNs,
        periodNs,
        jitterNs,
        latencyNs,
        spreadNs);
  }

  /// Locked to the beam: one of the two images of a turn is taken when it crosses the axis.
  private Timing cameraTiming(int stream, double yaw) {
    long crossing = Math.round(TURN_NS * Spinner.crossing(yaw)) % IMAGE_NS;
    return timing(stream, LEAD_NS + crossing, IMAGE_NS, 3 * US, 21 * MS, 9 * MS);
  }

  private CameraMount mount(double yaw) {
    return new CameraMount(options.images().width(), options.images().height(), FOV, yaw, 1.4, 1.6);
  }

  private void add(String topic, Schema schema, Timing timing, PayloadMaker maker) {
    sources.add(new Source(sources.size(), new StreamSpec(topic, schema), timing, maker, 0));
  }

  /// Labels are recorded a little after what they label.
  private void addLabels(String topic, Schema schema, Timing timing, PayloadMaker maker) {
    sources.add(new Source(sources.size(), new StreamSpec(topic, schema), timing, maker, 700 * US));
  }

  private void addCamera(String topic, Timing timing, CameraMount mount, String frameId) {
    CameraModel camera = new CameraModel(scene, mount);
    JpegEncoder encoder =
        new JpegEncoder(mount.widthPixels(), mount.heightPixels(), options.images().jpegQuality());
    add(
        topic,
        Schemas.COMPRESSED_IMAGE,
        timing,
        (k, stampNs) ->
            Messages.compressedImage(
                stampNs, frameId, encoder.encode(camera.view(seconds(stampNs)).pixels())));
  }

  private void addVideo(Timing timing) {
    CameraMount mount = videoMount();
    CameraModel camera = new CameraModel(scene, mount);
    H264Encoder encoder =
        new H264Encoder(
            mount.widthPixels(), mount.heightPixels(), options.images().keyframeInterval(), 1);
    add(
        VIDEO_REAR,
        Schemas.COMPRESSED_VIDEO,
        timing,
        (k, stampNs) ->
            Messages.compressedVideo(
                stampNs, "camera_rear", encoder.encode(k, camera.view(seconds(stampNs)).pixels())));
  }

  /// Looks back; whole macroblocks.
  private CameraMount videoMount() {
    int width = (options.images().width() + 15) / 16 * 16;
    int height = (options.images().height() + 15) / 16 * 16;
    return new CameraMount(width, height, FOV, Math.PI, -0.4, 1.4);
  }

  /// Time since the begin of the drive.
  double seconds(long stampNs) {
    return (stampNs - options.startNs()) * 1e-9;
  }

  private byte[] cloud(long k, long stampNs) {
    lidar.measure(k, seconds(stampNs), TURN_NS, sweep);
    return Messages.pointCloud(stampNs, "lidar", sweep);
  }

  private byte[] imu(long k, long stampNs) {
    double[] noise = new double[6];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = Noise.bell(options.seed(), IMU_LANE, k * noise.length + i);
    }
    return Messages.imu(stampNs, "imu", scene.ego(seconds(stampNs)), noise);
  }

  private byte[] boxes3d(long k, long stampNs) {
    double now = seconds(stampNs);
    lidar.measure(k, now, TURN_NS, sweep);
    BoxesJson out = new BoxesJson(stampNs, WORLD, k, LIDAR);
    for (Actor actor : scene.actors(now)) {
      int points = 0;
      for (int i = 0; i < sweep.size(); i++) {
        if (sweep.tracks()[i] == actor.track()) {
          points++;
        }
      }
      out.box3d(
          actor.track(),
          actor.category().label(),
          new double[] {
            actor.x() + offset(actor, k, 0), actor.y() + offset(actor, k, 1), actor.z()
          },
          new double[] {actor.lengthMeters(), actor.widthMeters(), actor.heightMeters()},
          actor.yaw(),
          points,
          annotator(actor),
          editedNs(actor));
    }
    return out.toBytes();
  }

  private PayloadMaker boxes2d(CameraMount mount, String frameId, String source) {
    CameraModel camera = new CameraModel(scene, mount);
    return (k, stampNs) -> {
      BoxesJson out = new BoxesJson(stampNs, frameId, k, source);
      for (View.Seen seen : camera.view(seconds(stampNs)).seen()) {
        out.box2d(
            seen.actor().track(),
            seen.actor().category().label(),
            seen.left(),
            seen.top(),
            seen.right(),
            seen.bottom(),
            seen.occluded(),
            annotator(seen.actor()),
            editedNs(seen.actor()));
      }
      return out.toBytes();
    };
  }

  private double offset(Actor actor, long k, int axis) {
    return options.labels().noiseMeters()
        * Noise.bell(options.seed(), OFFSET_LANE + actor.track(), 2 * k + axis);
  }

  /// One person labels a track from end to end.
  private String annotator(Actor actor) {
    return "annotator-"
        + (1 + Noise.below(options.seed(), ANNOTATOR_LANE, actor.track(), ANNOTATORS));
  }

  /// Some time in the second and third day after the drive.
  private long editedNs(Actor actor) {
    long seconds = 86_400 + Noise.below(options.seed(), EDIT_LANE, actor.track(), 2 * 86_400);
    return options.startNs() + seconds * NS_PER_SECOND;
  }

  /// Makes the payload of message `k`.
  private interface PayloadMaker {
    byte[] make(long k, long stampNs);
  }

  /// One stream and how far it has come.
  private final class Source {
    final int number;
    final StreamSpec spec;
    final Timing timing;
    final PayloadMaker maker;
    final long extraNs;
    final long count;
    long next;
    long nextLogTimeNs;

    Source(int number, StreamSpec spec, Timing timing, PayloadMaker maker, long extraNs) {
      this.number = number;
      this.spec = spec;
      this.timing = timing;
      this.maker = maker;
      this.extraNs = extraNs;
      count = timing.count(Math.round(options.seconds() * NS_PER_SECOND));
      nextLogTimeNs = timing.logTimeNs(0) + extraNs;
    }

    DriveMessage take() {
      long k = next++;
      long stampNs = timing.stampNs(k);
      DriveMessage message =
          new DriveMessage(
              number,
              k,
              stampNs,
              nextLogTimeNs,
              timing.publishTimeNs(k) + extraNs,
              (int) (k + 1),
              maker.make(k, stampNs));
      nextLogTimeNs = timing.logTimeNs(next) + extraNs;
      return message;
    }
  }
}
