package dev.lockstep.testing;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Pose;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/// A simulated vehicle: a LiDAR that turns clockwise ten times a second, looking back when it
/// begins a sweep, and cameras that are triggered when its beam crosses their axes.
public final class RigScene {
  /// 2023-11-14.
  public static final long EPOCH_NS = 1_700_000_000_000_000_000L;

  /// Time of a turn.
  public static final long TURN_NS = 100 * Times.MILLISECOND;

  private final Map<String, long[]> stampsNs = new LinkedHashMap<>();
  private final Map<String, Double> yawDegrees = new LinkedHashMap<>();
  private final Map<String, List<Alignment.Absence>> absences = new LinkedHashMap<>();
  private final Map<String, List<Alignment.Sample>> samples = new LinkedHashMap<>();
  private int blindFrom;
  private int blindTo;
  private final int sweeps;
  private final Random random;
  private StampSource source = StampSource.HEADER;
  private boolean pointTimes = true;

  private RigScene(int sweeps, long seed) {
    this.sweeps = sweeps;
    this.random = new Random(seed);
    long[] stamps = new long[sweeps];
    for (int i = 0; i < sweeps; i++) {
      stamps[i] = EPOCH_NS + i * TURN_NS;
    }
    stampsNs.put("/lidar", stamps);
  }

  /// A vehicle with a LiDAR only.
  public static RigScene of(int sweeps) {
    return new RigScene(sweeps, 1);
  }

  /// A vehicle with four cameras of 20 Hz.
  public static RigScene fourCameras(int sweeps) {
    return of(sweeps)
        .camera("/front", 0, 2)
        .camera("/left", 70, 2)
        .camera("/back", 170, 2)
        .camera("/right", -95, 2);
  }

  /// Adds a camera.
  ///
  /// @param perTurn images a turn, evenly spread
  public RigScene camera(String name, double yaw, int perTurn) {
    long[] stamps = new long[sweeps * perTurn];
    for (int i = 0; i < stamps.length; i++) {
      stamps[i] =
          EPOCH_NS
              + Math.round(crossing(Math.toRadians(yaw)))
              + i * (TURN_NS / perTurn)
              + Math.round(random.nextGaussian() * 20_000);
    }
    stampsNs.put(name, stamps);
    yawDegrees.put(name, yaw);
    return this;
  }

  /// When the beam crosses a direction, ns after the beginning of a sweep.
  private static double crossing(double yaw) {
    double turn = (Math.PI - yaw) / (2 * Math.PI);
    return (turn - Math.floor(turn)) * TURN_NS;
  }

  /// Changes the stamps of a stream.
  public RigScene map(String stream, LongUnaryOperator change) {
    stampsNs.computeIfPresent(
        stream, (name, stamps) -> LongStream.of(stamps).map(change).toArray());
    return this;
  }

  /// Shifts all stamps of a stream.
  public RigScene shift(String stream, long byNs) {
    return map(stream, stamp -> stamp + byNs);
  }

  /// Lets the clock of a stream run faster, from an instant on.
  public RigScene drift(String stream, double ppm, long fromNs) {
    return map(
        stream,
        stamp -> stamp <= fromNs ? stamp : stamp + Math.round((stamp - fromNs) * ppm * 1e-6));
  }

  /// Exchanges the stamps of two streams.
  public RigScene swap(String a, String b) {
    long[] first = stampsNs.get(a);
    stampsNs.put(a, stampsNs.get(b));
    stampsNs.put(b, first);
    return this;
  }

  /// Takes messages away.
  public RigScene drop(String stream, int first, int last) {
    long[] stamps = stampsNs.get(stream);
    long[] left = new long[stamps.length - (last - first + 1)];
    System.arraycopy(stamps, 0, left, 0, first);
    System.arraycopy(stamps, last + 1, left, first, stamps.length - last - 1);
    stampsNs.put(stream, left);
    return this;
  }

  /// Replaces the stamps of a stream.
  public RigScene stamps(String stream, long[] stamps) {
    stampsNs.put(stream, stamps);
    return this;
  }

  /// The stamps of a stream.
  public long[] stamps(String stream) {
    return stampsNs.get(stream).clone();
  }

  /// Lets another rule have reported something about a stream.
  public RigScene reported(String stream, Alignment.Absence absence) {
    absences.computeIfAbsent(stream, s -> new ArrayList<>()).add(absence);
    return this;
  }

  /// Points carry no times.
  public RigScene withoutPointTimes() {
    pointTimes = false;
    return this;
  }

  /// Cameras are not calibrated.
  public RigScene withoutCalibration() {
    yawDegrees.clear();
    return this;
  }

  /// Lets it be known how large messages are and when they were logged.
  ///
  /// @param latencyNs log time minus stamp
  /// @param lengthBytes length of a message by its index
  public RigScene samples(String stream, long latencyNs, IntUnaryOperator lengthBytes) {
    List<Alignment.Sample> made = new ArrayList<>();
    for (int i = 0; i < stampsNs.get(stream).length; i++) {
      made.add(new Alignment.Sample(i, lengthBytes.applyAsInt(i), -1, 0, 0, latencyNs));
    }
    samples.put(stream, made);
    return this;
  }

  /// Lets it be known how large images are.
  public RigScene pictures(String stream, int width, int height) {
    List<Alignment.Sample> made = new ArrayList<>();
    for (int i = 0; i < stampsNs.get(stream).length; i++) {
      made.add(new Alignment.Sample(i, 50_000, -1, width, height, Times.NONE));
    }
    samples.put(stream, made);
    return this;
  }

  /// Lets it be known how many points sweeps have.
  public RigScene points(int count) {
    List<Alignment.Sample> made = new ArrayList<>();
    for (int i = 0; i < sweeps; i++) {
      made.add(new Alignment.Sample(i, 16 * count, count, 0, 0, Times.NONE));
    }
    samples.put("/lidar", made);
    return this;
  }

  /// Takes all points in directions, counter-clockwise from the x axis.
  public RigScene blind(int fromDegrees, int toDegrees) {
    blindFrom = fromDegrees + SweepProfile.BINS / 2;
    blindTo = toDegrees + SweepProfile.BINS / 2;
    return this;
  }

  /// Where stamps come from.
  public RigScene source(StampSource stamps) {
    source = stamps;
    return this;
  }

  /// The streams side by side.
  public Alignment build() {
    List<Alignment.Stream> streams = new ArrayList<>();
    List<Calibration> calibrations = new ArrayList<>();
    for (Map.Entry<String, long[]> stream : stampsNs.entrySet()) {
      boolean lidar = stream.getKey().equals("/lidar");
      StreamInfo info =
          StreamInfo.of(
              streams.size(),
              stream.getKey(),
              lidar ? Modality.LIDAR : Modality.CAMERA,
              source,
              "cdr",
              "");
      List<Alignment.Sweep> profiles = new ArrayList<>();
      for (int i = 0; lidar && i < stream.getValue().length; i++) {
        profiles.add(new Alignment.Sweep(i, profile()));
      }
      streams.add(
          new Alignment.Stream(
              info,
              stream.getValue(),
              stream.getValue().length,
              profiles,
              samples.getOrDefault(stream.getKey(), List.of()),
              absences.getOrDefault(stream.getKey(), List.of())));
    }
    yawDegrees.forEach((name, yaw) -> calibrations.add(calibration(name, Math.toRadians(yaw))));
    return new Alignment(streams, calibrations, null, new SharedAnalyses());
  }

  /// A sweep whose points lie in all directions.
  private SweepProfile profile() {
    short[] counts = new short[SweepProfile.BINS];
    Arrays.fill(counts, (short) 40);
    Arrays.fill(counts, blindFrom, blindTo, (short) 0);
    float[] times = new float[pointTimes ? SweepProfile.BINS : 0];
    float[] azimuths = new float[times.length];
    for (int bin = 0; bin < times.length; bin++) {
      double azimuth = (bin + 0.5) * 2 * Math.PI / SweepProfile.BINS - Math.PI;
      times[bin] = (float) crossing(azimuth);
      azimuths[bin] = (float) azimuth;
    }
    return new SweepProfile("", 1, counts, times, azimuths, 0, TURN_NS - 50_000, null);
  }

  /// A camera that looks along `yaw`: its z axis points there, its y axis down.
  private static Calibration calibration(String name, double yaw) {
    // Rotation of the optical frame into one with x forward, then by the yaw.
    double c = Math.cos(yaw / 2);
    double s = Math.sin(yaw / 2);
    double[] q = {0.5, -0.5, 0.5, -0.5};
    Pose mounting =
        new Pose(
            c * q[0] - s * q[3],
            c * q[1] - s * q[2],
            c * q[2] + s * q[1],
            c * q[3] + s * q[0],
            0.3 * Math.cos(yaw),
            0.3 * Math.sin(yaw),
            0);
    return new Calibration(
        name, "/lidar", mounting, new Calibration.Intrinsics(1000, 1000, 960, 540, 1920, 1080));
  }
}
