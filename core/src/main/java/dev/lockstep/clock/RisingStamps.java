package dev.lockstep.clock;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The stamps of a stream that rise, with the messages that carry them.
///
/// @param stampsNs strictly ascending
/// @param messages index of the message of each stamp
public record RisingStamps(long[] stampsNs, int[] messages) {
  /// Stamps that a period is learned from at most: enough for a part in a million at any jitter
  /// that a lattice can have, and quick.
  private static final int FITTED = 4096;

  /// Part of the median step within which a step is like it, and share of the steps that must be;
  /// judged.
  private static final double STEADY = 0.1;

  private static final double MOST_STEPS = 0.75;

  /// The stamps that rise. Of two that do not, the one that contradicts its neighbours is left out.
  ///
  /// @param stampsNs stamps in order of messages; kept, where all rise
  /// @param usable whether the stamp of a message counts, or null where all do
  public static RisingStamps of(long[] stampsNs, @Nullable IntPredicate usable) {
    int sound = usable == null ? soundStamps(stampsNs) : 0;
    int[] messages = new int[stampsNs.length];
    for (int i = 0; i < sound; i++) {
      messages[i] = i;
    }
    if (sound == stampsNs.length) {
      return new RisingStamps(stampsNs, messages);
    }
    long[] stamps = Arrays.copyOf(stampsNs, stampsNs.length);
    int n = sound;
    for (int i = sound; i < stampsNs.length; i++) {
      long stamp = stampsNs[i];
      if (!LatticeFit.isUsable(stamp) || usable != null && !usable.test(i)) {
        continue;
      }
      if (n > 0 && stamp <= stamps[n - 1]) {
        if (stamp == stamps[n - 1] || n > 1 && stamp <= stamps[n - 2]) {
          continue;
        }
        n--;
      }
      stamps[n] = stamp;
      messages[n++] = i;
    }
    return new RisingStamps(Arrays.copyOf(stamps, n), Arrays.copyOf(messages, n));
  }

  /// How many stamps from the first on rise.
  private static int soundStamps(long[] stampsNs) {
    int n = stampsNs.length;
    if (n == 0 || !LatticeFit.isUsable(stampsNs[0])) {
      return 0;
    }
    int i = 1;
    while (i < n && stampsNs[i] > stampsNs[i - 1]) {
      i++;
    }
    // Of those that rise, the last ones are too large first.
    while (!LatticeFit.isUsable(stampsNs[i - 1])) {
      i--;
    }
    return i;
  }

  /// Number of stamps.
  public int size() {
    return stampsNs.length;
  }

  /// Median step from one stamp to the next, ns; 0 where there is none.
  public double medianStepNs() {
    int from = Math.max(0, (size() - FITTED) / 2);
    int to = Math.min(size(), from + FITTED);
    return LatticeFit.medianStep(Arrays.copyOfRange(stampsNs, from, to), to - from);
  }

  /// Whether most steps are alike, even where no one lattice fits: after a step in the phase none
  /// does.
  public boolean isSteady() {
    double step = medianStepNs();
    int alike = 0;
    for (int i = 1; i < size(); i++) {
      alike += Math.abs(stampsNs[i] - stampsNs[i - 1] - step) < STEADY * step ? 1 : 0;
    }
    return alike >= MOST_STEPS * (size() - 1) && step > 0;
  }

  /// The lattice of the middle 4,096 stamps.
  public LatticeFit.Outcome fit() {
    int from = Math.max(0, (size() - FITTED) / 2);
    return LatticeFit.fit(stampsNs, from, Math.min(size(), from + FITTED));
  }

  /// Place of the last stamp that is not above `timeNs`, -1 if there is none.
  public int floor(long timeNs) {
    int at = Arrays.binarySearch(stampsNs, timeNs);
    return at >= 0 ? at : -at - 2;
  }

  /// Place of the stamp nearest to `timeNs`, the earlier of two; -1 if there are no stamps.
  public int nearest(long timeNs) {
    int at = floor(timeNs);
    if (at < 0) {
      return size() == 0 ? -1 : 0;
    }
    return at + 1 < size() && stampsNs[at + 1] - timeNs < timeNs - stampsNs[at] ? at + 1 : at;
  }
}
