package dev.lockstep.source.mp4;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a movie says of one track.
final class Track {
  /// The track's box.
  final Box box;

  long id;
  int handler;

  /// The box that says how long the track is; the track's own where there is none.
  Box head;

  /// Length as the track's head has it, in ticks of the movie; 0 where unknown.
  long shownTicks;

  /// What stands in front of the stream's name.
  String prefix = "";

  /// Ticks of the track in a second.
  long timescale;

  /// Length of the media as stored, ticks; -1 where unknown.
  long duration = -1;

  /// Whether its tables contradict each other, which is told: times and frames may be wrong for it.
  boolean doubtful;

  final List<SampleEntry> entries = new ArrayList<>();

  /// Data references that lead to this file, by number from 1.
  final List<Boolean> selfContained = new ArrayList<>();

  EditList edits;

  @Nullable Table decodeDeltas;
  @Nullable Table compositionOffsets;
  @Nullable Table chunkRuns;
  @Nullable Sizes sizes;
  @Nullable Table chunks;
  @Nullable Table syncs;

  // Defaults of fragments (trex).
  int defaultEntry = 1;
  long defaultDuration;
  long defaultSize;
  int defaultFlags;

  /// Runs of samples in fragments.
  final List<Run> runs = new ArrayList<>();

  Track(Box box) {
    this.box = box;
    this.head = box;
    this.edits = EditList.none(box);
  }

  boolean isVideo() {
    return handler == Mp4Layout.VIDEO;
  }

  /// Samples in the movie's own tables.
  long tableSamples() {
    return sizes == null ? 0 : sizes.count();
  }

  /// The entry of that number, from 1; the first where the number is wrong; null where there are
  /// none.
  @Nullable SampleEntry entry(long number) {
    if (entries.isEmpty()) {
      return null;
    }
    return number >= 1 && number <= entries.size()
        ? entries.get((int) number - 1)
        : entries.getFirst();
  }

  /// Whether samples of that entry lie in this file.
  boolean holds(SampleEntry entry) {
    int reference = entry.reference();
    return reference < 1 || reference > selfContained.size() || selfContained.get(reference - 1);
  }
}
