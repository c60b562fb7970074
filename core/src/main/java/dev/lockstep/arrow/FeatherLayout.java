package dev.lockstep.arrow;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The layout of an Arrow IPC file, which Feather version 2 is (Arrow columnar format 1.5, "IPC
/// File Format" and "Encapsulated message format").
///
/// ```text
/// 0         6  8
/// | ARROW1  |00| schema message | dictionaries | record batches | end | footer | n | ARROW1 |
///                                              ^                              i32
/// message:                                     block of the footer: offset, metadata, body
///   | FFFFFFFF | size i32 | metadata: flatbuffer Message, padded to 8 | body |
/// body: buffers at offsets that the metadata gives; compressed ones are
///   | uncompressed length i64, -1: stored as is | LZ4 or zstd frame |
/// ```
///
/// All numbers are little-endian.
final class FeatherLayout {
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

  static final int MAGIC_BYTES = 6;

  /// Magic and padding at the front.
  static final int HEAD_BYTES = 8;

  /// Footer length and magic at the end.
  static final int TAIL_BYTES = Integer.BYTES + MAGIC_BYTES;

  /// Stands in front of a message's size since format version 0.15.
  static final int CONTINUATION = 0xFFFF_FFFF;

  /// Continuation and size.
  static final int MESSAGE_PREFIX_BYTES = 8;

  /// Stands for the uncompressed length of a buffer that is stored as it is.
  static final long STORED = -1;

  /// The length in front of a compressed buffer.
  static final int LENGTH_BYTES = 8;

  private FeatherLayout() {}

  static byte[] magic() {
    return MAGIC.clone();
  }
}
