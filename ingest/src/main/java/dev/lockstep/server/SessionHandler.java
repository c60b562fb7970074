package dev.lockstep.server;

import dev.lockstep.session.IngestHub;
import dev.lockstep.session.IngestSession;
import dev.lockstep.session.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// Couples a socket to its session.
///
/// A connection is closed slowly: last line, end of output, then whatever still comes is thrown
/// away for a while. Closed at once, with bytes unread, the other side would often see a reset in
/// place of the line that tells it why.
final class SessionHandler extends ChannelInboundHandlerAdapter implements Peer {
  /// How long what still comes is thrown away. Judged.
  private static final long LINGER_MILLIS = 2_000;

  private static final long TICK_MILLIS = 500;

  private final IngestHub hub;
  private final SocketChannel channel;
  private @Nullable IngestSession session;
  private @Nullable ScheduledFuture<?> ticks;
  private @Nullable String certificateName;
  private boolean closing;

  SessionHandler(IngestHub hub, SocketChannel channel) {
    this.hub = hub;
    this.channel = channel;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (channel.pipeline().get(ConnectionPipeline.TLS) == null) {
      begin();
    }
    context.fireChannelActive();
  }

  private void begin() {
    IngestSession begun = new IngestSession(hub, this);
    session = begun;
    ticks =
        channel
            .eventLoop()
            .scheduleWithFixedDelay(
                () -> begun.tick(System.nanoTime()),
                TICK_MILLIS,
                TICK_MILLIS,
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    IngestSession open = session;
    switch (event) {
      case SslHandshakeCompletionEvent handshake when handshake.isSuccess() && open == null -> {
        certificateName = nameOf(context.pipeline().get(SslHandler.class));
        begin();
      }
      case SslHandshakeCompletionEvent handshake when !handshake.isSuccess() -> end();
      case ChannelInputShutdownEvent ended -> inputEnded();
      case SslCloseCompletionEvent ended -> inputEnded();
      default -> context.fireUserEventTriggered(event);
    }
  }

  private void inputEnded() {
    IngestSession open = session;
    if (closing) {
      end();
    } else if (open != null) {
      open.inputEnded();
    } else {
      end();
    }
  }

  private void end() {
    var _ = channel.close();
  }

  private void endOutput() {
    var _ = channel.shutdownOutput();
  }

  private static @Nullable String nameOf(SslHandler tls) {
    try {
      return tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate shown
          ? shown.getSubjectX500Principal().getName()
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    IngestSession open = session;
    if (closing || open == null || !(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    open.received(bytes.nioBuffer(), bytes::release);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    IngestSession open = session;
    if (open != null && !closing) {
      open.writabilityChanged();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closing = true;
    ScheduledFuture<?> ticking = ticks;
    if (ticking != null) {
      ticking.cancel(false);
    }
    IngestSession open = session;
    if (open != null) {
      open.disconnected();
    }
    context.fireChannelInactive();
  }

  /// Resets, failed handshakes and the like: nothing that could be told to the other side.
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end();
  }

  @Override
  public void send(byte[] line) {
    if (channel.isActive()) {
      var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(line));
    }
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public void reading(boolean on) {
    channel.config().setAutoRead(on);
  }

  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    if (!channel.isActive()) {
      end();
      return;
    }
    channel.config().setAutoRead(true);
    var _ = channel.eventLoop().schedule(this::end, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    if (channel.isInputShutdown()) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> end());
      return;
    }
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    ChannelFuture sent =
        tls != null ? tls.closeOutbound() : channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    sent.addListener(done -> endOutput());
  }

  @Override
  public void execute(Runnable task) {
    channel.eventLoop().execute(task);
  }

  @Override
  public String address() {
    return String.valueOf(channel.remoteAddress());
  }

  @Override
  public @Nullable String certificateName() {
    return certificateName;
  }
}
