package dev.lockstep.engine;

import dev.lockstep.model.Times;

/// From when to when a column of times goes, and its longest step ahead.
final class TimeExtent {
  private long firstNs = Times.NONE;
  private long lastNs = Times.NONE;
  private long longestStepNs;

  /// Time of the message before, [Times#NONE] where nothing connects the next one with it.
  private long previousNs = Times.NONE;

  /// Takes the next `size` times; those that are [Times#NONE] do not count.
  void take(long[] timesNs, int size) {
    // In local variables: the first compiler, which most runs get, reads and writes a field
    // whenever one is named.
    long before = previousNs;
    long longest = longestStepNs;
    for (int r = 0; r < size; r++) {
      long time = timesNs[r];
      if (time == Times.NONE) {
        continue;
      }
      if (before != Times.NONE) {
        long step = time - before;
        // A step that does not fit comes out with the wrong sign.
        if (time > before && (step > longest || step < 0)) {
          longest = Math.max(longest, Times.difference(time, before));
        }
      } else if (firstNs == Times.NONE) {
        firstNs = time;
      }
      before = time;
    }
    previousNs = before;
    longestStepNs = longest;
    if (before != Times.NONE) {
      lastNs = before;
    }
  }

  /// Nothing connects what follows with what came before.
  void breakOff() {
    previousNs = Times.NONE;
  }

  /// The first time, [Times#NONE] where there is none.
  long firstNs() {
    return firstNs;
  }

  /// The last time, [Times#NONE] where there is none.
  long lastNs() {
    return lastNs;
  }

  /// The longest step ahead from one time to the next, ns; 0 where there is none.
  long longestStepNs() {
    return longestStepNs;
  }
}
