package dev.lockstep.testing;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.engine.PointPass;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.synth.SweepTape;
import dev.lockstep.synth.fault.LabelTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A synthetic drive with sweeps, and what rules are told of it.
public final class PointDrive {
  private final SweepTape tape;
  private final boolean timed;

  /// @param frames sweeps at 10 Hz
  /// @param timed whether points have times
  public PointDrive(long seed, int frames, boolean timed) {
    tape = new SweepTape(seed, frames);
    this.timed = timed;
  }

  private PointDrive(SweepTape tape, boolean timed) {
    this.tape = tape;
    this.timed = timed;
  }

  /// The same drive without the points of some boxes.
  public PointDrive without(List<LabelTable.Box> boxes) {
    return new PointDrive(tape.without(boxes), timed);
  }

  /// Stamp of a sweep.
  public long stampNs(int frame) {
    return tape.stampsNs()[frame];
  }

  /// A place `forward` and `left` of the vehicle in the world, and its heading: x, y, z, yaw.
  public double[] place(int frame, double forward, double left, double up) {
    return tape.place(frame, forward, left, up);
  }

  /// The labels, exact; a copy.
  public LabelTable labels() {
    return tape.labels();
  }

  /// What rules are told of the drive.
  public LabelCheck.Context context() {
    List<LabelCheck.Context.Sweeps> sweeps =
        List.of(new LabelCheck.Context.Sweeps(SweepTape.LIDAR, tape.stampsNs()));
    Map<LabelSet, BoxPoints> known = new HashMap<>();
    Map<LabelSet, SharedAnalyses> shared = new HashMap<>();
    return new LabelCheck.Context() {
      @Override
      public PoseSeries poses() {
        return tape.poses();
      }

      @Override
      public List<Sweeps> sweeps() {
        return sweeps;
      }

      @Override
      public List<Calibration> calibrations() {
        return tape.calibrations();
      }

      @Override
      public BoxPoints points(LabelSet set) {
        return known.computeIfAbsent(
            set,
            s ->
                PointPass.of(List.of(s), sweeps, calibrations(), poses(), v -> tape.show(v, timed))
                    .get(s));
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
}
