package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32;
import java.lang.foreign.MemorySegment;

/// The CRC-32 of a range that is walked piece by piece, some of which want a CRC of their own: each
/// byte of a large piece is summed once, and its sum combined into that of the range.
final class RunningCrc {
  /// Pieces from this length on are summed once and combined. Combining costs about as much as
  /// summing 1 KiB.
  private static final long COMBINE_BYTES = 2048;

  /// Bytes that may wait to be summed: few enough to be still in the first-level cache.
  private static final long PENDING_BYTES = 16 << 10;

  private MemorySegment segment = MemorySegment.NULL;
  private boolean wanted;
  private long pending;
  private int crc;

  /// Starts over at `from`; without `wanted` only the pieces are summed.
  void start(MemorySegment segment, long from, boolean wanted) {
    this.segment = segment;
    this.pending = from;
    this.wanted = wanted;
    this.crc = 0;
  }

  /// The CRC of a piece, which lies behind all earlier ones.
  int piece(long from, long length) {
    int own = Crc32.of(segment, from, length);
    if (wanted) {
      if (length >= COMBINE_BYTES) {
        sumUpTo(from);
        crc = Crc32.combine(crc, own, length);
        pending = from + length;
      } else {
        passed(from + length);
      }
    }
    return own;
  }

  /// Tells that the walk has come to `to`.
  void passed(long to) {
    if (wanted && to - pending > PENDING_BYTES) {
      sumUpTo(to);
    }
  }

  /// The CRC of everything up to `to`; meaningless if it was not wanted.
  int upTo(long to) {
    if (wanted) {
      sumUpTo(to);
    }
    return crc;
  }

  private void sumUpTo(long to) {
    crc = Crc32.update(crc, segment, pending, to - pending);
    pending = to;
  }
}
