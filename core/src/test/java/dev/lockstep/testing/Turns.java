package dev.lockstep.testing;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.TurnTrack;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A vehicle whose turns are known at every instant, and sensors that show them.
public final class Turns {
  /// When drives begin, ns.
  public static final long EPOCH_NS = 1_700_000_000_000_000_000L;

  private final Random random;
  private final double[][] waves = new double[12][];
  private final double seconds;
  private final List<Alignment.Turning> sensors = new ArrayList<>();

  /// A drive of that length.
  public Turns(long seed, double seconds) {
    this(seed, seconds, 0.15);
  }

  /// A drive of that length.
  ///
  /// @param rate usual rate of each of the waves that its turns consist of, rad/s
  public Turns(long seed, double seconds, double rate) {
    random = new Random(seed);
    this.seconds = seconds;
    for (int i = 0; i < waves.length; i++) {
      waves[i] =
          new double[] {
            rate * random.nextGaussian(),
            0.1 + 2.5 * random.nextDouble(),
            6.3 * random.nextDouble(),
            random.nextInt(3)
          };
    }
  }

  /// How far the vehicle has turned about an axis, rad.
  private double angle(int axis, double at) {
    double sum = 0;
    for (double[] wave : waves) {
      sum += wave[3] == axis ? wave[0] / wave[1] * Math.sin(wave[1] * at + wave[2]) : 0;
    }
    return sum;
  }

  private double rate(int axis, double at) {
    double sum = 0;
    for (double[] wave : waves) {
      sum += wave[3] == axis ? wave[0] * Math.cos(wave[1] * at + wave[2]) : 0;
    }
    return sum;
  }

  /// An inertial unit that is mounted askew, whose content is that much late.
  public Turns imu(String name, double hertz, double lateSeconds, double noise) {
    TurnTrack track = new TurnTrack(false);
    for (int k = 0; k < seconds * hertz; k++) {
      double at = k / hertz - lateSeconds;
      double x = rate(0, at);
      double y = rate(1, at);
      double z = rate(2, at);
      track.add(
          stampNs(k / hertz),
          0.6 * x - 0.8 * z + 0.01 + noise * random.nextGaussian(),
          y + noise * random.nextGaussian(),
          0.8 * x + 0.6 * z - 0.02 + noise * random.nextGaussian(),
          Double.NaN);
    }
    return with(name, Modality.IMU, track);
  }

  /// Something that shows only turns about the vertical.
  public Turns planar(String name, double hertz, double lateSeconds, double noise) {
    TurnTrack track = new TurnTrack(true);
    for (int k = 0; k < seconds * hertz; k++) {
      double to = k / hertz - lateSeconds;
      double turn = angle(2, to) - angle(2, to - 1 / hertz) + noise * random.nextGaussian();
      track.addStep(stampNs(k / hertz), turn);
    }
    return with(name, Modality.LABELS, track);
  }

  private static long stampNs(double at) {
    return EPOCH_NS + Math.round(at * 1e9);
  }

  private Turns with(String name, Modality modality, TurnTrack track) {
    StreamInfo info = StreamInfo.of(sensors.size(), name, modality, StampSource.HEADER, "cdr", "");
    sensors.add(new Alignment.Turning(info, track, List.of()));
    return this;
  }

  /// The track of a sensor.
  public TurnTrack track(int sensor) {
    return sensors.get(sensor).track();
  }

  /// All sensors side by side.
  public Alignment build() {
    return new Alignment(List.of(), List.of(), sensors, List.of(), null, new SharedAnalyses());
  }
}
