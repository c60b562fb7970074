package dev.lockstep.wire;

import java.util.Locale;

/// Why a server ends a connection before its part is done.
public enum ErrorCode {
  /// Too many connections, or too many bytes for a part, a session or the store.
  QUOTA(true),
  /// The token or the client certificate is missing or wrong.
  AUTH(false),
  /// The client wants to go on behind what the server holds.
  GAP(false),
  /// The client's bytes are not those that the server holds.
  DIVERGED(false),
  /// A newer connection writes this stream now.
  FENCED(false),
  /// A record, a chunk or a line is larger than allowed, or nothing came for too long.
  LIMIT(false),
  /// The server cannot store, or is about to stop.
  STORAGE(true),
  /// The hello line or the stream is not what the protocol describes.
  MALFORMED(false);

  private final boolean temporary;

  ErrorCode(boolean temporary) {
    this.temporary = temporary;
  }

  /// Whether the same attempt may succeed later, without anything changed at the client.
  public boolean temporary() {
    return temporary;
  }

  /// The name as it stands on the wire: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
