package dev.lockstep.synth;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PointColumns;
import dev.lockstep.model.Pose;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.source.SweepVisitor;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.synth.scene.Actor;
import dev.lockstep.synth.scene.EgoMotion;
import dev.lockstep.synth.scene.LidarModel;
import dev.lockstep.synth.scene.Scene;
import dev.lockstep.synth.scene.Spinner;
import dev.lockstep.synth.scene.Sweep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A short synthetic drive in memory: the sweeps of one LiDAR at 10 Hz, poses, calibration and
/// exact boxes in the world, all stamped at the begin of their sweep. Some 300 kB a sweep.
public final class SweepTape {
  /// Name of the LiDAR's stream.
  public static final String LIDAR = "lidar";

  private static final long START_NS = 1_700_000_000_000_000_000L;
  private static final long TURN_NS = 100_000_000;
  private static final double RANGE_METERS = 50;

  /// A LiDAR as research vehicles carry them; its beams reach the ground between 4 and 70 m.
  private static final Spinner SPINNER =
      new Spinner(32, 720, Math.toRadians(-24), Math.toRadians(4), 70, 0.02, 0.9, 1.8);

  /// Room around a box that is cut out with it: where objects move, their points lie beside it.
  private static final double CUT_METERS = 1.5;

  private final List<float[][]> clouds = new ArrayList<>();
  private final List<SweepProfile> profiles = new ArrayList<>();
  private final PoseSeries poses;
  private final long[] stampsNs;
  private final LabelTable labels;

  /// A drive.
  ///
  /// @param seed any number
  /// @param sweeps number of sweeps
  public SweepTape(long seed, int sweeps) {
    Scene scene = new Scene(seed, RANGE_METERS);
    LidarModel lidar = new LidarModel(scene, SPINNER);
    Sweep sweep = new Sweep();
    poses = new PoseSeries();
    stampsNs = new long[sweeps];
    labels = new LabelTable(LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int f = 0; f < sweeps; f++) {
      stampsNs[f] = START_NS + f * TURN_NS;
      double seconds = f * (TURN_NS / 1e9);
      EgoMotion ego = scene.ego(seconds);
      double half = ego.yaw() / 2;
      poses.add(
          stampsNs[f],
          new Pose(StrictMath.cos(half), 0, 0, StrictMath.sin(half), ego.x(), ego.y(), 0));
      lidar.measure(f, seconds, TURN_NS, sweep);
      clouds.add(
          new float[][] {
            Arrays.copyOf(sweep.x(), sweep.size()),
            Arrays.copyOf(sweep.y(), sweep.size()),
            Arrays.copyOf(sweep.z(), sweep.size())
          });
      profiles.add(profile(sweep));
      for (Actor a : scene.actors(seconds)) {
        labels
            .add(new LabelTable.Box().at(stampsNs[f], f, "" + a.track(), a.category().label()))
            .solid(a.x(), a.y(), a.z(), a.lengthMeters(), a.widthMeters(), a.heightMeters())
            .yaw(a.yaw());
      }
    }
  }

  private static SweepProfile profile(Sweep sweep) {
    short[] counts = new short[SweepProfile.BINS];
    float[] times = new float[SweepProfile.BINS];
    float[] azimuths = new float[SweepProfile.BINS];
    int[] counted = new int[SweepProfile.BINS];
    for (int i = 0; i < sweep.size(); i++) {
      double azimuth = StrictMath.atan2(sweep.y()[i], sweep.x()[i]);
      int bin = SweepProfile.bin(azimuth);
      // Where the turn begins and ends, the first beam and the last meet in one bin.
      if (counted[bin] == 0 || Math.abs(sweep.offsetsNs()[i] - times[bin]) < TURN_NS / 4) {
        counted[bin]++;
        times[bin] += (sweep.offsetsNs()[i] - times[bin]) / counted[bin];
        azimuths[bin] += ((float) azimuth - azimuths[bin]) / counted[bin];
      }
    }
    for (int bin = 0; bin < counts.length; bin++) {
      counts[bin] = (short) Math.min(counted[bin], Short.MAX_VALUE);
      times[bin] = counted[bin] == 0 ? Float.NaN : times[bin];
      azimuths[bin] = counted[bin] == 0 ? Float.NaN : azimuths[bin];
    }
    return new SweepProfile("", 1, counts, times, azimuths, 0, TURN_NS, null);
  }

  /// Stamps of the sweeps, ns.
  public long[] stampsNs() {
    return stampsNs.clone();
  }

  /// Poses of the vehicle at those stamps.
  public PoseSeries poses() {
    return poses;
  }

  /// Where the LiDAR sits.
  public List<Calibration> calibrations() {
    Pose mounting = new Pose(1, 0, 0, 0, SPINNER.forwardMeters(), 0, SPINNER.upMeters());
    return List.of(new Calibration(LIDAR, "base_link", mounting, null));
  }

  /// The boxes, exact; a copy.
  public LabelTable labels() {
    return labels.copy();
  }

  /// The same drive without the points in and around a box in the sweep of its frame: what a filter
  /// cuts out, or a packet loses.
  public SweepTape without(List<LabelTable.Box> boxes) {
    return new SweepTape(this, boxes);
  }

  private SweepTape(SweepTape whole, List<LabelTable.Box> boxes) {
    stampsNs = whole.stampsNs;
    labels = whole.labels;
    poses = whole.poses;
    profiles.addAll(whole.profiles);
    clouds.addAll(whole.clouds);
    for (LabelTable.Box box : boxes) {
      int sweep = (int) box.frame;
      Pose pose = poses.pose(sweep);
      double yaw = 2 * StrictMath.atan2(pose.qz(), pose.qw());
      double cos = StrictMath.cos(yaw);
      double sin = StrictMath.sin(yaw);
      double reach = CUT_METERS + Math.hypot(box.length, box.width) / 2;
      float[][] cloud = clouds.get(sweep);
      float[][] kept = new float[3][cloud[0].length];
      int n = 0;
      for (int i = 0; i < cloud[0].length; i++) {
        double forward = cloud[0][i] + SPINNER.forwardMeters();
        double x = pose.x() + cos * forward - sin * cloud[1][i];
        double y = pose.y() + sin * forward + cos * cloud[1][i];
        if (Math.hypot(x - box.x, y - box.y) > reach) {
          for (int d = 0; d < 3; d++) {
            kept[d][n] = cloud[d][i];
          }
          n++;
        }
      }
      for (int d = 0; d < 3; d++) {
        kept[d] = Arrays.copyOf(kept[d], n);
      }
      clouds.set(sweep, kept);
    }
  }

  /// A place in the world seen from the vehicle, and the vehicle's heading: x, y, z, yaw.
  public double[] place(int sweep, double forward, double left, double up) {
    Pose pose = poses.pose(sweep);
    double yaw = 2 * StrictMath.atan2(pose.qz(), pose.qw());
    return new double[] {
      pose.x() + StrictMath.cos(yaw) * forward - StrictMath.sin(yaw) * left,
      pose.y() + StrictMath.sin(yaw) * forward + StrictMath.cos(yaw) * left,
      up,
      yaw
    };
  }

  /// Shows all sweeps.
  ///
  /// @param timed whether points have times
  public void show(SweepVisitor visitor, boolean timed) {
    for (int f = 0; f < clouds.size(); f++) {
      PointColumns room = visitor.room();
      float[][] cloud = clouds.get(f);
      room.clear(cloud[0].length);
      for (int i = 0; i < cloud[0].length; i++) {
        room.add(cloud[0][i], cloud[1][i], cloud[2][i]);
      }
      visitor.sweep(LIDAR, stampsNs[f], room, timed ? profiles.get(f) : null);
    }
  }
}
