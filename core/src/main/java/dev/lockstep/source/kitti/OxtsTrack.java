package dev.lockstep.source.kitti;

import dev.lockstep.model.Pose;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;

/// Poses of the vehicle from the GPS/IMU readings of a drive, in order.
final class OxtsTrack {
  private final List<Pose> poses = new ArrayList<>();
  private final List<Long> stampsNs = new ArrayList<>();
  private double scale;

  /// Adds a sound reading; one without a stamp cannot be placed in time and is left out.
  void add(long stampNs, OxtsLine line) {
    if (stampNs == Times.NONE) {
      return;
    }
    if (poses.isEmpty()) {
      scale = line.mercatorScale();
    }
    poses.add(line.pose(scale));
    stampsNs.add(stampNs);
  }

  /// Poses relative to the place of the first one: x east, y north, z up, meters.
  PoseSeries series() {
    PoseSeries series = new PoseSeries();
    for (int i = 0; i < poses.size(); i++) {
      Pose first = poses.getFirst();
      Pose p = poses.get(i);
      Pose local =
          new Pose(
              p.qw(),
              p.qx(),
              p.qy(),
              p.qz(),
              p.x() - first.x(),
              p.y() - first.y(),
              p.z() - first.z());
      // Stamps that go back are a fault of the stream, reported there.
      boolean _ = series.add(stampsNs.get(i), local);
    }
    return series;
  }
}
