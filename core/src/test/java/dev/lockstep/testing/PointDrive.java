package dev.lockstep.testing;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.engine.PointPass;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PointColumns;
import dev.lockstep.model.Pose;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.payload.SweepProfiler;
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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// A synthetic drive with sweeps, poses, calibration and exact labels in memory, for rules that
/// need points.
public final class PointDrive {
  private static final long START_NS = 1_700_000_000_000_000_000L;
  private static final long TURN_NS = 100_000_000;
  private static final double RANGE_METERS = 50;
  private static final Spinner SPINNER =
      new Spinner(32, 720, Math.toRadians(-24), Math.toRadians(4), 70, 0.02, 0.9, 1.8);

  private final boolean timed;
  private final List<float[][]> clouds = new ArrayList<>();
  private final List<SweepProfile> profiles = new ArrayList<>();
  private final PoseSeries poses = new PoseSeries();
  private final long[] stampsNs;
  private final LabelTable labels;

  /// @param frames sweeps at 10 Hz
  /// @param timed whether points have times
  public PointDrive(long seed, int frames, boolean timed) {
    this.timed = timed;
    Scene scene = new Scene(seed, RANGE_METERS);
    LidarModel lidar = new LidarModel(scene, SPINNER);
    Sweep sweep = new Sweep();
    SweepProfiler profiler = new SweepProfiler();
    stampsNs = new long[frames];
    labels = new LabelTable(LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int f = 0; f < frames; f++) {
      stampsNs[f] = START_NS + f * TURN_NS;
      double seconds = f * 0.1;
      EgoMotion ego = scene.ego(seconds);
      poses.add(
          stampsNs[f],
          new Pose(Math.cos(ego.yaw() / 2), 0, 0, Math.sin(ego.yaw() / 2), ego.x(), ego.y(), 0));
      lidar.measure(f, seconds, TURN_NS, sweep);
      float[][] cloud = {
        Arrays.copyOf(sweep.x(), sweep.size()),
        Arrays.copyOf(sweep.y(), sweep.size()),
        Arrays.copyOf(sweep.z(), sweep.size())
      };
      clouds.add(cloud);
      profiler.begin(1, true, true);
      for (int i = 0; i < sweep.size(); i += SweepProfiler.stride(sweep.size())) {
        profiler.point(0, cloud[0][i], cloud[1][i], sweep.offsetsNs()[i]);
      }
      profiles.add(profiler.end(stampsNs[f], ""));
      for (Actor a : scene.actors(seconds)) {
        labels.add(
            new LabelTable.Box()
                .at(stampsNs[f], f, "" + a.track(), a.category().label())
                .solid(a.x(), a.y(), a.z(), a.lengthMeters(), a.widthMeters(), a.heightMeters())
                .yaw(a.yaw()));
      }
    }
  }

  /// Stamp of a sweep.
  public long stampNs(int frame) {
    return stampsNs[frame];
  }

  /// A place `forward` and `left` of the vehicle in the world, and its heading: x, y, z, yaw.
  public double[] place(int frame, double forward, double left, double up) {
    Pose pose = poses.pose(frame);
    double yaw = 2 * Math.atan2(pose.qz(), pose.qw());
    return new double[] {
      pose.x() + Math.cos(yaw) * forward - Math.sin(yaw) * left,
      pose.y() + Math.sin(yaw) * forward + Math.cos(yaw) * left,
      up,
      yaw
    };
  }

  /// The labels, exact; a copy.
  public LabelTable labels() {
    return labels.copy();
  }

  /// What rules are told of the drive.
  public LabelCheck.Context context() {
    Calibration lidar =
        new Calibration(
            "lidar",
            "base_link",
            new Pose(1, 0, 0, 0, SPINNER.forwardMeters(), 0, SPINNER.upMeters()),
            null);
    List<LabelCheck.Context.Sweeps> sweeps =
        List.of(new LabelCheck.Context.Sweeps("lidar", stampsNs));
    Map<LabelSet, BoxPoints> known = new IdentityHashMap<>();
    Map<LabelSet, SharedAnalyses> shared = new IdentityHashMap<>();
    return new LabelCheck.Context() {
      @Override
      public PoseSeries poses() {
        return poses;
      }

      @Override
      public List<Sweeps> sweeps() {
        return sweeps;
      }

      @Override
      public List<Calibration> calibrations() {
        return List.of(lidar);
      }

      @Override
      public BoxPoints points(LabelSet set) {
        return known.computeIfAbsent(
            set,
            s -> PointPass.of(List.of(s), sweeps, List.of(lidar), poses, v -> feed(v)).get(s));
      }

      @Override
      public SharedAnalyses shared(LabelSet set) {
        return shared.computeIfAbsent(set, s -> new SharedAnalyses());
      }

      @Override
      public String reported(String labelSet, long stampNs) {
        return null;
      }
    };
  }

  private void feed(SweepVisitor visitor) {
    for (int f = 0; f < clouds.size(); f++) {
      PointColumns room = visitor.room();
      float[][] cloud = clouds.get(f);
      for (int i = 0; i < cloud[0].length; i++) {
        room.add(cloud[0][i], cloud[1][i], cloud[2][i]);
      }
      visitor.sweep("lidar", stampsNs[f], room, timed ? profiles.get(f) : null);
    }
  }
}
