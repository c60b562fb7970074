package dev.lockstep.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/// What is sent where.
///
/// @param server address of the server
/// @param sockets makes connections: plain ones, or TLS
/// @param session name of the session
/// @param stream name of the stream
/// @param token secret, or null
/// @param part part to begin with, or null for the server's newest
/// @param growing whether the file may still grow; otherwise its size is announced, and any bytes
///   may be sent
/// @param findings whether findings are asked for
/// @param patience how long to go on trying without a byte becoming durable
public record SendOptions(
    InetSocketAddress server,
    SocketFactory sockets,
    String session,
    String stream,
    @Nullable String token,
    @Nullable Integer part,
    boolean growing,
    boolean findings,
    Duration patience) {

  /// A whole file over plain TCP, one minute of patience.
  public static SendOptions of(InetSocketAddress server, String session, String stream) {
    return new SendOptions(
        server,
        SocketFactory.getDefault(),
        session,
        stream,
        null,
        null,
        false,
        false,
        Duration.ofMinutes(1));
  }

  /// The same with a token.
  public SendOptions withToken(String secret) {
    return new SendOptions(
        server, sockets, session, stream, secret, part, growing, findings, patience);
  }

  /// The same for a file that may still grow.
  public SendOptions whileGrowing() {
    return new SendOptions(server, sockets, session, stream, token, part, true, findings, patience);
  }

  /// The same over other sockets.
  public SendOptions over(SocketFactory factory) {
    return new SendOptions(
        server, factory, session, stream, token, part, growing, findings, patience);
  }

  /// The same with findings.
  public SendOptions withFindings() {
    return new SendOptions(server, sockets, session, stream, token, part, growing, true, patience);
  }

  /// The same with another patience.
  public SendOptions withPatience(Duration time) {
    return new SendOptions(server, sockets, session, stream, token, part, growing, findings, time);
  }
}
