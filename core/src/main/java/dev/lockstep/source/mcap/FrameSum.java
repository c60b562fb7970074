package dev.lockstep.source.mcap;

import dev.lockstep.codec.Decompressed;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.source.BlockBuffers;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// What can be read of a chunk whose compressed frame has a checksum of its own that is wrong.
///
/// @param records the records, plain
/// @param difference stored and right checksum, one xor the other
record FrameSum(byte[] records, int difference) {
  /// Where a zstd frame says whether it has a checksum, and the bit that says so.
  private static final int ZSTD_DESCRIPTOR = 4;

  private static final int ZSTD_SUMMED = 4;

  /// Largest chunk that is read in spite of its checksum. Judged.
  private static final long MAX_BYTES = 64L << 20;

  /// Reads the records of a chunk in spite of the checksum at the end of its frame; null if that is
  /// not what is wrong with it.
  static @Nullable FrameSum read(ScanContext context, ChunkSpan chunk) {
    long size = chunk.head().uncompressedSize();
    long packed = chunk.recordsLength();
    if (size <= 0 || size > MAX_BYTES || packed <= 2 * Integer.BYTES || packed > MAX_BYTES) {
      return null;
    }
    String compression = chunk.head().compression();
    boolean zstd = compression.equals(Decompressors.ZSTD);
    try (Decompressors decompressors = Decompressors.withoutContentSums();
        BlockBuffers.Lease room = context.buffers.take(size);
        BlockBuffers.Lease copy = context.buffers.take(packed)) {
      MemorySegment in = copy.segment();
      MemorySegment.copy(context.segment(), chunk.head().recordsOffset(), in, 0, packed);
      int stored = in.get(McapLayout.U32, packed - Integer.BYTES);
      if (zstd) {
        int descriptor = in.get(McapLayout.U8, ZSTD_DESCRIPTOR);
        if ((descriptor & ZSTD_SUMMED) == 0) {
          return null;
        }
        in.set(McapLayout.U8, ZSTD_DESCRIPTOR, (byte) (descriptor & ~ZSTD_SUMMED));
        in = in.asSlice(0, packed - Integer.BYTES);
      }
      Decompressed done = decompressors.decompress(compression, in, room.segment());
      if (done.inputBytes() != in.byteSize()) {
        return null;
      }
      byte[] records = CutSource.raw(room.segment(), 0, done.outputBytes());
      byte[] right = CutChunks.packed(compression, records);
      int sum = MemorySegment.ofArray(right).get(McapLayout.U32, right.length - Integer.BYTES);
      return sum == stored ? null : new FrameSum(records, stored ^ sum);
    } catch (MalformedCompressionException e) {
      return null;
    }
  }
}
