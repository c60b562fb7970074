package dev.lockstep.wire;

import org.jspecify.annotations.Nullable;

/// What a client says first: who sends what, and from where on.
///
/// @param session name of the recording session
/// @param stream name of what this connection sends
/// @param token secret, or null
/// @param mode whether the client still has the bytes that it sent
/// @param offset how many bytes of the part the client thinks stored; 0 in live mode
/// @param tailCrc32c CRC-32C of the last [#TAIL_BYTES] (or fewer) before `offset`, or null
/// @param part the part that is meant, or null for the newest (spool) or a new one (live)
/// @param sizeBytes length of the part where the client knows it, or null: the part then ends there
///   whatever its bytes are; without, it ends with the footer and magic of MCAP
/// @param lostBytes bytes that a live client threw away since its last connection; 0 if it does not
///   say
/// @param findings whether findings are to be sent as they come
public record Hello(
    String session,
    String stream,
    @Nullable String token,
    Mode mode,
    long offset,
    @Nullable Integer tailCrc32c,
    @Nullable Integer part,
    @Nullable Long sizeBytes,
    long lostBytes,
    boolean findings) {

  /// First word of the line: the protocol and its version.
  public static final String PROTOCOL = "MCAPIN/1";

  /// Longest hello line, with its line feed: room for names and a token, and nothing more.
  public static final int MAX_LINE_BYTES = 4096;

  /// Longest name of a session or stream.
  public static final int MAX_NAME_CHARS = 128;

  /// Longest token.
  public static final int MAX_TOKEN_CHARS = 1024;

  /// Parts of a stream are numbered from 0 to here; five digits in a file name. Judged.
  public static final int MAX_PART = 99_999;

  /// Bytes before the offset whose checksum shows that both sides hold the same.
  public static final int TAIL_BYTES = 64 << 10;

  /// How a client can go on after a lost connection.
  public enum Mode {
    /// It has everything on disk and resumes byte for byte.
    SPOOL,
    /// It keeps nothing; each connection is a part of its own.
    LIVE
  }
}
