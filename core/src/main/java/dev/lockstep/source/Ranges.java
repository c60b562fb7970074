package dev.lockstep.source;

import java.util.Arrays;

/// Sets of numbers in words.
public final class Ranges {
  /// Ranges that are spelled out. Judged: enough to see where something happened.
  private static final int SHOWN = 6;

  private Ranges() {}

  /// Ascending numbers as ranges: `3, 7..9, 12`; the count of further ranges stands behind.
  public static String text(long[] ascending) {
    StringBuilder text = new StringBuilder();
    int ranges = 0;
    int more = 0;
    for (int i = 0; i < ascending.length; ) {
      int last = i;
      while (last + 1 < ascending.length && ascending[last + 1] == ascending[last] + 1) {
        last++;
      }
      if (ranges++ < SHOWN) {
        text.append(text.isEmpty() ? "" : ", ").append(text(ascending[i], ascending[last]));
      } else {
        more++;
      }
      i = last + 1;
    }
    return more == 0 ? text.toString() : text + " and " + more + " more ranges";
  }

  /// One range: `3` or `7..9`.
  public static String text(long first, long last) {
    return first == last ? Long.toString(first) : first + ".." + last;
  }

  /// Numbers of `ascending` that are not in `others`, which is ascending too.
  public static long[] without(long[] ascending, long[] others) {
    return Arrays.stream(ascending).filter(n -> Arrays.binarySearch(others, n) < 0).toArray();
  }
}
