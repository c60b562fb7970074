package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.geometry.Angles;
import dev.lockstep.geometry.Rigid;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Calibration.Intrinsics;
import dev.lockstep.model.Pose;
import dev.lockstep.model.SweepProfile;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// When the beams of a LiDAR crossed a direction, and which direction a camera looks to.
final class Beam {
  /// Least horizontal part of an optical axis that has a direction on the ground; judged.
  private static final double LEAST_LEVEL = 0.5;

  /// Bins on either side of a direction that tell when the beam crossed it: one degree.
  private static final int NEIGHBOURS = 1;

  private Beam() {}

  /// The direction of a camera's optical axis (its z axis) on the ground of the frame in which the
  /// profiles of `lidar` measure azimuths, radians; NaN where the calibration does not tell.
  static double yaw(Alignment alignment, Alignment.Stream lidar, String camera) {
    Calibration own = alignment.calibration(camera);
    if (own == null || lidar.sweeps().isEmpty()) {
      return Double.NaN;
    }
    @Nullable Pose mounting = own.mounting();
    @Nullable Intrinsics projects = own.intrinsics();
    if (mounting == null || projects == null) {
      return Double.NaN;
    }
    double[] axis = turned(mounting, new double[] {0, 0, 1});
    String frame = lidar.sweeps().getFirst().profile().frame();
    if (frame.isEmpty() && !own.parent().equals(lidar.name())) {
      Calibration base = alignment.calibration(lidar.name());
      Pose placed = base == null ? null : base.mounting();
      if (base == null || placed == null || !base.parent().equals(own.parent())) {
        return Double.NaN;
      }
      Pose back = new Pose(placed.qw(), -placed.qx(), -placed.qy(), -placed.qz(), 0, 0, 0);
      axis = turned(back, axis);
    } else if (!frame.isEmpty() && !own.parent().equals(frame)) {
      return Double.NaN;
    }
    return Math.hypot(axis[0], axis[1]) < LEAST_LEVEL ? Double.NaN : Math.atan2(axis[1], axis[0]);
  }

  private static double[] turned(Pose by, double[] axis) {
    double[] transform = {by.qw(), by.qx(), by.qy(), by.qz(), 0, 0, 0};
    double[] out = new double[3];
    Rigid.apply(transform, 0, axis[0], axis[1], axis[2], out, 0);
    return out;
  }

  /// When beam `beam` of a sweep crossed `yaw`, ns after the stamp of the sweep; NaN where too few
  /// points tell.
  ///
  /// @param turnNs time of a turn
  static double crossingNs(SweepProfile sweep, int beam, double yaw, double turnNs) {
    double rate = rate(sweep, beam, turnNs);
    if (Double.isNaN(rate)) {
      return Double.NaN;
    }
    int centre = SweepProfile.bin(Angles.wrap(yaw));
    double sum = 0;
    double anchor = Double.NaN;
    int n = 0;
    for (int b = centre - NEIGHBOURS; b <= centre + NEIGHBOURS; b++) {
      int bin = Math.floorMod(b, SweepProfile.BINS);
      double time = sweep.timeNs(beam, bin);
      if (Double.isNaN(time)) {
        continue;
      }
      double crossing = time + rate * Angles.difference(yaw, sweep.azimuth(beam, bin));
      if (n == 0) {
        anchor = crossing;
      }
      // Where a sweep begins and ends, neighbours may be a turn apart.
      sum += crossing - anchor - Math.rint((crossing - anchor) / turnNs) * turnNs;
      n++;
    }
    return n < 2 ? Double.NaN : anchor + sum / n;
  }

  /// Time that a beam takes for a radian, negative where it turns clockwise; NaN where its times
  /// show no turning.
  private static double rate(SweepProfile sweep, int beam, double turnNs) {
    int ahead = 0;
    int back = 0;
    for (int b = 0; b + 1 < SweepProfile.BINS; b++) {
      double step = sweep.timeNs(beam, b + 1) - sweep.timeNs(beam, b);
      if (Math.abs(step) < turnNs / 20) {
        ahead += step > 0 ? 1 : 0;
        back += step < 0 ? 1 : 0;
      }
    }
    // A beam that turns passes nearly every bin in order.
    int most = Math.max(ahead, back);
    if (most < SweepProfile.BINS / 6 || most < 4 * Math.min(ahead, back)) {
      return Double.NaN;
    }
    return (ahead > back ? turnNs : -turnNs) / (2 * Math.PI);
  }

  /// Median of some values, NaN where there are none; the array is sorted.
  static double median(double[] values) {
    Arrays.sort(values);
    int n = values.length;
    return n == 0 ? Double.NaN : (values[n / 2] + values[(n - 1) / 2]) / 2;
  }

  /// Median of values on a circle, near their circular mean.
  static double circularMedian(List<Double> values, double periodNs) {
    double re = 0;
    double im = 0;
    for (double value : values) {
      re += Math.cos(2 * Math.PI * value / periodNs);
      im += Math.sin(2 * Math.PI * value / periodNs);
    }
    double centre = Math.atan2(im, re) / (2 * Math.PI) * periodNs;
    double[] near = new double[values.size()];
    for (int i = 0; i < near.length; i++) {
      double off = values.get(i) - centre;
      near[i] = off - Math.rint(off / periodNs) * periodNs;
    }
    double median = centre + median(near);
    return median - Math.rint(median / periodNs) * periodNs;
  }
}
