package dev.lockstep.model;

import java.util.Arrays;

/// The points of one sweep as columns, meters, in the frame that the sweep gives them in; `[0,
/// size())` of each is valid. Points that are no numbers are left out.
///
/// Reused from sweep to sweep: it keeps the room of the largest, 12 bytes a point.
public final class PointColumns {
  private int size;
  private float[] x = {};
  private float[] y = {};
  private float[] z = {};

  /// Forgets the points, and makes room for `points` of them.
  public void clear(int points) {
    size = 0;
    grow(points);
  }

  private void grow(int room) {
    if (room > x.length) {
      x = Arrays.copyOf(x, room);
      y = Arrays.copyOf(y, room);
      z = Arrays.copyOf(z, room);
    }
  }

  /// Adds a point.
  public void add(float px, float py, float pz) {
    if (!Float.isFinite(px + py + pz)) {
      return;
    }
    if (size == x.length) {
      grow(Math.max(1024, 2 * size));
    }
    x[size] = px;
    y[size] = py;
    z[size++] = pz;
  }

  /// Number of points.
  public int size() {
    return size;
  }

  /// First coordinate.
  public float[] x() {
    return x;
  }

  /// Second coordinate.
  public float[] y() {
    return y;
  }

  /// Third coordinate.
  public float[] z() {
    return z;
  }
}
