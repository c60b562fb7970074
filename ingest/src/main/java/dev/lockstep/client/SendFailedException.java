package dev.lockstep.client;

import java.io.IOException;

/// The server will not take the file, or cannot be reached for too long.
public final class SendFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  SendFailedException(String message, Throwable cause) {
    super(message, cause);
  }

  SendFailedException(String message) {
    super(message);
  }
}
