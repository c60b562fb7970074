package dev.lockstep.codec;

import java.lang.foreign.MemorySegment;

/// Turns compressed bytes into plain ones. An instance serves one thread at a time and reuses its
/// working memory; its size is stated by each implementation and does not depend on the input.
public interface Decompressor extends AutoCloseable {
  /// Decompresses the frames at the front of `in` into the front of `out`.
  ///
  /// Several frames may follow each other; their contents are joined. Bytes after the last frame
  /// that do not begin another are left alone. Nothing is read or written outside the two segments,
  /// whatever the input. `in` may be mapped: a fault in it arrives as the `InternalError` that
  /// `MappedFile.guard` reports, and leaves the instance usable.
  ///
  /// @throws MalformedCompressionException if the input is not whole and right, or holds more than
  ///   `out` can take
  Decompressed decompress(MemorySegment in, MemorySegment out) throws MalformedCompressionException;

  /// Releases working memory; the instance is of no use afterwards.
  @Override
  void close();
}
