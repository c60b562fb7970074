package dev.lockstep.wire;

import org.jspecify.annotations.Nullable;

/// The server will not go on with a connection: what its `err` line says.
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final int retryAfterSeconds;
  private final @Nullable Integer part;
  private final @Nullable Long durableBytes;

  /// A refusal that names no part.
  public RefusedException(ErrorCode code, String message) {
    this(code, message, code.temporary() ? Reply.RETRY_SECONDS : 0, null, null);
  }

  private RefusedException(
      ErrorCode code,
      String message,
      int retryAfterSeconds,
      @Nullable Integer part,
      @Nullable Long durableBytes) {
    super(message, null, false, false);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.part = part;
    this.durableBytes = durableBytes;
  }

  /// The same, about `part`, of which `durableBytes` are stored.
  public RefusedException about(int part, long durableBytes) {
    return new RefusedException(
        code, String.valueOf(getMessage()), retryAfterSeconds, part, durableBytes);
  }

  /// Which of the eight reasons.
  public ErrorCode code() {
    return code;
  }

  /// The `err` line.
  public byte[] line() {
    return Reply.error(code, retryAfterSeconds, part, durableBytes, String.valueOf(getMessage()));
  }
}
