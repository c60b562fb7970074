package dev.lockstep.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Compresses into LZ4 frames that every LZ4 implementation reads.
///
/// Working memory is on the heap, made with the instance: two blocks and 100 KiB.
public final class Lz4FrameEncoder implements Compressor {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// End mark and content checksum.
  private static final int TAIL_BYTES = 8;

  private final Options options;
  private final int blockBytes;
  private final Lz4BlockEncoder blocks = new Lz4BlockEncoder();
  private final XxHash32 contentHash = new XxHash32(0);
  private final byte[] window;
  private final byte[] encoded;

  /// What a frame is made of.
  ///
  /// @param blockSizeCode greatest block: 4 = 64 KiB, 5 = 256 KiB, 6 = 1 MiB, 7 = 4 MiB
  /// @param linkedBlocks whether matches may reach into earlier blocks; compresses better, but some
  ///   readers refuse it
  /// @param blockChecksums whether each block carries a checksum
  /// @param contentChecksum whether the content carries a checksum
  /// @param contentSize whether the header tells the content's length
  public record Options(
      int blockSizeCode,
      boolean linkedBlocks,
      boolean blockChecksums,
      boolean contentChecksum,
      boolean contentSize) {

    /// Independent blocks of 64 KiB, which every reader takes, content size and checksum.
    public static final Options DEFAULT =
        new Options(Lz4Layout.MIN_SIZE_CODE, false, false, true, true);

    /// Checks the size code.
    public Options {
      if (blockSizeCode < Lz4Layout.MIN_SIZE_CODE || blockSizeCode > Lz4Layout.MAX_SIZE_CODE) {
        throw new IllegalArgumentException(
            "block size code: " + blockSizeCode + " (expected 4 to 7)");
      }
    }
  }

  /// An encoder of frames as `options` say.
  public Lz4FrameEncoder(Options options) {
    this.options = options;
    blockBytes = Lz4Layout.blockBytes(options.blockSizeCode);
    window = new byte[Lz4Layout.HISTORY_BYTES + blockBytes];
    encoded = new byte[Lz4Layout.maxBlockBytes(blockBytes)];
  }

  @Override
  public long maxCompressedBytes(long lengthBytes) {
    long blockCount = lengthBytes / blockBytes + 1;
    // A block that does not get smaller is stored plain: size and checksum are all it adds.
    return Lz4Layout.MAX_HEAD_BYTES + lengthBytes + blockCount * 2 * Integer.BYTES + TAIL_BYTES;
  }

  @Override
  public long compress(MemorySegment in, MemorySegment out) {
    long length = in.byteSize();
    if (out.byteSize() < maxCompressedBytes(length)) {
      throw new IllegalArgumentException(
          "output: "
              + out.byteSize()
              + " bytes (expected "
              + maxCompressedBytes(length)
              + " or more)");
    }
    long op = header(length, out);
    contentHash.reset();
    blocks.reset();
    int position = 0;
    for (long ip = 0; ip < length; ip += blockBytes) {
      int count = (int) Math.min(blockBytes, length - ip);
      position = makeRoom(position, count);
      MemorySegment.copy(in, ValueLayout.JAVA_BYTE, ip, window, position, count);
      if (options.contentChecksum) {
        contentHash.update(window, position, count);
      }
      op = block(position, count, out, op);
      position += count;
    }
    out.set(INT, op, 0);
    op += Integer.BYTES;
    if (options.contentChecksum) {
      out.set(INT, op, contentHash.value());
      op += Integer.BYTES;
    }
    return op;
  }

  @Override
  public void close() {}

  private long header(long length, MemorySegment out) {
    int flags =
        Lz4Layout.FLG_VERSION
            | (options.linkedBlocks ? 0 : Lz4Layout.FLG_INDEPENDENT)
            | (options.blockChecksums ? Lz4Layout.FLG_BLOCK_CHECKSUM : 0)
            | (options.contentSize ? Lz4Layout.FLG_CONTENT_SIZE : 0)
            | (options.contentChecksum ? Lz4Layout.FLG_CONTENT_CHECKSUM : 0);
    int sizes = options.blockSizeCode << Lz4Layout.BD_SIZE_SHIFT;
    out.set(INT, 0, Lz4Layout.MAGIC);
    out.set(ValueLayout.JAVA_BYTE, Lz4Layout.FLG_OFFSET, (byte) flags);
    out.set(ValueLayout.JAVA_BYTE, Lz4Layout.BD_OFFSET, (byte) sizes);
    long op = Lz4Layout.FIXED_HEAD_BYTES;
    if (options.contentSize) {
      out.set(LONG, op, length);
      op += Long.BYTES;
    }
    contentHash.reset();
    contentHash.update(out, Lz4Layout.FLG_OFFSET, op - Lz4Layout.FLG_OFFSET);
    out.set(ValueLayout.JAVA_BYTE, op, (byte) (contentHash.value() >>> 8));
    return op + 1;
  }

  private long block(int position, int count, MemorySegment out, long start) {
    int historyFrom =
        options.linkedBlocks ? Math.max(0, position - Lz4Layout.HISTORY_BYTES) : position;
    int length = blocks.encode(window, historyFrom, position, position + count, encoded);
    boolean plain = length >= count;
    byte[] data = plain ? window : encoded;
    int from = plain ? position : 0;
    int stored = plain ? count : length;
    long op = start;
    out.set(INT, op, plain ? count | Lz4Layout.PLAIN_BIT : length);
    op += Integer.BYTES;
    MemorySegment.copy(data, from, out, ValueLayout.JAVA_BYTE, op, stored);
    op += stored;
    if (options.blockChecksums) {
      out.set(INT, op, XxHash32.of(data, from, stored, 0));
      op += Integer.BYTES;
    }
    return op;
  }

  /// Makes the window hold `count` bytes after `position`, keeping the history before it; returns
  /// where that position is now.
  private int makeRoom(int position, int count) {
    if (position + count <= window.length) {
      return position;
    }
    int from = Math.max(0, position - Lz4Layout.HISTORY_BYTES);
    System.arraycopy(window, from, window, 0, position - from);
    blocks.moveToFront(from);
    return position - from;
  }
}
