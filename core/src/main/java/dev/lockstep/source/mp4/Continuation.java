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
}
