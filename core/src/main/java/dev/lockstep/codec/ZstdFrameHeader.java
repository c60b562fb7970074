package dev.lockstep.codec;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// What a zstd frame tells about itself.
///
/// @param headerBytes length of the header
/// @param contentSizeBytes length of the content, or [#UNKNOWN]
/// @param windowBytes how much of the content a decoder may have to remember
/// @param hasContentChecksum whether a checksum of the content ends the frame
/// @param dictionaryId the dictionary that is needed, 0 for none
public record ZstdFrameHeader(
    int headerBytes,
    long contentSizeBytes,
    long windowBytes,
    boolean hasContentChecksum,
    long dictionaryId) {
  /// The content's length is not in the header.
  public static final long UNKNOWN = -1;

  /// Reads the header of the frame at `offset` of `in`.
  ///
  /// @throws MalformedCompressionException if there is none, or not a whole and valid one
  public static ZstdFrameHeader read(MemorySegment in, long offset)
      throws MalformedCompressionException {
    return read(in, offset, 0);
  }

  static ZstdFrameHeader read(MemorySegment in, long offset, long decodedBytes)
      throws MalformedCompressionException {
    byte[] head = new byte[(int) Math.min(ZstdLayout.MAX_HEAD_BYTES, in.byteSize() - offset)];
    MemorySegment.copy(in, offset, MemorySegment.ofArray(head), 0, head.length);
    ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    if (head.length < ZstdLayout.FIXED_HEAD_BYTES) {
      throw new MalformedCompressionException(offset, "ends within the frame header", decodedBytes);
    }
    int magic = fields.getInt();
    if (magic != ZstdLayout.MAGIC) {
      throw new MalformedCompressionException(
          offset,
          "magic: 0x%08X (expected 0x%08X)".formatted(magic, ZstdLayout.MAGIC),
          decodedBytes);
    }
    int descriptor = fields.get();
    boolean single = (descriptor & ZstdLayout.SINGLE_SEGMENT) != 0;
    int dictionaryBytes = (1 << (descriptor & ZstdLayout.DICTIONARY_MASK)) >> 1;
    int sizeCode = (descriptor & 0xFF) >>> ZstdLayout.SIZE_SHIFT;
    int sizeBytes = sizeCode == 0 ? (single ? 1 : 0) : 1 << sizeCode;
    int headerBytes = ZstdLayout.FIXED_HEAD_BYTES + (single ? 0 : 1) + dictionaryBytes + sizeBytes;
    if (head.length < headerBytes) {
      throw new MalformedCompressionException(offset, "ends within the frame header", decodedBytes);
    }
    if ((descriptor & ZstdLayout.RESERVED) != 0) {
      throw new MalformedCompressionException(
          offset + Integer.BYTES, "reserved bit of the frame header is set", decodedBytes);
    }
    int window = single ? 0 : fields.get() & 0xFF;
    long dictionary = number(fields, dictionaryBytes);
    long size = sizeBytes == 0 ? UNKNOWN : number(fields, sizeBytes);
    if (sizeBytes == Short.BYTES) {
      size += ZstdLayout.SHORT_SIZE_BIAS;
    }
    if (sizeBytes != 0 && size < 0) {
      throw new MalformedCompressionException(
          offset, "content size: " + Long.toUnsignedString(size), decodedBytes);
    }
    return new ZstdFrameHeader(
        headerBytes,
        size,
        single ? size : (8L + (window & 7)) << (7 + (window >>> 3)),
        (descriptor & ZstdLayout.CHECKSUM) != 0,
        dictionary);
  }

  private static long number(ByteBuffer fields, int bytes) {
    return switch (bytes) {
      case 1 -> fields.get() & 0xFF;
      case 2 -> fields.getShort() & 0xFFFF;
      case 4 -> fields.getInt() & 0xFFFF_FFFFL;
      case 8 -> fields.getLong();
      default -> 0;
    };
  }
}
