package dev.lockstep.source.mp4;

import org.jspecify.annotations.Nullable;

/// The samples that the movie's own tables list (8.6, 8.7).
final class TableCursor extends SampleCursor {
  private final Sizes sizes;
  private final Table chunks;
  private final Table chunkRuns;
  private final Table deltas;
  private final @Nullable Table compositions;
  private final @Nullable Table syncs;

  private long deltaEntry = -1;
  private long deltaLeft;
  private long delta;
  private long compositionEntry = -1;
  private long compositionLeft;
  private long syncEntry;
  private long run = -1;
  private long perChunk;
  private long chunk = -1;
  private long leftInChunk;

  TableCursor(Track track, Sizes sizes, Table chunks, Table chunkRuns, Table deltas) {
    this.sizes = sizes;
    this.chunks = chunks;
    this.chunkRuns = chunkRuns;
    this.deltas = deltas;
    this.compositions = track.compositionOffsets;
    this.syncs = track.syncs;
  }

  @Override
  boolean next() {
    if (index + 1 >= sizes.count()) {
      return false;
    }
    if (leftInChunk > 0) {
      offset += size;
    } else if (!nextChunk()) {
      return false;
    }
    leftInChunk--;
    if (index >= 0) {
      time += delta;
    }
    index++;
    size = sizes.size(index);
    advanceTimes();
    return true;
  }

  @Override
  long chunk() {
    return chunk;
  }

  private boolean nextChunk() {
    do {
      chunk++;
      if (chunk >= chunks.count()) {
        return false;
      }
      while (run + 1 < chunkRuns.count() && chunk + 1 >= chunkRuns.u32(run + 1, 0)) {
        run++;
        perChunk = chunkRuns.u32(run, 1);
        entry = chunkRuns.u32(run, 2);
      }
      if (run < 0) {
        return false;
      }
    } while (perChunk == 0);
    leftInChunk = perChunk;
    offset = chunks.offset(chunk);
    return true;
  }

  private void advanceTimes() {
    while (deltaLeft == 0 && deltaEntry + 1 < deltas.count()) {
      deltaEntry++;
      deltaLeft = deltas.u32(deltaEntry, 0);
      delta = deltas.u32(deltaEntry, 1);
    }
    deltaLeft = Math.max(0, deltaLeft - 1);
    Table offsets = compositions;
    if (offsets != null) {
      while (compositionLeft == 0 && compositionEntry + 1 < offsets.count()) {
        compositionEntry++;
        compositionLeft = offsets.u32(compositionEntry, 0);
        // Version 0 says unsigned, but QuickTime and many others write signed numbers there.
        composition = offsets.s32(compositionEntry, 1);
      }
      compositionLeft = Math.max(0, compositionLeft - 1);
    }
    Table marked = syncs;
    if (marked == null) {
      sync = true;
    } else {
      while (syncEntry < marked.count() && marked.u32(syncEntry, 0) < index + 1) {
        syncEntry++;
      }
      sync = syncEntry < marked.count() && marked.u32(syncEntry, 0) == index + 1;
    }
  }

  @Override
  long remaining() {
    return sizes.count() - index - 1;
  }
}
