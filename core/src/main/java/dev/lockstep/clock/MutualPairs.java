package dev.lockstep.clock;

import java.util.Arrays;

/// Pairs the messages of two streams that belong together: each is the other's nearest once the
/// usual offset is taken off, and none is used twice.
///
/// @param first place of the partner of each message of the first stream in the second, or -1
/// @param pairs number of pairs
/// @param overlapFrom first message of the first stream that lies within the second
/// @param overlapTo one behind the last such message
public record MutualPairs(int[] first, int pairs, int overlapFrom, int overlapTo) {
  /// Pairs two streams.
  ///
  /// @param offsetNs usual stamp of the second minus that of its partner in the first
  /// @param windowNs how far from it a pair may be; below half the period of either stream, or a
  ///   neighbour would do as well
  public static MutualPairs of(
      RisingStamps first, RisingStamps second, double offsetNs, double windowNs) {
    long offset = Math.round(offsetNs);
    int[] partner = new int[first.size()];
    int pairs = 0;
    long[] firsts = first.stampsNs();
    long[] seconds = second.stampsNs();
    int last = seconds.length - 1;
    int at = 0;
    int taken = -1;
    for (int i = 0; i < firsts.length; i++) {
      partner[i] = -1;
      if (last < 0) {
        continue;
      }
      long wanted = firsts[i] + offset;
      long distance = Math.abs(seconds[at] - wanted);
      while (at < last) {
        long next = Math.abs(seconds[at + 1] - wanted);
        if (next >= distance) {
          break;
        }
        distance = next;
        at++;
      }
      boolean nearer =
          i + 1 < firsts.length && Math.abs(seconds[at] - offset - firsts[i + 1]) < distance;
      if (distance <= windowNs && !nearer && at != taken) {
        partner[i] = at;
        taken = at;
        pairs++;
      }
    }
    int[] overlap = overlap(firsts, seconds, offset, windowNs);
    return new MutualPairs(partner, pairs, overlap[0], overlap[1]);
  }

  /// The same pairs from the side of the second stream; all other arguments as they were.
  public MutualPairs reversed(
      RisingStamps firstStamps, RisingStamps second, double offsetNs, double windowNs) {
    int[] partner = new int[second.size()];
    Arrays.fill(partner, -1);
    for (int i = 0; i < first.length; i++) {
      if (first[i] >= 0) {
        partner[first[i]] = i;
      }
    }
    long offset = Math.round(offsetNs);
    int[] overlap = overlap(second.stampsNs(), firstStamps.stampsNs(), -offset, windowNs);
    return new MutualPairs(partner, pairs, overlap[0], overlap[1]);
  }

  /// Whether every message of the second stream that lies within the first has a partner; all other
  /// arguments as they were.
  public boolean takesAll(
      RisingStamps firstStamps, RisingStamps second, double offsetNs, double windowNs) {
    int[] overlap =
        overlap(second.stampsNs(), firstStamps.stampsNs(), -Math.round(offsetNs), windowNs);
    return pairs == overlap[1] - overlap[0];
  }

  /// The first message of `own` that lies within `others`, and one behind the last.
  private static int[] overlap(long[] own, long[] others, long offset, double windowNs) {
    int from = 0;
    int to = others.length == 0 ? 0 : own.length;
    while (from < to && own[from] + offset < others[0] - windowNs) {
      from++;
    }
    while (to > from && own[to - 1] + offset > others[others.length - 1] + windowNs) {
      to--;
    }
    return new int[] {from, to};
  }

  /// Messages of the first stream within the second that have no partner.
  public int leftOver() {
    int count = 0;
    for (int i = overlapFrom; i < overlapTo; i++) {
      count += first[i] < 0 ? 1 : 0;
    }
    return count;
  }
}
