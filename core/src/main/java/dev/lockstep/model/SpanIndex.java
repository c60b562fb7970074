package dev.lockstep.model;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Which of many open spans overlap another, in time that grows with the logarithm of their number:
/// recordings with faults all along have as many of them as messages.
public final class SpanIndex {
  /// Numbers of the spans, by where they begin.
  private final int[] numbers;

  private final long[] from;
  private final int leaves;

  /// Where the spans below a node end at the latest; the leaves are the last `leaves` nodes.
  private final long[] reach;

  /// Indexes spans by their number.
  ///
  /// @param from where each begins; it does not belong to the span
  /// @param to where each ends; it does not belong to the span
  public SpanIndex(long[] from, long[] to) {
    numbers =
        IntStream.range(0, from.length)
            .boxed()
            .sorted(Order.byLong(number -> from[number]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.from = Arrays.stream(numbers).mapToLong(number -> from[number]).toArray();
    leaves = Math.max(1, Integer.highestOneBit(Math.max(1, 2 * from.length - 1)));
    reach = new long[2 * leaves];
    Arrays.fill(reach, Long.MIN_VALUE);
    for (int i = 0; i < numbers.length; i++) {
      reach[leaves + i] = to[numbers[i]];
    }
    for (int node = leaves - 1; node > 0; node--) {
      reach[node] = Math.max(reach[2 * node], reach[2 * node + 1]);
    }
  }

  /// Number of the span that begins last of those that begin before `last`, end behind `first` and
  /// are accepted, or -1.
  public int latest(long first, long last, IntPredicate accepts) {
    int begun = Arrays.binarySearch(from, last);
    begun = begun < 0 ? -begun - 1 : begun;
    while (begun > 0 && from[begun - 1] == last) {
      begun--;
    }
    return latest(1, 0, leaves, begun, first, accepts);
  }

  private int latest(int node, int low, int high, int begun, long first, IntPredicate accepts) {
    if (low >= begun || reach[node] <= first) {
      return -1;
    }
    if (high - low == 1) {
      return accepts.test(numbers[low]) ? numbers[low] : -1;
    }
    int middle = (low + high) >>> 1;
    int found = latest(2 * node + 1, middle, high, begun, first, accepts);
    return found >= 0 ? found : latest(2 * node, low, middle, begun, first, accepts);
  }
}
