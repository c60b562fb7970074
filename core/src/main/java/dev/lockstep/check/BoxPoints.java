package dev.lockstep.check;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the sweeps hold of the 3D boxes of a label set, a row a label: 33 bytes each.
///
/// A box is looked at in the one sweep that has its stamp. Rows without such a sweep, without a 3D
/// box or with one that cannot be placed are not [#seen].
public final class BoxPoints {
  private final @Nullable String unknown;
  private final String stream;
  private final double periodSeconds;
  private final boolean[] seen;
  private final int[] inside;
  private final int[] near;
  private final int[] through;
  private final int[] stopped;
  private final float[] ahead;
  private final float[] speed;
  private final float[] ground;
  private final float[] timeSeconds;

  private BoxPoints(@Nullable String unknown, String stream, double periodSeconds, int rows) {
    this.unknown = unknown;
    this.stream = stream;
    this.periodSeconds = periodSeconds;
    seen = new boolean[rows];
    inside = new int[rows];
    near = new int[rows];
    through = new int[rows];
    stopped = new int[rows];
    Arrays.fill(stopped, -1);
    ahead = new float[rows];
    speed = new float[rows];
    ground = new float[rows];
    timeSeconds = new float[rows];
    Arrays.fill(ahead, Float.NaN);
    Arrays.fill(speed, Float.NaN);
    Arrays.fill(ground, Float.NaN);
    Arrays.fill(timeSeconds, Float.NaN);
  }

  /// Nothing, and why.
  public static BoxPoints unknown(String reason) {
    return new BoxPoints(reason, "", Double.NaN, 0);
  }

  /// Room for what the sweeps of a stream hold of a set's rows.
  ///
  /// @param stream name of the LiDAR stream
  /// @param periodSeconds median step of its sweeps
  public static BoxPoints of(String stream, double periodSeconds, int rows) {
    return new BoxPoints(null, stream, periodSeconds, rows);
  }

  /// Enters a row. Rows may be entered by different threads, each by one.
  ///
  /// @param inside points in the box, those at its foot left out
  /// @param near points in the box and half a meter around it
  /// @param through rays that cross the core of the box and end behind it
  /// @param ahead how far the points lie ahead of the box along its length, meters, or NaN
  /// @param ground height of the ground around the box over its bottom, meters, or NaN
  /// @param timeSeconds when the points were measured, after the stamp, or NaN
  public void set(
      int row, int inside, int near, int through, double ahead, double ground, double timeSeconds) {
    this.inside[row] = inside;
    this.near[row] = near;
    this.through[row] = through;
    this.ahead[row] = (float) ahead;
    this.ground[row] = (float) ground;
    this.timeSeconds[row] = (float) timeSeconds;
    seen[row] = true;
  }

  /// Enters how many rays towards the core of a box end before it.
  public void setStopped(int row, int rays) {
    stopped[row] = rays;
  }

  /// Enters how fast a box moves along its length in the frame of its labels, m/s.
  public void setSpeed(int row, double metersPerSecond) {
    speed[row] = (float) metersPerSecond;
  }

  /// Why nothing is known, or null where something is.
  public @Nullable String reason() {
    return unknown;
  }

  /// Name of the LiDAR stream.
  public String stream() {
    return stream;
  }

  /// Median step of its sweeps, seconds.
  public double periodSeconds() {
    return periodSeconds;
  }

  /// Whether a sweep shows the place of the box.
  public boolean seen(int row) {
    return seen[row];
  }

  /// Points in the box, those at its foot left out.
  public int inside(int row) {
    return inside[row];
  }

  /// Points in the box and half a meter around it.
  public int near(int row) {
    return near[row];
  }

  /// Rays that cross the core of the box and end behind it, up to 100.
  public int through(int row) {
    return through[row];
  }

  /// Rays towards the core of the box that end before it: what hides the object. Below 0 where
  /// nobody knows where rays begin.
  public int stopped(int row) {
    return stopped[row];
  }

  /// How far the points lie ahead of the box along its length, meters; NaN where the sweep does not
  /// tell.
  public double ahead(int row) {
    return ahead[row];
  }

  /// How fast the box moves along its length in the frame of its labels, m/s; NaN where its track
  /// does not tell.
  public double speed(int row) {
    return speed[row];
  }

  /// Height of the ground around the box over its bottom, meters; NaN where the sweep does not
  /// tell.
  public double ground(int row) {
    return ground[row];
  }

  /// When the points of the box were measured, seconds after the stamp of the sweep; NaN where
  /// points have no times.
  public double timeSeconds(int row) {
    return timeSeconds[row];
  }
}
