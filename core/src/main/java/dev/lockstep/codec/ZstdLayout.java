package dev.lockstep.codec;

/// Layout of a zstd frame (RFC 8878, section 3.1). All numbers are little-endian.
///
/// ```text
/// frame      magic u32 | descriptor u8 | [window u8] | [dictionary id 1, 2 or 4 bytes]
///            | [content size 1, 2, 4 or 8 bytes] | block ... | [checksum u32]
/// descriptor 7-6 content size field: 0 = none (1 byte if single segment), 1 = 2 bytes, less 256,
///            2 = 4 bytes, 3 = 8 bytes | 5 single segment: no window field, the window is the content
///            | 4 unused | 3 reserved = 0 | 2 checksum | 1-0 dictionary id: 0, 1, 2 or 4 bytes
/// window     7-3 exponent | 2-0 mantissa: (8 + mantissa) << (7 + exponent) bytes
/// block      head u24: 0 last | 2-1 type: 0 = plain, 1 = one byte repeated, 2 = compressed,
///            3 = reserved | 23-3 size | data: size bytes, but 1 byte in a repeated block
/// skipped    as in LZ4
/// ```
///
/// The checksum is the low half of the content's xxHash64 with seed 0.
final class ZstdLayout {
  /// First four bytes of a frame.
  static final int MAGIC = 0xFD2FB528;

  /// Magic and descriptor.
  static final int FIXED_HEAD_BYTES = 5;

  /// Longest header.
  static final int MAX_HEAD_BYTES = 18;

  /// Descriptor: shift of the content size code.
  static final int SIZE_SHIFT = 6;

  /// Descriptor: the window is the content.
  static final int SINGLE_SEGMENT = 0x20;

  /// Descriptor: must be 0.
  static final int RESERVED = 0x08;

  /// Descriptor: a checksum follows the last block.
  static final int CHECKSUM = 0x04;

  /// Descriptor: the dictionary id code.
  static final int DICTIONARY_MASK = 0x03;

  /// What a content size of two bytes is less than the truth.
  static final int SHORT_SIZE_BIAS = 256;

  /// Head of a block.
  static final int BLOCK_HEAD_BYTES = 3;

  /// Greatest block, whatever the window: plain size and compressed size.
  static final int MAX_BLOCK_BYTES = 1 << 17;

  /// Block type: one byte, repeated.
  static final int BLOCK_REPEATED = 1;

  /// Block type: must not occur.
  static final int BLOCK_RESERVED = 3;

  /// Length of the checksum after the last block.
  static final int CHECKSUM_BYTES = 4;

  private ZstdLayout() {}
}
