package dev.lockstep.clock;

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
    int from = firsts.length;
    int to = 0;
    int at = 0;
    for (int i = 0; i < firsts.length; i++) {
      long wanted = firsts[i] + offset;
      while (at + 1 < seconds.length
          && Math.abs(seconds[at + 1] - wanted) < Math.abs(seconds[at] - wanted)) {
        at++;
      }
      partner[i] = -1;
      if (seconds.length == 0) {
        continue;
      }
      boolean within =
          wanted >= seconds[0] - windowNs && wanted <= seconds[seconds.length - 1] + windowNs;
      if (within) {
        from = Math.min(from, i);
        to = i + 1;
      }
      long distance = Math.abs(seconds[at] - wanted);
      if (distance > windowNs
          || i + 1 < firsts.length && Math.abs(seconds[at] - offset - firsts[i + 1]) < distance) {
        continue;
      }
      if (i > 0 && partner[i - 1] == at) {
        continue;
      }
      partner[i] = at;
      pairs++;
    }
    return new MutualPairs(partner, pairs, Math.min(from, to), to);
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
