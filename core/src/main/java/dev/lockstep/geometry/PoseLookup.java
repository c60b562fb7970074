package dev.lockstep.geometry;

import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Times;

/// Finds the pose of the vehicle at any stamp, between the poses of a series.
///
/// Keeps its place, so that ascending questions cost O(1) each; not for use by several threads.
public final class PoseLookup {
  private final PoseSeries poses;
  private final long maxGapNs;
  private int at;

  /// @param poses the series; kept, and not changed
  /// @param maxGapNs widest distance of two poses between which may be interpolated, ns
  public PoseLookup(PoseSeries poses, long maxGapNs) {
    this.poses = poses;
    this.maxGapNs = maxGapNs;
  }

  /// Writes `world_T_ego` at `stampNs` to `out[to..]`: rotation spherical, translation linear
  /// between the two poses around it. Gives `false`, and writes nothing, outside the series and in
  /// a gap that is too wide.
  public boolean at(long stampNs, double[] out, int to) {
    long[] stamps = poses.stampsNs();
    int n = poses.size();
    if (n == 0 || stampNs < stamps[0] || stampNs > stamps[n - 1]) {
      return false;
    }
    if (stamps[at] > stampNs) {
      at = 0;
    }
    int step = 1;
    while (at + step < n && stamps[at + step] <= stampNs) {
      at += step;
      step *= 2;
    }
    for (; step > 0; step /= 2) {
      if (at + step < n && stamps[at + step] <= stampNs) {
        at += step;
      }
    }
    double[] values = poses.values();
    if (stamps[at] == stampNs) {
      System.arraycopy(values, at * Rigid.STRIDE, out, to, Rigid.STRIDE);
      return true;
    }
    long gapNs = Times.difference(stamps[at + 1], stamps[at]);
    if (gapNs > maxGapNs) {
      return false;
    }
    double share = (double) (stampNs - stamps[at]) / gapNs;
    Rigid.interpolate(values, at * Rigid.STRIDE, values, (at + 1) * Rigid.STRIDE, share, out, to);
    return true;
  }
}
