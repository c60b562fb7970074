package dev.lockstep.source.mp4;

import java.util.HashMap;
import java.util.Map;

/// Where the fragments of a stream that is kept in many files have come to: what one file needs to
/// know of those before. Files are planned one after another, by one thread.
final class Continuation {
  /// Ends of tracks, by id, ticks.
  final Map<Long, Long> ends = new HashMap<>();

  long lastSequence = -1;
}
