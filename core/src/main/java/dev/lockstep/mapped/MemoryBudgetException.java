package dev.lockstep.mapped;

import java.io.Serial;

/// A buffer would have taken private memory over its limit. What needed it is left unexamined and
/// must be reported so.
public final class MemoryBudgetException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final long requestedBytes;

  MemoryBudgetException(long requestedBytes, long usedBytes, long limitBytes) {
    super(
        "buffer: "
            + requestedBytes
            + " bytes (the memory limit is "
            + limitBytes
            + ", of which "
            + usedBytes
            + " are in use)");
    this.requestedBytes = requestedBytes;
  }

  /// Size of the buffer that was asked for.
  public long requestedBytes() {
    return requestedBytes;
  }
}
