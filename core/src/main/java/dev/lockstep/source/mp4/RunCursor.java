package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// The samples of a track's fragments (8.8).
final class RunCursor extends SampleCursor {
  private final MemorySegment file;
  private final List<Run> runs;
  private int run = -1;
  private long inRun;
  private long at;
  private long duration;
  private long remaining;

  /// @param before samples of the track in front of these
  RunCursor(MemorySegment file, List<Run> runs, long before) {
    this.file = file;
    this.runs = runs;
    this.index = before - 1;
    for (Run each : runs) {
      remaining += each.count();
    }
  }

  @Override
  boolean next() {
    if (run >= 0 && inRun < runs.get(run).count()) {
      offset += size;
      time += duration;
    } else {
      do {
        run++;
        if (run >= runs.size()) {
          return false;
        }
      } while (runs.get(run).count() == 0);
      Run begun = runs.get(run);
      inRun = 0;
      at = begun.entriesAt();
      offset = begun.offset();
      time = begun.time();
      entry = begun.entry();
    }
    afterLoss = inRun == 0 && runs.get(run).afterLoss();
    doubtful = runs.get(run).doubtful();
    read(runs.get(run));
    index++;
    inRun++;
    remaining--;
    return true;
  }

  private void read(Run in) {
    int flags = in.flags();
    duration = in.defaultDuration();
    size = in.defaultSize();
    int sampleFlags = inRun == 0 && in.hasFirstFlags() ? in.firstFlags() : in.defaultFlags();
    composition = 0;
    if ((flags & TRUN_DURATION) != 0) {
      duration = u32(file, at);
      at += 4;
    }
    if ((flags & TRUN_SIZE) != 0) {
      size = u32(file, at);
      at += 4;
    }
    if ((flags & TRUN_FLAGS) != 0) {
      sampleFlags = file.get(U32, at);
      at += 4;
    }
    if ((flags & TRUN_COMPOSITION) != 0) {
      composition = file.get(U32, at);
      at += 4;
    }
    sync = (sampleFlags & NON_SYNC) == 0;
  }

  /// How long the sample lasts, ticks.
  long duration() {
    return duration;
  }

  /// The fragment's run that holds the sample.
  Run run() {
    return runs.get(run);
  }

  @Override
  long remaining() {
    return remaining;
  }
}
