package dev.lockstep.server;

import dev.lockstep.session.IngestHub;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The handlers of a connection, in the order in which bytes pass them.
///
/// ```text
///            socket
///              │ ▲
///   limit      │ │   ConnectionLimit   too many connections are turned away before they cost anything
///              ▼ │
///   tls        │ │   SslHandler        only with a certificate; client certificate if one is asked for
///              ▼ │
///   session    │ │   SessionHandler    bytes to the session's state machine, lines back; timer; the
///              ▼ │                     way to close that loses no line
///        IngestSession ──► PartStore
/// ```
final class ConnectionPipeline extends ChannelInitializer<SocketChannel> {
  static final String LIMIT = "limit";
  static final String TLS = "tls";
  static final String SESSION = "session";

  /// Time for a TLS handshake. Judged: ten times that of a far and busy peer.
  private static final long HANDSHAKE_SECONDS = 10;

  private final ConnectionLimit limit;
  private final @Nullable SslContext tls;
  private final IngestHub hub;

  ConnectionPipeline(ConnectionLimit limit, @Nullable SslContext tls, IngestHub hub) {
    this.limit = limit;
    this.tls = tls;
    this.hub = hub;
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(LIMIT, limit);
    SslContext context = tls;
    if (context != null) {
      SslHandler handler = context.newHandler(channel.alloc());
      handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
      pipeline.addLast(TLS, handler);
    }
    pipeline.addLast(SESSION, new SessionHandler(hub, channel));
  }
}
