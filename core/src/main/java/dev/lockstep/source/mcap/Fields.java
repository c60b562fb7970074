package dev.lockstep.source.mcap;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Reads the fields of one record body one after the other. A field that reaches past the body
/// reads as zero or empty and marks the record as [#broken]; nothing is allocated for it.
final class Fields {
  /// Longest text that is read. Judged: topics and type names have tens of bytes.
  static final int MAX_TEXT_BYTES = 1 << 20;

  private MemorySegment segment = MemorySegment.NULL;
  private long position;
  private long limit;
  private boolean broken;
  private boolean badText;

  /// Starts over at a record body.
  Fields at(MemorySegment segment, long from, long lengthBytes) {
    this.segment = segment;
    this.position = from;
    this.limit = from + lengthBytes;
    this.broken = false;
    this.badText = false;
    return this;
  }

  /// Whether a field did not fit.
  boolean broken() {
    return broken;
  }

  /// Whether a text was not UTF-8.
  boolean badText() {
    return badText;
  }

  /// Where the next field begins.
  long position() {
    return position;
  }

  /// Bytes of the body behind the fields read so far.
  long left() {
    return limit - position;
  }

  int u8() {
    return take(1) ? segment.get(McapLayout.U8, position - 1) & 0xFF : 0;
  }

  int u16() {
    return take(2) ? segment.get(McapLayout.U16, position - 2) & 0xFFFF : 0;
  }

  int i32() {
    return take(4) ? segment.get(McapLayout.U32, position - 4) : 0;
  }

  long u32() {
    return Integer.toUnsignedLong(i32());
  }

  long i64() {
    return take(8) ? segment.get(McapLayout.U64, position - 8) : 0;
  }

  /// Passes over `bytes` bytes and returns where they began.
  long skip(long bytes) {
    long from = position;
    take(bytes);
    return from;
  }

  /// A text with its length in front. Text that is not UTF-8 is read with replacement characters.
  String text() {
    long length = u32();
    if (length > MAX_TEXT_BYTES || !take(length)) {
      broken = true;
      return "";
    }
    byte[] bytes = new byte[(int) length];
    MemorySegment.copy(segment, position - length, MemorySegment.ofArray(bytes), 0, bytes.length);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      badText = true;
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /// Bytes with a 32-bit length in front, if there are at most `maxBytes`; else none, and they are
  /// passed over.
  byte[] bytes(long maxBytes) {
    long length = u32();
    if (!take(length) || length > maxBytes) {
      return new byte[0];
    }
    byte[] bytes = new byte[(int) length];
    MemorySegment.copy(segment, position - length, MemorySegment.ofArray(bytes), 0, bytes.length);
    return bytes;
  }

  private boolean take(long bytes) {
    if (bytes < 0 || bytes > limit - position) {
      broken = true;
      position = limit;
      return false;
    }
    position += bytes;
    return true;
  }
}
