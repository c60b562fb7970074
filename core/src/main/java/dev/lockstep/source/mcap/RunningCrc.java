package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32;

/// The CRC-32 of a range that is walked piece by piece, some of which want a CRC of their own: each
/// byte of a large piece is summed once, and its sum combined into that of the range.
final class RunningCrc {
  /// Pieces from this length on are summed once and combined. Combining costs about as much as
  /// summing 1 KiB.
  private static final long COMBINE_BYTES = 2048;

  /// Bytes that may wait to be summed: few enough to be still in the first-level cache.
  private static final long PENDING_BYTES = 16 << 10;

  /// Bytes that small pieces are summed from at most: they lie one behind the other in a recording
  /// of small messages, and a copy of each would take longer than its sum.
  private static final int WINDOW_BYTES = 16 << 10;

  private final CRC32 summing = new CRC32();
  private final byte[] window = new byte[WINDOW_BYTES];
  private final MemorySegment copy = MemorySegment.ofArray(window);
  private long windowFrom;
  private long windowEnd;
  private int windowBytes = (int) COMBINE_BYTES;

  private MemorySegment segment = MemorySegment.NULL;
  private long limit;
  private boolean wanted;
  private long pending;
  private int crc;

  /// Starts over with the range from `from` to `to`; without `wanted` only the pieces are summed.
  void start(MemorySegment segment, long from, long to, boolean wanted) {
    this.segment = segment;
    this.limit = to;
    this.windowFrom = from;
    this.windowEnd = from;
    this.pending = from;
    this.wanted = wanted;
    this.crc = 0;
  }

  /// The CRC of a piece, which lies behind all earlier ones.
  int piece(long from, long length) {
    int own = length < COMBINE_BYTES ? small(from, (int) length) : Crc32.of(segment, from, length);
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

  private int small(long from, int length) {
    if (from < windowFrom || from + length > windowEnd) {
      load(from, length);
    }
    summing.reset();
    summing.update(window, (int) (from - windowFrom), length);
    return (int) summing.getValue();
  }

  /// Copies a piece and what follows it: little at first, more as long as small pieces follow.
  private void load(long from, int length) {
    boolean next = Math.abs(from - windowEnd) < COMBINE_BYTES;
    windowBytes = next ? Math.min(WINDOW_BYTES, windowBytes * 2) : (int) COMBINE_BYTES;
    windowFrom = from;
    windowEnd = Math.max(from + length, Math.min(limit, from + windowBytes));
    MemorySegment.copy(segment, from, copy, 0, windowEnd - from);
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
