package dev.lockstep.codec;

import java.io.Serial;

/// Compressed bytes that cannot be decompressed: damaged, cut, larger than allowed, or of a kind
/// that is not supported. The message says which and where.
public final class MalformedCompressionException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final long offset;
  private final String what;
  private final long decodedBytes;

  /// A fault at `offset` of the compressed bytes.
  ///
  /// @param offset first byte of the field or block at fault
  /// @param what what was observed and, where that helps, what was expected
  /// @param decodedBytes how many bytes of the output had been written before
  public MalformedCompressionException(long offset, String what, long decodedBytes) {
    super(what + ", at compressed byte " + offset);
    this.offset = offset;
    this.what = what;
    this.decodedBytes = decodedBytes;
  }

  /// First byte, in the compressed bytes, of the field or block at fault.
  public long offset() {
    return offset;
  }

  /// What was observed, without the place.
  public String what() {
    return what;
  }

  /// How many bytes at the front of the output hold what was decompressed before the fault. They
  /// are as good as a decoder can tell, which is not to say correct.
  public long decodedBytes() {
    return decodedBytes;
  }
}
