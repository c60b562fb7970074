package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A piece of a file, or of the records of a chunk, that is kept or left out as a whole, or but for
/// some of its bytes: a record, or bytes that are none.
///
/// @param from first byte
/// @param to one past the last byte
/// @param opcode kind of the record, or [#RAW]
/// @param id what the record names first: channel or schema
/// @param timeNs log time of a message
/// @param items the items that it belongs to; it is kept if all of them are
/// @param runs its bytes, in order
/// @param chunk what a chunk holds, or null
record CutPiece(
    long from,
    long to,
    int opcode,
    int id,
    long timeNs,
    List<Integer> items,
    List<Run> runs,
    @Nullable Chunk chunk) {
  /// No record.
  static final int RAW = -1;

  /// Shortest bytes that are worth leaving out of a message. Judged.
  private static final int MIN_RUN_BYTES = 64;

  /// Runs that bytes are divided into at most. Judged: halving takes few tries, and what is left is
  /// divided again.
  private static final int MAX_RUNS = 32;

  /// Bytes of a piece.
  ///
  /// @param item the item whose bytes they are, or -1 if they are kept with the piece
  record Run(long from, long to, int item) {}

  /// A chunk.
  ///
  /// @param span where it lies
  /// @param crc CRC-32 of its records
  /// @param records its records, plain; [MemorySegment#NULL] if they cannot be taken apart
  /// @param base offset in `records` at which they begin
  /// @param pieces the records, with offsets from `base` on
  /// @param trailingBytes bytes behind the compressed frame
  /// @param frameDifference by which bits the checksum of the frame is wrong
  record Chunk(
      ChunkSpan span,
      int crc,
      MemorySegment records,
      long base,
      List<CutPiece> pieces,
      long trailingBytes,
      int frameDifference) {
    /// A chunk that is not taken apart.
    static Chunk closed(ChunkSpan span) {
      return new Chunk(span, 0, MemorySegment.NULL, 0, List.of(), 0, 0);
    }

    /// Whether its records can be taken apart.
    boolean isOpen() {
      return !pieces.isEmpty();
    }
  }

  /// Gives out items.
  interface Items {
    /// A new item of `bytes` bytes that are, or are not, part of a message.
    int next(long bytes, boolean within);
  }

  /// Bytes in runs that are items of their own.
  static List<Run> divided(long from, long to, boolean within, Items items) {
    List<Run> runs = new ArrayList<>();
    long step = Math.max(MIN_RUN_BYTES, (to - from + MAX_RUNS - 1) / MAX_RUNS);
    for (long at = from; at < to; at += step) {
      long end = Math.min(to, at + step);
      runs.add(new Run(at, end, items.next(end - at, within)));
    }
    return runs;
  }

  /// A record whose body is kept with it but for the bytes from `dataFrom` to `dataTo`.
  static List<Run> around(long from, long to, long dataFrom, long dataTo, Items items) {
    if (dataTo - dataFrom < 2 * MIN_RUN_BYTES) {
      return List.of(new Run(from, to, -1));
    }
    List<Run> runs = new ArrayList<>();
    runs.add(new Run(from, dataFrom, -1));
    runs.addAll(divided(dataFrom, dataTo, true, items));
    if (to > dataTo) {
      runs.add(new Run(dataTo, to, -1));
    }
    return runs;
  }

  /// The same, up to `end`.
  CutPiece upTo(long end) {
    return new CutPiece(
        from, end, opcode, id, timeNs, items, List.of(new Run(from, end, -1)), null);
  }
}
