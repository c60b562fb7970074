package dev.lockstep.source.mp4;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Finds bytes that belong to samples of two chunks. Chunks are few where samples are many: a chunk
/// holds a second of a track, as a rule.
final class Overlaps {
  /// Chunks that are remembered, some 40 bytes each (judged).
  private static final int MAX_CHUNKS = 1 << 19;

  private record Chunk(long start, long end, TrackReader track) {}

  private final List<Chunk> chunks = new ArrayList<>();
  private boolean full;

  /// Adds the bytes of consecutive samples.
  void add(long start, long end, TrackReader track) {
    if (end <= start) {
      return;
    }
    if (chunks.size() == MAX_CHUNKS) {
      full = true;
      return;
    }
    chunks.add(new Chunk(start, end, track));
  }

  /// Whether there were more chunks than are compared.
  boolean full() {
    return full;
  }

  /// Reports each chunk that begins before the end of one that began earlier.
  void check(Faults faults) {
    chunks.sort(Comparator.comparingLong(Chunk::start).thenComparingLong(Chunk::end));
    faults.examined(DefectKind.SAMPLE_OVERLAP, chunks.size());
    Chunk reaching = null;
    for (Chunk chunk : chunks) {
      if (reaching != null && chunk.start < reaching.end) {
        long end = Math.min(chunk.end, reaching.end);
        faults.add(
            DefectKind.SAMPLE_OVERLAP,
            DefectKind.SAMPLE_OVERLAP.severity(),
            faults.at(chunk.start, end - chunk.start).withStream(chunk.track.name()),
            new Evidence.Violation(
                "bytes of " + chunk.track.name(),
                end - chunk.start + " belong to " + reaching.track.name() + " as well",
                "bytes of their own"));
      }
      if (reaching == null || chunk.end > reaching.end) {
        reaching = chunk;
      }
    }
  }
}
