package dev.lockstep.bench.labels;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.engine.PointPass;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.synth.SweepTape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What rules are told of one recording whose labels are damaged again and again.
///
/// @param calibrations of its sensors
/// @param poses of the vehicle, or null
/// @param tape its sweeps, or null where there are none
record SensorDrive(
    List<Calibration> calibrations, @Nullable PoseSeries poses, @Nullable SweepTape tape) {

  /// A context for one label set.
  LabelCheck.Context context() {
    SweepTape sweeps = tape;
    List<LabelCheck.Context.Sweeps> streams =
        sweeps == null
            ? List.of()
            : List.of(new LabelCheck.Context.Sweeps(SweepTape.LIDAR, sweeps.stampsNs()));
    return new Context(streams);
  }

  private final class Context implements LabelCheck.Context {
    private final List<Sweeps> streams;
    private final Map<LabelSet, BoxPoints> points = new HashMap<>();
    private final Map<LabelSet, SharedAnalyses> shared = new HashMap<>();

    Context(List<Sweeps> streams) {
      this.streams = streams;
    }

    @Override
    public @Nullable PoseSeries poses() {
      return poses;
    }

    @Override
    public List<Sweeps> sweeps() {
      return streams;
    }

    @Override
    public List<Calibration> calibrations() {
      return calibrations;
    }

    @Override
    public BoxPoints points(LabelSet labels) {
      SweepTape sweeps = tape;
      return sweeps == null
          ? BoxPoints.unknown("no sweeps are known")
          : points.computeIfAbsent(
              labels,
              set ->
                  PointPass.of(
                          List.of(set), streams, calibrations, poses, v -> sweeps.show(v, true))
                      .getOrDefault(set, BoxPoints.unknown("no sweeps are known")));
    }

    @Override
    public SharedAnalyses shared(LabelSet labels) {
      return shared.computeIfAbsent(labels, set -> new SharedAnalyses());
    }

    @Override
    public @Nullable String reported(String labelSet, long stampNs) {
      return null;
    }
  }
}
