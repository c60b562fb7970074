package dev.lockstep.model;

import java.util.Arrays;

/// Poses of the vehicle over time, `world_SE3_ego`, in ascending order of stamp.
///
/// 64 bytes a pose; only `[0, size())` of each array is valid.
public final class PoseSeries {
  /// Doubles a pose takes in [#values()]: qw, qx, qy, qz, x, y, z.
  public static final int STRIDE = 7;

  private int size;
  private long[] stampsNs;
  private double[] values;

  /// An empty series.
  public PoseSeries() {
    this(64);
  }

  /// An empty series with room for `capacity` poses; it grows as poses are added.
  public PoseSeries(int capacity) {
    int room = Math.max(1, capacity);
    stampsNs = new long[room];
    values = new double[room * STRIDE];
  }

  /// Adds a pose. Poses must be added in ascending order of stamp; one that is not is ignored and
  /// `false` is returned.
  public boolean add(long stampNs, Pose pose) {
    if (size > 0 && stampNs <= stampsNs[size - 1]) {
      return false;
    }
    if (size == stampsNs.length) {
      stampsNs = Arrays.copyOf(stampsNs, size * 2);
      values = Arrays.copyOf(values, size * 2 * STRIDE);
    }
    stampsNs[size] = stampNs;
    int at = size * STRIDE;
    values[at] = pose.qw();
    values[at + 1] = pose.qx();
    values[at + 2] = pose.qy();
    values[at + 3] = pose.qz();
    values[at + 4] = pose.x();
    values[at + 5] = pose.y();
    values[at + 6] = pose.z();
    size++;
    return true;
  }

  /// Number of poses.
  public int size() {
    return size;
  }

  /// Stamps, ns, strictly ascending.
  public long[] stampsNs() {
    return stampsNs;
  }

  /// The poses, [#STRIDE] doubles each.
  public double[] values() {
    return values;
  }

  /// The pose numbered `i`.
  public Pose pose(int i) {
    int at = i * STRIDE;
    return new Pose(
        values[at],
        values[at + 1],
        values[at + 2],
        values[at + 3],
        values[at + 4],
        values[at + 5],
        values[at + 6]);
  }
}
