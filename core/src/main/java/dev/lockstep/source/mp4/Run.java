package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

/// Samples in a row of one fragment (trun), with what they have in common.
///
/// @param entriesAt where the entries begin
/// @param flags which fields entries have
/// @param offset where the first sample lies
/// @param time decode time of the first one, ticks
/// @param firstFlags flags of the first sample, if [#hasFirstFlags]
/// @param afterLoss whether the reader reports that samples are missing in front of it
/// @param doubtful whether the reader reports that it does not belong here
record Run(
    Box fragment,
    Box box,
    long entriesAt,
    long count,
    int flags,
    int version,
    long offset,
    long time,
    long defaultDuration,
    long defaultSize,
    int defaultFlags,
    int firstFlags,
    int entry,
    boolean afterLoss,
    boolean doubtful) {
  boolean hasFirstFlags() {
    return (flags & TRUN_FIRST_FLAGS) != 0;
  }

  /// Bytes of an entry.
  static int stride(int flags) {
    return 4
        * Integer.bitCount(flags & (TRUN_DURATION | TRUN_SIZE | TRUN_FLAGS | TRUN_COMPOSITION));
  }
}
