package dev.lockstep.check.time;

import java.util.Arrays;

/// The median of the first differences between two times of a stream's messages.
final class UsualDifference {
  /// Messages from which it is learned; judged: enough that a third of them may be wrong.
  static final int LEARN = 31;

  private final long[] learnedNs = new long[LEARN];
  private int count;

  /// Whether more differences are wanted.
  boolean isOpen() {
    return count < LEARN;
  }

  /// Adds a difference; there must be room.
  void add(long differenceNs) {
    learnedNs[count++] = differenceNs;
  }

  /// How many differences it is of.
  int count() {
    return count;
  }

  boolean isKnown() {
    return count > 0;
  }

  /// The median; at least one difference must be known.
  long usualNs() {
    long[] sorted = Arrays.copyOf(learnedNs, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }
}
