package dev.lockstep.source;

import java.io.IOException;
import java.io.Serial;

/// What a recording says about where its messages lie does not hold: only a read from front to back
/// tells ([SourceFormat#scan]).
public final class DamagedIndexException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /// @param message file, and what does not hold
  public DamagedIndexException(String message) {
    super(message);
  }
}
