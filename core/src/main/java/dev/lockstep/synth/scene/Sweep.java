package dev.lockstep.synth.scene;

import java.util.Arrays;

/// The returns of one LiDAR sweep as columns, in order of measurement; `[0, size())` is valid.
public final class Sweep {
  /// Track of a point on the ground.
  public static final long GROUND = -1;

  private int size;
  private float[] x = new float[1024];
  private float[] y = new float[1024];
  private float[] z = new float[1024];
  private int[] offsetsNs = new int[1024];
  private short[] rings = new short[1024];
  private long[] tracks = new long[1024];

  void clear() {
    size = 0;
  }

  void add(float px, float py, float pz, int offsetNs, int ring, long track) {
    if (size == x.length) {
      int room = size * 2;
      x = Arrays.copyOf(x, room);
      y = Arrays.copyOf(y, room);
      z = Arrays.copyOf(z, room);
      offsetsNs = Arrays.copyOf(offsetsNs, room);
      rings = Arrays.copyOf(rings, room);
      tracks = Arrays.copyOf(tracks, room);
    }
    x[size] = px;
    y[size] = py;
    z[size] = pz;
    offsetsNs[size] = offsetNs;
    rings[size] = (short) ring;
    tracks[size] = track;
    size++;
  }

  /// Number of returns.
  public int size() {
    return size;
  }

  /// Forward, m, in the sensor's frame at the begin of the sweep.
  public float[] x() {
    return x;
  }

  /// Left, m.
  public float[] y() {
    return y;
  }

  /// Up, m.
  public float[] z() {
    return z;
  }

  /// When each point was measured, ns after the begin of the sweep.
  public int[] offsetsNs() {
    return offsetsNs;
  }

  /// Beam of each point.
  public short[] rings() {
    return rings;
  }

  /// What each point lies on: a track, or [#GROUND].
  public long[] tracks() {
    return tracks;
  }
}
