package dev.lockstep.mapped;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A mapped file could not be read where it was readable when it was mapped: it was truncated
/// since, or its storage failed.
public final class MappedFaultException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Path path;
  private final long offset;

  /// A fault on `path`.
  ///
  /// @param offset first byte known not to be readable, or, where that is unknown, the first byte
  ///   of the range that was being read
  /// @param what what was observed, for a person
  /// @param cause the fault as the JVM raised it; null if the loss was noticed without one
  public MappedFaultException(Path path, long offset, String what, @Nullable Throwable cause) {
    super(what + ", at byte " + offset + " of " + path, cause);
    this.path = path;
    this.offset = offset;
  }

  /// The file.
  public Path path() {
    return path;
  }

  /// First byte known not to be readable, or first byte of the range that was being read.
  public long offset() {
    return offset;
  }
}
