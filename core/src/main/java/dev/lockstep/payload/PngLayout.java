package dev.lockstep.payload;

/// Layout of a PNG image (W3C PNG, third edition, sections 5 and 11): a signature, then chunks.
///
/// ```text
/// 89 50 4E 47 0D 0A 1A 0A
/// length u32 | type 4 letters | data | CRC-32 u32 of type and data     (big-endian)
/// IHDR first, IDAT one after the other, IEND last and empty
/// ```
final class PngLayout {
  /// The signature, read big-endian.
  static final long SIGNATURE = 0x8950_4E47_0D0A_1A0AL;

  static final int SIGNATURE_BYTES = 8;

  /// Bytes of a chunk besides its data: length, type, CRC.
  static final int CHUNK_FIXED_BYTES = 12;

  /// Largest length of a chunk's data.
  static final long MAX_CHUNK_BYTES = Integer.MAX_VALUE;

  static final int IHDR = 0x4948_4452;
  static final int IHDR_BYTES = 13;
  static final int IDAT = 0x4944_4154;
  static final int IEND = 0x4945_4E44;

  private PngLayout() {}
}
