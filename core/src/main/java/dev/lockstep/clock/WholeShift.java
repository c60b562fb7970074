package dev.lockstep.clock;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Tells whether one of several streams that were recorded together is shifted in time as a whole:
/// it begins and ends later (or earlier) than the others by the same time.
public final class WholeShift {
  /// Least shift that is told, ns. Judged: drivers that start late by less are no news.
  private static final long LEAST_NS = 900_000_000L;

  /// How far the shifts of beginning and end may differ, in periods of the slower side, and how
  /// much of the shift. A driver that starts late does not end late by just as much.
  private static final double PERIODS = 3;

  private static final double SHARE = 0.02;

  /// The same of a stream that lies apart from the others, as a share of its length; judged.
  private static final double APART = 0.25;

  private WholeShift() {}

  /// Where a stream lies in time.
  ///
  /// @param periodNs its usual step
  public record Extent(long firstNs, long lastNs, double periodNs) {}

  /// By how much each stream is shifted, ns; null where it is not or that cannot be told. Of two
  /// streams either may be the one that is wrong: the second is named.
  public static @Nullable Long[] all(Extent... extents) {
    @Nullable Long[] shifts = new @Nullable Long[extents.length];
    for (int i = 0; i < extents.length; i++) {
      shifts[i] = extents.length > 2 || i == 1 ? of(extents, i) : null;
    }
    return shifts;
  }

  /// By how much the stream numbered `which` is shifted against all the others, ns, or null where
  /// it is not or where that cannot be told.
  ///
  /// A shift that has a well-known size is told of two streams already; any other only where at
  /// least two others agree with each other, or where the stream does not overlap with the rest.
  public static @Nullable Long of(Extent[] extents, int which) {
    Extent own = extents[which];
    int others = extents.length - 1;
    if (others < 1) {
      return null;
    }
    long[] begins = new long[others];
    long[] ends = new long[others];
    double slowest = own.periodNs;
    int n = 0;
    for (int i = 0; i < extents.length; i++) {
      if (i != which) {
        begins[n] = own.firstNs - extents[i].firstNs;
        ends[n++] = own.lastNs - extents[i].lastNs;
        slowest = Math.max(slowest, extents[i].periodNs);
      }
    }
    Arrays.sort(begins);
    Arrays.sort(ends);
    long begin = begins[others / 2];
    long end = ends[others / 2];
    long shift = Math.abs(begin) < Math.abs(end) ? begin : end;
    double lengthNs = (double) own.lastNs - own.firstNs;
    boolean apart = Math.abs((double) shift) > lengthNs;
    double tolerance = PERIODS * slowest + SHARE * Math.min(Math.abs((double) shift), 5e9);
    // What does not overlap at all with the rest did not just start late or end early.
    tolerance = apart ? Math.max(tolerance, APART * lengthNs) : tolerance;
    if (Math.abs(shift) < LEAST_NS || Math.abs((double) begin - end) > tolerance) {
      return null;
    }
    // Most of the others must lie together, or it is not this stream that is shifted.
    int together = 0;
    for (long b : begins) {
      together += Math.abs((double) b - begin) <= tolerance ? 1 : 0;
    }
    if (2 * together <= others && others > 1) {
      return null;
    }
    boolean named = NamedOffsets.nearest(shift, slowest / 5, 0) != null;
    return named || apart || others >= 2 ? shift : null;
  }
}
