package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.codec.Compressor;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.Lz4FrameEncoder;
import dev.lockstep.codec.ZstdEncoder;
import dev.lockstep.source.CutSums;
import dev.lockstep.source.OffsetMap;
import dev.lockstep.source.mcap.CutPiece.Chunk;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Chunks of a cut that hold fewer records than they did.
final class CutChunks {
  private static final int START = McapLayout.RECORD_HEAD_BYTES;
  private static final int SIZE = START + 2 * Long.BYTES;
  private static final int CRC = SIZE + Long.BYTES;

  /// zstd's own default.
  private static final int ZSTD_LEVEL = 3;

  private CutChunks() {}

  /// The times in the head of a chunk.
  record Head(long startNs, long endNs) {}

  /// The times of a chunk: those of its messages where they were, else what they were.
  static Head head(Records.ChunkHead stored, CutCounts.Times before, CutCounts.Times now) {
    return new Head(
        stored.startNs() == before.first() ? now.first() : stored.startNs(),
        stored.endNs() == before.last() ? now.last() : stored.endNs());
  }

  /// The record of a chunk that has fewer records.
  ///
  /// @param records those that it has now
  /// @param moved where the bytes of its records went in them
  static byte[] of(MemorySegment file, Chunk chunk, byte[] records, OffsetMap moved, Head times) {
    ChunkSpan span = chunk.span();
    Records.ChunkHead stored = span.head();
    byte[] packed = packed(stored.compression(), records);
    if (chunk.frameDifference() != 0) {
      // The checksum of a frame stands at its end.
      int at = packed.length - Integer.BYTES;
      int right = MemorySegment.ofArray(packed).get(McapLayout.U32, at);
      CutPointers.set(packed, at, right ^ chunk.frameDifference());
    }
    int headBytes = (int) (stored.recordsOffset() - span.offset());
    long recordsEnd = stored.recordsOffset() + span.recordsLength();
    long trailingFrom = recordsEnd - chunk.trailingBytes();
    byte[] trailing = CutSource.raw(file, trailingFrom, span.end() - trailingFrom);
    RecordBuffer out = new RecordBuffer(headBytes + packed.length + trailing.length);
    out.raw(CutSource.raw(file, span.offset(), headBytes)).raw(packed).raw(trailing);
    byte[] record = out.toArray();
    long length = chunk.pieces().getLast().to();
    long more = record.length - span.length();
    CutPointers.plus(record, McapLayout.LENGTH_OFFSET, more);
    CutPointers.plus(record, headBytes - Long.BYTES, more);
    CutPointers.plus(record, START, times.startNs() - stored.startNs());
    CutPointers.plus(record, START + Long.BYTES, times.endNs() - stored.endNs());
    CutPointers.plus(record, SIZE, records.length - length);
    int now = Crc32.of(MemorySegment.ofArray(records), 0, records.length);
    return CutPointers.set(
        record,
        CRC,
        CutSums.stored(stored.crc(), chunk.crc(), length, now, records.length, moved::byteAt));
  }

  /// Records as a chunk of that compression holds them.
  static byte[] packed(String compression, byte[] records) {
    try (Compressor compressor =
        switch (compression) {
          case Decompressors.LZ4 -> new Lz4FrameEncoder(Lz4FrameEncoder.Options.DEFAULT);
          case Decompressors.ZSTD -> new ZstdEncoder(ZSTD_LEVEL, true);
          default -> null;
        }) {
      if (compressor == null) {
        return records;
      }
      ByteBuffer in = ByteBuffer.allocateDirect(Math.max(1, records.length)).put(records).flip();
      long room = compressor.maxCompressedBytes(records.length);
      ByteBuffer out = ByteBuffer.allocateDirect(Math.toIntExact(room));
      long length = compressor.compress(MemorySegment.ofBuffer(in), MemorySegment.ofBuffer(out));
      byte[] packed = new byte[(int) length];
      out.get(0, packed);
      return packed;
    }
  }
}
