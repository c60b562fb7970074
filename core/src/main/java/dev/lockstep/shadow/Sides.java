package dev.lockstep.shadow;

import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/// Brings the times of two label sets onto one scale.
///
/// @param original what the export was made from
/// @param export the export
/// @param basis what rows are found by, in words
record Sides(Side original, Side export, String basis) {
  private static final long NS_PER_US = 1000;

  /// Frame numbers where both have them, else stamps where both have those and share most, else the
  /// order of instants.
  static Sides of(
      LabelSet a,
      LabelCapabilities canA,
      String formatA,
      LabelSet b,
      LabelCapabilities canB,
      String formatB) {
    long[] timeA;
    long[] timeB;
    String basis;
    if (numbered(a) && numbered(b)) {
      timeA = frames(a);
      timeB = frames(b);
      basis = "frame number";
    } else {
      LongUnaryOperator unit =
          microseconds(canA) || microseconds(canB)
              ? ns -> Math.floorDiv(ns, NS_PER_US)
              : LongUnaryOperator.identity();
      long[] instantsA = instants(a, unit);
      long[] instantsB = instants(b, unit);
      if (stamped(a) && stamped(b) && shared(instantsA, instantsB)) {
        long[] all = union(instantsA, instantsB);
        timeA = ranks(a, unit, all);
        timeB = ranks(b, unit, all);
        basis = "stamp";
      } else {
        timeA = LabelWriteOptions.of(a).framesOf(a, 0);
        timeB = LabelWriteOptions.of(b).framesOf(b, 0);
        basis = "order of instants";
      }
    }
    return new Sides(
        new Side(a, canA, formatA, timeA, new boolean[a.size()]),
        new Side(b, canB, formatB, timeB, new boolean[b.size()]),
        basis);
  }

  private static boolean microseconds(LabelCapabilities can) {
    return can.timeBase() == LabelCapabilities.TimeBase.MICROSECONDS;
  }

  private static boolean numbered(LabelSet labels) {
    for (int row = 0; row < labels.size(); row++) {
      if (labels.frames()[row] < 0) {
        return false;
      }
    }
    return labels.size() > 0;
  }

  static boolean stamped(LabelSet labels) {
    return labels.stampSource() != StampSource.FRAME_NUMBER && labels.size() > 0;
  }

  private static long[] frames(LabelSet labels) {
    long[] frames = Arrays.copyOf(labels.frames(), labels.size());
    for (int row = 0; row < frames.length; row++) {
      frames[row] -= labels.details().firstFrame();
    }
    return frames;
  }

  private static long[] instants(LabelSet labels, LongUnaryOperator unit) {
    return Arrays.stream(labels.stampsNs(), 0, labels.size())
        .map(unit)
        .sorted()
        .distinct()
        .toArray();
  }

  private static long[] union(long[] a, long[] b) {
    long[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return Arrays.stream(all).sorted().distinct().toArray();
  }

  private static boolean shared(long[] a, long[] b) {
    long common = Arrays.stream(b).filter(t -> Arrays.binarySearch(a, t) >= 0).count();
    return 2 * common >= Math.min(a.length, b.length);
  }

  private static long[] ranks(LabelSet labels, LongUnaryOperator unit, long[] all) {
    long[] ranks = new long[labels.size()];
    for (int row = 0; row < ranks.length; row++) {
      ranks[row] = Arrays.binarySearch(all, unit.applyAsLong(labels.stampsNs()[row]));
    }
    return ranks;
  }
}
