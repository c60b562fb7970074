package dev.lockstep.model;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a look at the points of one sweep gave: which directions hold points, when the beam crossed
/// each of them, and what the times of the points are worth.
///
/// Directions are bins of one degree on the ground, counter-clockwise from the x axis, seen from
/// the LiDAR that made the points; bin `b` holds azimuths of `[b, b + 1)` degrees, from -180 for
/// bin 0. A sweep that was put together from several LiDARs has a beam for each. Times are relative
/// to the stamp of the sweep. Immutable; about 1 kB a beam, 4 kB where points have times.
public final class SweepProfile {
  /// Bins of one turn.
  public static final int BINS = 360;

  private static final float[] NONE = {};

  private final int beams;
  private final short[] counts;
  private final float[] timesNs;
  private final float[] azimuths;
  private final long firstNs;
  private final long lastNs;
  private final @Nullable PointTimes pointTimes;
  private final String frame;
  private final short[] pauses;
  private final @Nullable SweepShape shape;

  /// The times of the points of a sweep.
  ///
  /// @param unitPower power of ten from the stored unit to nanoseconds (0, 3, 6 or 9), or -1 where
  ///   the span of the values fits no unit
  /// @param usualUnit whether that is the unit that the type of the field lets expect: nanoseconds
  ///   for whole numbers, seconds for fractions
  /// @param absolute whether they count from an epoch instead of from the stamp
  /// @param looked points that were looked at
  /// @param distinct how many different times they have, within some percent
  /// @param descents points whose time lies clearly before that of the point in front of them
  public record PointTimes(
      int unitPower, boolean usualUnit, boolean absolute, int looked, int distinct, int descents) {}

  /// @param frame frame of reference in which azimuths are measured, empty for the sensor's own
  /// @param beams LiDARs in the sweep
  /// @param counts points that were looked at, by beam and bin
  /// @param timesNs mean times of the points beyond 4 m, by beam and bin, NaN where there is none;
  ///   empty where points have no times
  /// @param azimuths mean azimuths of the same points, radians
  /// @param firstNs time of the first point, or [Times#NONE]
  /// @param lastNs time of the last point, or [Times#NONE]
  /// @param pointTimes what the times of the points are worth, null where points have none
  public SweepProfile(
      String frame,
      int beams,
      short[] counts,
      float[] timesNs,
      float[] azimuths,
      long firstNs,
      long lastNs,
      @Nullable PointTimes pointTimes) {
    this(frame, beams, counts, timesNs, azimuths, firstNs, lastNs, pointTimes, new short[0], null);
  }

  private SweepProfile(
      String frame,
      int beams,
      short[] counts,
      float[] timesNs,
      float[] azimuths,
      long firstNs,
      long lastNs,
      @Nullable PointTimes pointTimes,
      short[] pauses,
      @Nullable SweepShape shape) {
    this.frame = frame;
    this.beams = beams;
    this.counts = counts;
    this.timesNs = timesNs;
    this.azimuths = azimuths;
    this.firstNs = firstNs;
    this.lastNs = lastNs;
    this.pointTimes = pointTimes;
    this.pauses = pauses;
    this.shape = shape;
  }

  /// A sweep of which only its first and last instant are known, relative to its stamp.
  public static SweepProfile ofSpan(long firstNs, long lastNs) {
    return new SweepProfile("", 0, new short[0], NONE, NONE, firstNs, lastNs, null);
  }

  /// The same sweep, whose first and last instant are known from elsewhere.
  public SweepProfile withSpan(long firstNs, long lastNs) {
    return new SweepProfile(
        frame, beams, counts, timesNs, azimuths, firstNs, lastNs, pointTimes, pauses, shape);
  }

  /// The same sweep, of whose LiDARs it is known how long each gave no point.
  ///
  /// @param pauses by beam, in parts of the sweep's duration of which it has [#BINS]
  public SweepProfile withPauses(short[] pauses) {
    return new SweepProfile(
        frame, beams, counts, timesNs, azimuths, firstNs, lastNs, pointTimes, pauses, shape);
  }

  /// The same sweep, of which more than directions and times is known.
  public SweepProfile withShape(SweepShape shape) {
    return new SweepProfile(
        frame, beams, counts, timesNs, azimuths, firstNs, lastNs, pointTimes, pauses, shape);
  }

  /// What else is known of the points, null where nobody looked.
  public @Nullable SweepShape shape() {
    return shape;
  }

  /// Frame of reference in which azimuths are measured, empty for the sensor's own.
  public String frame() {
    return frame;
  }

  /// LiDARs in the sweep; 0 where the points say nothing about directions.
  public int beams() {
    return beams;
  }

  /// Points that were looked at in a direction.
  public int count(int beam, int bin) {
    return counts[beam * BINS + bin];
  }

  /// Whether it is known when the beams crossed each direction.
  public boolean hasBeamTimes() {
    return timesNs.length > 0;
  }

  /// Mean time of the points beyond 4 m in a direction, ns after the stamp; NaN where there is
  /// none.
  public double timeNs(int beam, int bin) {
    return timesNs[beam * BINS + bin];
  }

  /// Mean azimuth of the same points, radians.
  public double azimuth(int beam, int bin) {
    return azimuths[beam * BINS + bin];
  }

  /// Time of the first point, ns after the stamp (negative before), or [Times#NONE].
  public long firstNs() {
    return firstNs;
  }

  /// Time of the last point, ns after the stamp, or [Times#NONE].
  public long lastNs() {
    return lastNs;
  }

  /// The longest pause of a LiDAR within the sweep, in parts of the sweep's duration of which it
  /// has [#BINS] (about degrees of a turn); -1 where the points have no times.
  public int pause(int beam) {
    return pauses.length == 0 ? -1 : pauses[beam];
  }

  /// What the times of the points are worth, null where points have none.
  public @Nullable PointTimes pointTimes() {
    return pointTimes;
  }

  /// The bin of an azimuth in radians, -pi to pi.
  public static int bin(double azimuth) {
    int bin = (int) ((azimuth + Math.PI) * (BINS / (2 * Math.PI)));
    return bin < 0 ? 0 : bin < BINS ? bin : BINS - 1;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof SweepProfile p
        && frame.equals(p.frame)
        && beams == p.beams
        && Arrays.equals(counts, p.counts)
        && Arrays.equals(timesNs, p.timesNs)
        && Arrays.equals(azimuths, p.azimuths)
        && Arrays.equals(pauses, p.pauses)
        && firstNs == p.firstNs
        && lastNs == p.lastNs
        && Objects.equals(pointTimes, p.pointTimes)
        && Objects.equals(shape, p.shape);
  }

  @Override
  public int hashCode() {
    return Objects.hash(frame, Arrays.hashCode(counts), firstNs, lastNs);
  }
}
