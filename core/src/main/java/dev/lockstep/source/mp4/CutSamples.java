package dev.lockstep.source.mp4;

import dev.lockstep.source.OffsetMap;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.PieceTable;
import java.util.BitSet;

/// Which pieces of a video a cut keeps.
///
/// @param kept those that are kept
/// @param shortened those of which only the first bytes are
record CutSamples(PieceTable table, BitSet kept, BitSet shortened) {
  boolean has(int piece) {
    return kept.get(piece);
  }

  /// Bytes of a sample that are kept.
  long size(int piece, long size) {
    return shortened.get(piece) ? Math.min(size, PieceCutter.SHORT_BYTES) : size;
  }

  /// What a table says of the size of a sample in the cut. One that is said to hold others does so
  /// as far as these stay.
  ///
  /// @param shift bytes that all samples are said to lie too far back
  long size(int piece, long size, long shift, OffsetMap layout) {
    long at = table.offsetBytes(piece);
    if (at == Long.MAX_VALUE || shortened.get(piece)) {
      return size(piece, size);
    }
    return layout.place(at - shift + size) - layout.place(at - shift);
  }

  /// How many of `[from, to)` are kept.
  long count(int from, int to) {
    long count = 0;
    for (int i = kept.nextSetBit(from); i >= 0 && i < to; i = kept.nextSetBit(i + 1)) {
      count++;
    }
    return count;
  }
}
