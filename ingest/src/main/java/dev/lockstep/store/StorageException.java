package dev.lockstep.store;

import java.io.IOException;

/// A part or the whole store cannot go on.
public final class StorageException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean forGood;

  StorageException(String message, Throwable cause, boolean forGood) {
    super(message, cause);
    this.forGood = forGood;
  }

  /// Whether nothing helps but a restart: `fdatasync` failed, and what is on disk is unknown.
  public boolean forGood() {
    return forGood;
  }
}
