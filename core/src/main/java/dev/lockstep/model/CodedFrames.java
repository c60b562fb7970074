package dev.lockstep.model;

import java.util.Arrays;

/// What the frames of a video say of themselves inside of their coded bytes, by row of a
/// [MessageBatch]: their place in the order of showing, and the time on a clock that the stream
/// carries along.
///
/// Only rows of the batch are valid.
public final class CodedFrames {
  /// The place of a frame is not known.
  public static final int NO_ORDER = Integer.MIN_VALUE;

  /// The time counts from an epoch (a precision time stamp); without this flag it is a time code,
  /// which counts frames since midnight or any other begin.
  public static final byte ABSOLUTE = 1;

  /// The clock says itself that it did not go on evenly in front of the frame.
  public static final byte RESTARTS = 2;

  /// There is a time code, of which nobody says how long its frames are.
  public static final byte UNSCALED = 4;

  private int[] orders;
  private long[] timesNs;
  private byte[] marks;

  CodedFrames(int capacity) {
    orders = new int[capacity];
    timesNs = new long[capacity];
    marks = new byte[capacity];
    Arrays.fill(orders, NO_ORDER);
    Arrays.fill(timesNs, Times.NONE);
  }

  /// Sets what is known of a row.
  ///
  /// @param order picture order count since the last frame at which counting began anew
  ///   ([FrameOrder#RESTART], [FrameOrder#RESETS]), or [#NO_ORDER]
  /// @param timeNs when the frame was taken by the clock in the stream, ns, or [Times#NONE]
  /// @param marks [#ABSOLUTE], [#RESTARTS], [#UNSCALED]
  public void set(int row, int order, long timeNs, byte marks) {
    this.orders[row] = order;
    this.timesNs[row] = timeNs;
    this.marks[row] = marks;
  }

  /// Picture order count of each frame, or [#NO_ORDER].
  public int[] orders() {
    return orders;
  }

  /// Time of each frame by the clock in the stream, ns, or [Times#NONE].
  public long[] timesNs() {
    return timesNs;
  }

  /// [#ABSOLUTE], [#RESTARTS] and [#UNSCALED] of each frame.
  public byte[] marks() {
    return marks;
  }

  void grow(int room) {
    int before = orders.length;
    orders = Arrays.copyOf(orders, room);
    timesNs = Arrays.copyOf(timesNs, room);
    marks = Arrays.copyOf(marks, room);
    Arrays.fill(orders, before, room, NO_ORDER);
    Arrays.fill(timesNs, before, room, Times.NONE);
  }
}
