package dev.lockstep.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Where the blocks of a compressed frame begin, as far as their heads tell; nothing is decoded.
public final class FrameBlocks {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Highest bit of an LZ4 block size: the block is stored plain.
  private static final int PLAIN = 0x8000_0000;

  private FrameBlocks() {}

  /// Offsets in `in` at which the blocks of its first frame begin, and where the last one ends;
  /// empty where `in` is no such frame, or nothing is known of its compression.
  public static List<Long> of(String compression, MemorySegment in) {
    return switch (compression) {
      case Decompressors.LZ4 -> lz4(in);
      case Decompressors.ZSTD -> zstd(in);
      default -> List.of();
    };
  }

  private static List<Long> lz4(MemorySegment in) {
    List<Long> starts = new ArrayList<>();
    if (in.byteSize() < Lz4Layout.FIXED_HEAD_BYTES || in.get(INT, 0) != Lz4Layout.MAGIC) {
      return starts;
    }
    int flags = in.get(ValueLayout.JAVA_BYTE, Integer.BYTES);
    boolean sized = (flags & Lz4Layout.FLG_CONTENT_SIZE) != 0;
    boolean summed = (flags & Lz4Layout.FLG_BLOCK_CHECKSUM) != 0;
    long at = Lz4Layout.FIXED_HEAD_BYTES + (sized ? Long.BYTES : 0) + 1L;
    while (at + Integer.BYTES <= in.byteSize()) {
      starts.add(at);
      int size = in.get(INT, at) & ~PLAIN;
      if (size == 0) {
        break;
      }
      at += Integer.BYTES + (long) size + (summed ? Integer.BYTES : 0);
    }
    return starts;
  }

  private static List<Long> zstd(MemorySegment in) {
    List<Long> starts = new ArrayList<>();
    long at;
    try {
      at = ZstdFrameHeader.read(in, 0).headerBytes();
    } catch (MalformedCompressionException e) {
      return starts;
    }
    while (at + ZstdLayout.BLOCK_HEAD_BYTES <= in.byteSize()) {
      starts.add(at);
      int head = 0;
      for (int i = ZstdLayout.BLOCK_HEAD_BYTES - 1; i >= 0; i--) {
        head = head << Byte.SIZE | in.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF;
      }
      boolean last = (head & 1) != 0;
      boolean repeated = (head >> 1 & 3) == ZstdLayout.BLOCK_REPEATED;
      at += ZstdLayout.BLOCK_HEAD_BYTES + (repeated ? 1 : head >>> 3);
      if (last) {
        starts.add(at);
        break;
      }
    }
    return starts;
  }
}
