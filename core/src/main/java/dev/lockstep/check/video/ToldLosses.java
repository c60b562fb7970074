package dev.lockstep.check.video;

import dev.lockstep.check.SharedAnalyses;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Losses that a rule has told of, so that others need not tell of them again. Shared by the rules
/// of a stream.
final class ToldLosses {
  /// Losses that are kept (judged: of more, each one says nothing new).
  private static final int MAX = 1 << 14;

  /// Stands for a number of frames that is not known.
  static final int UNKNOWN = Integer.MAX_VALUE;

  private final List<int[]> counts = new ArrayList<>();
  private final List<Long> indices = new ArrayList<>();

  private ToldLosses() {}

  static ToldLosses of(SharedAnalyses shared) {
    return shared.get(ToldLosses.class, ToldLosses::new);
  }

  /// Notes that `count` frames are missing in front of message `index`.
  void add(long index, int count) {
    if (indices.size() < MAX) {
      int at = Collections.binarySearch(indices, index);
      at = at < 0 ? -at - 1 : at;
      indices.add(at, index);
      counts.add(at, new int[] {count});
    }
  }

  /// Whether any loss was told in front of messages `[from, to]`.
  boolean any(long from, long to) {
    int at = Collections.binarySearch(indices, from);
    int first = at < 0 ? -at - 1 : at;
    return first < indices.size() && indices.get(first) <= to;
  }

  /// Takes up to `count` frames from losses in front of messages `[from, to]`.
  ///
  /// @return how many of them these losses do not account for
  long take(long from, long to, long count) {
    int low = Collections.binarySearch(indices, from);
    long open = count;
    for (int i = low < 0 ? -low - 1 : low; i < indices.size() && open > 0; i++) {
      if (indices.get(i) > to) {
        break;
      }
      int[] left = counts.get(i);
      if (left[0] == UNKNOWN) {
        return 0;
      }
      long taken = Math.min(open, left[0]);
      left[0] -= (int) taken;
      open -= taken;
    }
    return open;
  }
}
