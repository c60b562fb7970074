package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import java.lang.foreign.MemorySegment;

/// What an edit list makes of the times of a track (8.6.6): the first part that shows media is
/// applied.
///
/// @param box the box, or the track's box where there is none
/// @param delayTicks nothing is shown so long, in ticks of the movie
/// @param mediaTime where showing begins, in ticks of the track
/// @param durationTicks how long the first part is shown, in ticks of the movie; 0 for all
/// @param shownTicks how long all parts that show media take, in ticks of the movie; 0 where one is
///   of no told length
/// @param parts parts that show media; 0 if the list has entries and none of them does
/// @param plain whether the first part runs at ordinary speed
record EditList(
    Box box,
    long delayTicks,
    long mediaTime,
    long durationTicks,
    long shownTicks,
    long parts,
    boolean plain) {
  /// No edit list: media is shown as it is.
  static EditList none(Box track) {
    return new EditList(track, 0, 0, 0, 0, 1, true);
  }

  /// Reads the list.
  static EditList of(MemorySegment file, Box box, Faults faults) {
    boolean wide = box.length() > 0 && box.version(file) == 1;
    Table table = Table.of(file, box, wide ? 20 : 12, faults);
    long delay = 0;
    long start = 0;
    long duration = 0;
    long parts = 0;
    boolean plain = true;
    long shown = 0;
    boolean open = false;
    for (long i = 0; i < table.count(); i++) {
      long at = table.at() + i * table.stride();
      long length = wide ? file.get(U64, at) : u32(file, at);
      long time = wide ? file.get(U64, at + 8) : file.get(U32, at + 4);
      int rate = file.get(U32, at + (wide ? 16 : 8));
      if (time < 0) {
        delay += parts == 0 && length > 0 && delay + length > 0 ? length : 0;
        continue;
      }
      shown += Math.max(0, length);
      open |= length <= 0 || shown < 0;
      if (parts++ == 0) {
        start = time;
        duration = Math.max(0, length);
        plain = rate == 1 << 16;
      }
    }
    return new EditList(
        box, delay, start, duration, open ? 0 : shown, table.count() == 0 ? 1 : parts, plain);
  }
}
