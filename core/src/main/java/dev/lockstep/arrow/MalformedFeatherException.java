package dev.lockstep.arrow;

import java.io.Serial;

/// A file that is no Arrow file, or a damaged one. Says what, where, and what should have been.
public final class MalformedFeatherException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /// What kind of damage it is.
  public enum Fault {
    /// The file does not begin as an Arrow file does.
    HEADER,
    /// The file does not end as an Arrow file does.
    END,
    /// The footer or a block that it names lies outside of the file.
    FOOTER,
    /// Metadata that cannot be parsed or contradicts itself.
    METADATA,
    /// A buffer lies outside of its batch.
    RANGE,
    /// A buffer cannot be decompressed.
    COMPRESSION,
    /// A batch would take more memory than allowed.
    TOO_LARGE,
    /// A buffer's content does not fit the number of rows.
    CONTENT,
    /// A type or feature that this reader does not know.
    UNSUPPORTED
  }

  private final Fault fault;
  private final long offsetBytes;
  private final long lengthBytes;
  private final String what;
  private final String observed;
  private final String expected;

  /// Damage at `[offsetBytes, offsetBytes + lengthBytes)` of the file.
  MalformedFeatherException(
      Fault fault,
      long offsetBytes,
      long lengthBytes,
      String what,
      String observed,
      String expected) {
    super(what + " " + observed + " (expected " + expected + "), at byte " + offsetBytes);
    this.fault = fault;
    this.offsetBytes = Math.max(0, offsetBytes);
    this.lengthBytes = Math.max(0, lengthBytes);
    this.what = what;
    this.observed = observed;
    this.expected = expected;
  }

  /// What kind of damage it is.
  public Fault fault() {
    return fault;
  }

  /// First byte concerned.
  public long offsetBytes() {
    return offsetBytes;
  }

  /// Bytes concerned; 0 where only a place can be named.
  public long lengthBytes() {
    return lengthBytes;
  }

  /// What the values are about.
  public String what() {
    return what;
  }

  /// What was found.
  public String observed() {
    return observed;
  }

  /// What should have been found.
  public String expected() {
    return expected;
  }
}
