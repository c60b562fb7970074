package dev.lockstep.source.mp4;

import java.util.HashMap;
import java.util.Map;

/// Where the fragments of a stream that is kept in many files have come to: what one file needs to
/// know of those before. Files are planned one after another, by one thread.
final class Continuation {
  /// Ends of tracks, by id, ticks.
  final Map<Long, Long> ends = new HashMap<>();

  /// Furthest ends of tracks, by id, ticks: behind them where fragments came in another order.
  final Map<Long, Long> furthest = new HashMap<>();

  /// Holes in tracks that are reported, by id: begin and end, ticks.
  final Map<Long, long[]> holes = new HashMap<>();

  long lastSequence = -1;

  /// Whether it is told that a fragment is lost, repeated or out of its place.
  boolean broken;

  /// Whether it is told that files of the stream are missing, so that its times have holes.
  boolean filesMissing;

  /// Where the first fragment of each track began, by id, ticks.
  final Map<Long, Long> begins = new HashMap<>();

  /// Longest of the tracks so far, seconds.
  private double seconds;

  /// Whether a fragment was read since the file under way began.
  private boolean advanced = true;

  /// A file begins: if nothing could be read of the one before, which is told, its samples are
  /// missing here.
  void beginsFile() {
    filesMissing |= !advanced;
    advanced = false;
  }

  /// A fragment of a track ended at `ticks`.
  void advance(long id, long ticks, long timescale) {
    advanced = true;
    Long begin = begins.get(id);
    if (begin != null && timescale > 0) {
      seconds = Math.max(seconds, (double) (ticks - begin) / timescale);
    }
  }

  /// Length of the longest track, from its first fragment on, seconds.
  double seconds() {
    return seconds;
  }
}
