package dev.lockstep.model;

import java.util.Arrays;

/// What inertial units and positions measured, by row of a [MessageBatch], beside the turns that
/// [MessageBatch#turns] has. Only rows of the batch are valid.
public final class Readings {
  /// Numbers of each in a row.
  public static final int AXES = 3;

  /// The row has an acceleration.
  public static final byte ACCELERATION = 1;

  /// The row has a position in meters.
  public static final byte POSITION = 2;

  /// The row has a position in degrees of latitude and longitude, and meters of altitude.
  public static final byte GEODETIC = 4;

  private double[] accelerations;
  private double[] positions;
  private byte[] kinds;

  Readings(int capacity) {
    accelerations = new double[capacity * AXES];
    positions = new double[capacity * AXES];
    kinds = new byte[capacity];
  }

  void setAcceleration(int row, double x, double y, double z) {
    put(accelerations, row, x, y, z);
    kinds[row] |= ACCELERATION;
  }

  void setPosition(int row, double x, double y, double z, boolean geodetic) {
    put(positions, row, x, y, z);
    kinds[row] |= geodetic ? GEODETIC : POSITION;
  }

  private static void put(double[] column, int row, double x, double y, double z) {
    column[row * AXES] = x;
    column[row * AXES + 1] = y;
    column[row * AXES + 2] = z;
  }

  void copyFrom(Readings other, int from, int to) {
    System.arraycopy(other.accelerations, from * AXES, accelerations, to * AXES, AXES);
    System.arraycopy(other.positions, from * AXES, positions, to * AXES, AXES);
    kinds[to] = other.kinds[from];
  }

  void grow(int room) {
    accelerations = Arrays.copyOf(accelerations, room * AXES);
    positions = Arrays.copyOf(positions, room * AXES);
    kinds = Arrays.copyOf(kinds, room);
  }

  /// Specific force along x, y and z, m/s² as messages should have it, [#AXES] numbers a row.
  public double[] accelerations() {
    return accelerations;
  }

  /// Positions, [#AXES] numbers a row.
  public double[] positions() {
    return positions;
  }

  /// [#ACCELERATION], [#POSITION], [#GEODETIC] of a row.
  public int kinds(int row) {
    return kinds[row];
  }
}
