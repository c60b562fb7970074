package dev.lockstep.codec;

/// Layout of an LZ4 frame (LZ4 Frame Format Description 1.6.x) and of the blocks in it (LZ4 Block
/// Format Description). All numbers are little-endian.
///
/// ```text
/// frame    magic u32 | FLG u8 | BD u8 | [content size u64] | [dictionary id u32] | HC u8
///          | block ... | end mark u32 = 0 | [content checksum u32]
/// block    size u32, highest bit set: stored plain | data | [block checksum u32, over data]
/// FLG      7-6 version = 01 | 5 blocks independent | 4 block checksums | 3 content size
///          | 2 content checksum | 1 reserved = 0 | 0 dictionary id
/// BD       7 reserved = 0 | 6-4 greatest block: 4 = 64 KiB, 5 = 256 KiB, 6 = 1 MiB, 7 = 4 MiB
///          | 3-0 reserved = 0
/// HC       second byte of xxHash32 from FLG to before HC
/// skipped  magic u32 = 184D2A50 to 184D2A5F | size u32 | data
///
/// data     sequence ... ; all but the last: literals, then a match
/// sequence token u8 (7-4 literal length, 3-0 match length - 4) | [length bytes] | literals
///          | match offset u16 | [length bytes]
/// length   15 in the token continues: add bytes up to and including the first below 255
/// ```
///
/// All checksums are xxHash32 with seed 0. In linked blocks a match may reach into the blocks
/// before, up to 64 KiB back.
final class Lz4Layout {
  /// First four bytes of a frame.
  static final int MAGIC = 0x184D2204;

  /// First four bytes of the frame format of 2011, which has no version, sizes or checksums.
  static final int LEGACY_MAGIC = 0x184C2102;

  /// First four bytes of a skippable frame but for the low four bits; zstd uses the same.
  static final int SKIPPABLE_MAGIC = 0x184D2A50;

  /// The bits that [#SKIPPABLE_MAGIC] fixes.
  static final int SKIPPABLE_MASK = 0xFFFFFFF0;

  /// Magic and size of a skippable frame.
  static final int SKIPPABLE_HEAD_BYTES = 8;

  /// FLG: the version field, and the only value defined.
  static final int FLG_VERSION_MASK = 0xC0;

  /// FLG: version 01.
  static final int FLG_VERSION = 0x40;

  /// FLG: no match reaches into another block.
  static final int FLG_INDEPENDENT = 0x20;

  /// FLG: each block is followed by a checksum.
  static final int FLG_BLOCK_CHECKSUM = 0x10;

  /// FLG: the content's length is in the header.
  static final int FLG_CONTENT_SIZE = 0x08;

  /// FLG: a checksum of the content ends the frame.
  static final int FLG_CONTENT_CHECKSUM = 0x04;

  /// FLG: must be 0.
  static final int FLG_RESERVED = 0x02;

  /// FLG: a dictionary is needed.
  static final int FLG_DICTIONARY = 0x01;

  /// BD: bits that must be 0.
  static final int BD_RESERVED = 0x8F;

  /// BD: shift of the block size code.
  static final int BD_SIZE_SHIFT = 4;

  /// Smallest block size code, 64 KiB; each further one is four times the one before.
  static final int MIN_SIZE_CODE = 4;

  /// Greatest block size code, 4 MiB.
  static final int MAX_SIZE_CODE = 7;

  /// Magic, FLG and BD.
  static final int FIXED_HEAD_BYTES = 6;

  /// Longest header: magic, FLG, BD, content size, dictionary id, HC.
  static final int MAX_HEAD_BYTES = 19;

  /// Where FLG is.
  static final int FLG_OFFSET = 4;

  /// Where BD is.
  static final int BD_OFFSET = 5;

  /// The bit of a block's size that marks it as stored plain.
  static final int PLAIN_BIT = 0x8000_0000;

  /// How far back a match may reach: offsets are 16 bits.
  static final int HISTORY_BYTES = 1 << 16;

  /// Shortest match; the token counts from it.
  static final int MIN_MATCH = 4;

  /// A length of this in the token continues in further bytes.
  static final int LONG_LENGTH = 15;

  /// A block's last bytes that must be literals.
  static final int LAST_LITERALS = 5;

  /// No match begins closer than this to a block's end.
  static final int LAST_MATCH_START = 12;

  /// Length of the longest data that [Lz4BlockEncoder] makes of `lengthBytes` plain bytes: nothing
  /// but literals.
  static int maxBlockBytes(int lengthBytes) {
    return lengthBytes + lengthBytes / 255 + 16;
  }

  /// Greatest length of a block of size code `code`.
  static int blockBytes(int code) {
    return 1 << (2 * code + 8);
  }

  private Lz4Layout() {}
}
