package dev.lockstep.codec;

import java.lang.foreign.MemorySegment;

/// Turns plain bytes into one compressed frame, always the same for the same bytes and settings. An
/// instance serves one thread at a time and reuses its working memory.
public interface Compressor extends AutoCloseable {
  /// Longest frame that `lengthBytes` bytes can become.
  long maxCompressedBytes(long lengthBytes);

  /// Compresses all of `in` into one frame at the front of `out` and returns the frame's length.
  ///
  /// @throws IllegalArgumentException if `out` is shorter than [#maxCompressedBytes]
  long compress(MemorySegment in, MemorySegment out);

  /// Releases working memory; the instance is of no use afterwards.
  @Override
  void close();
}
