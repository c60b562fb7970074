package dev.lockstep.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a look at the points of one sweep gave besides directions and times: how far the world is
/// on each side, how high, which lasers gave points, and whether their intensities differ.
/// Immutable; about half a kilobyte.
public final class SweepShape {
  /// Sectors of one turn, counter-clockwise from -180 degrees.
  public static final int SECTORS = 72;

  private final float[] ranges;
  private final double height;
  private final int looked;
  private final int returns;
  private final short[] lasers;
  private final boolean intensities;
  private final boolean varied;

  /// @param ranges mean of the binary logarithm of the ground distance in meters, by sector; NaN
  ///   where too few points lie
  /// @param height mean z of the points that are returns, m; NaN where there are none
  /// @param looked points that were looked at and have finite coordinates
  /// @param returns those of them that are further from the LiDAR than a point without a return
  /// @param lasers returns that were looked at, by number of the laser; empty where points do not
  ///   name theirs
  /// @param intensities whether points have intensities
  /// @param varied whether two of the returns that were looked at differ in theirs
  public SweepShape(
      float[] ranges,
      double height,
      int looked,
      int returns,
      short[] lasers,
      boolean intensities,
      boolean varied) {
    this.ranges = ranges;
    this.height = height;
    this.looked = looked;
    this.returns = returns;
    this.lasers = lasers;
    this.intensities = intensities;
    this.varied = varied;
  }

  /// Mean of the binary logarithm of the ground distance in meters, NaN where too few points lie.
  public float range(int sector) {
    return ranges[sector];
  }

  /// Mean z of the returns, m; NaN where there are none.
  public double height() {
    return height;
  }

  /// Points that were looked at and have finite coordinates.
  public int looked() {
    return looked;
  }

  /// Points that were looked at and are returns.
  public int returns() {
    return returns;
  }

  /// Numbers of lasers that are known, 0 where points do not name theirs.
  public int lasers() {
    return lasers.length;
  }

  /// Returns of a laser that were looked at.
  public int returnsOf(int laser) {
    return laser < lasers.length ? lasers[laser] : 0;
  }

  /// Whether points have intensities.
  public boolean hasIntensities() {
    return intensities;
  }

  /// Whether two of the returns that were looked at differ in intensity.
  public boolean intensitiesVary() {
    return varied;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof SweepShape s
        && Arrays.equals(ranges, s.ranges)
        && Double.compare(height, s.height) == 0
        && looked == s.looked
        && returns == s.returns
        && Arrays.equals(lasers, s.lasers)
        && intensities == s.intensities
        && varied == s.varied;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ranges) + returns;
  }
}
