package dev.lockstep.model;

/// A range of bytes of a file.
///
/// @param offsetBytes offset of the first byte
/// @param lengthBytes number of bytes; 0 marks a place between two bytes
public record ByteRange(long offsetBytes, long lengthBytes) {
  /// @throws IllegalArgumentException if either number is negative
  public ByteRange {
    if (offsetBytes < 0 || lengthBytes < 0) {
      throw new IllegalArgumentException("byte range " + offsetBytes + "+" + lengthBytes);
    }
  }

  /// Offset of the first byte behind the range.
  public long endBytes() {
    return offsetBytes + lengthBytes;
  }
}
