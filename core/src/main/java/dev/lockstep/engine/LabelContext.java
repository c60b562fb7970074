package dev.lockstep.engine;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What rules about labels may ask of the recording that the labels belong to. Sees what the
/// collector has gathered by then.
final class LabelContext implements LabelCheck.Context {
  private final List<StreamPass> streams;
  private final List<LabelSet> labelSets;
  private final List<Calibration> calibrations;
  private final Supplier<@Nullable PoseSeries> poses;
  private final SweepsAgain sweepsAgain;
  private final IdentityHashMap<LabelSet, SharedAnalyses> shared = new IdentityHashMap<>();
  private @Nullable Map<LabelSet, BoxPoints> points;

  /// Lists grow while the recording is read.
  ///
  /// @param poses of the vehicle, null where there are none
  LabelContext(
      List<StreamPass> streams,
      List<LabelSet> labelSets,
      List<Calibration> calibrations,
      Supplier<@Nullable PoseSeries> poses,
      SweepsAgain sweepsAgain) {
    this.streams = streams;
    this.labelSets = labelSets;
    this.calibrations = calibrations;
    this.poses = poses;
    this.sweepsAgain = sweepsAgain;
  }

  @Override
  public List<Calibration> calibrations() {
    return List.copyOf(calibrations);
  }

  @Override
  public BoxPoints points(LabelSet labels) {
    Map<LabelSet, BoxPoints> known = points;
    if (known == null) {
      known = PointPass.of(labelSets, sweeps(), calibrations, poses.get(), sweepsAgain);
      points = known;
    }
    return known.getOrDefault(labels, BoxPoints.unknown("no sweeps are known"));
  }

  @Override
  public SharedAnalyses shared(LabelSet labels) {
    return shared.computeIfAbsent(labels, set -> new SharedAnalyses());
  }

  @Override
  public @Nullable PoseSeries poses() {
    return poses.get();
  }

  @Override
  public List<Sweeps> sweeps() {
    List<Sweeps> all = new ArrayList<>();
    for (StreamPass stream : streams) {
      Sweeps sweeps = stream.sweeps();
      if (sweeps != null) {
        all.add(sweeps);
      }
    }
    return all;
  }

  @Override
  public @Nullable String reported(String labelSet, long stampNs) {
    ReportedStamps known = reportedStamps(labelSet);
    return known == null ? null : known.reported(stampNs);
  }

  @Override
  public @Nullable String absent(String labelSet, long stampNs) {
    ReportedStamps known = reportedStamps(labelSet);
    return known == null ? null : known.absent(stampNs);
  }

  private @Nullable ReportedStamps reportedStamps(String labelSet) {
    for (StreamPass stream : streams) {
      if (stream.name().equals(labelSet)) {
        return stream.reportedStamps();
      }
    }
    return null;
  }
}
