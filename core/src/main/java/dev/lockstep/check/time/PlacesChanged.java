package dev.lockstep.check.time;

import dev.lockstep.model.Times;
import java.util.Arrays;

/// Watches two times of each message for the one from which on they stand in each other's place, as
/// part of [TimesDisagree].
///
/// What was measured or sent lies before what was logged, by as much as a message is under way.
/// Once the two are exchanged it lies behind, by just as much: the sign changes at one message, and
/// the median stays. A clock that is set, or that drifts through the other, does neither.
final class PlacesChanged {
  /// Messages on either side that must agree; judged.
  static final int LOOK = 31;

  /// Messages next to the change that must show it as clearly as the others: a drift through zero
  /// comes close first.
  private static final int NEAR = 7;

  /// How far medians of either side may differ, as a ratio: those of exponential delays of 31
  /// messages are within 1.6 of each other in 99 of 100 cases.
  private static final double ALIKE = 1.6;

  private final long[] before = new long[LOOK];
  private final long[] after = new long[LOOK];
  private long run;
  private int behind;
  private long first;
  private boolean told;

  /// Takes the times of a message; true where it is now certain that they changed places at message
  /// [#first].
  ///
  /// @param laterNs what lies behind as a rule
  boolean accept(long message, long laterNs, long earlierNs) {
    if (told || laterNs == Times.NONE || earlierNs == Times.NONE) {
      return false;
    }
    long difference = laterNs - earlierNs;
    if (difference > 0) {
      if (behind > 0) {
        behind = 0;
        run = 0;
      }
      before[(int) (run++ % LOOK)] = difference;
      return false;
    }
    if (difference == 0 || run < LOOK) {
      run = 0;
      behind = 0;
      return false;
    }
    first = behind == 0 ? message : first;
    after[behind++] = -difference;
    if (behind < LOOK) {
      return false;
    }
    told = isExchange();
    run = 0;
    behind = 0;
    return told;
  }

  /// Takes the messages in front whose times stand as they should, and returns how many they are.
  int steady(long[] laterNs, long[] earlierNs, int size) {
    if (told) {
      return size;
    }
    if (behind > 0) {
      return 0;
    }
    int r = 0;
    while (r < size
        && laterNs[r] > earlierNs[r]
        && laterNs[r] - earlierNs[r] > 0
        && earlierNs[r] != Times.NONE) {
      r++;
    }
    for (int i = Math.max(0, r - LOOK); i < r; i++) {
      before[(int) ((run + i) % LOOK)] = laterNs[i] - earlierNs[i];
    }
    run += r;
    return r;
  }

  private boolean isExchange() {
    double usual = median(before.clone());
    double now = median(after.clone());
    long[] last = new long[NEAR];
    for (int i = 0; i < NEAR; i++) {
      last[i] = before[(int) ((run - NEAR + i) % LOOK)];
    }
    return Math.max(usual, now) <= ALIKE * Math.min(usual, now)
        && median(last) >= usual / 2
        && median(Arrays.copyOf(after, NEAR)) >= now / 2;
  }

  private static double median(long[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  /// The first message whose times changed places.
  long first() {
    return first;
  }

  /// Whether they did.
  boolean told() {
    return told;
  }

  /// By how much it lay in front before, as a rule, ns.
  long beforeNs() {
    return Math.round(median(before.clone()));
  }

  /// By how much the earlier time lies behind since then, as a rule, ns.
  long usualNs() {
    return Math.round(median(after.clone()));
  }
}
