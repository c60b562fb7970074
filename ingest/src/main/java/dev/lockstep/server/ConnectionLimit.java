package dev.lockstep.server;

import dev.lockstep.session.IngestStats;
import dev.lockstep.wire.ErrorCode;
import dev.lockstep.wire.RefusedException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/// Turns connections away when there are too many, in all or from one address.
@Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<Boolean> COUNTED = AttributeKey.valueOf("lockstep.counted");

  private final int most;
  private final int mostFromOne;
  private final boolean plain;
  private final IngestStats stats;
  private final Map<InetAddress, Integer> from = new HashMap<>();
  private int open;

  /// @param plain whether a line can be sent without TLS
  ConnectionLimit(int most, int mostFromOne, boolean plain, IngestStats stats) {
    this.most = most;
    this.mostFromOne = mostFromOne;
    this.plain = plain;
    this.stats = stats;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    InetAddress address = address(context);
    if (!enter(address)) {
      stats.refused(ErrorCode.QUOTA);
      context.pipeline().remove(ConnectionPipeline.SESSION);
      if (plain) {
        byte[] line = new RefusedException(ErrorCode.QUOTA, "too many connections").line();
        context
            .writeAndFlush(Unpooled.wrappedBuffer(line))
            .addListener(ChannelFutureListener.CLOSE);
      } else {
        var _ = context.close();
      }
      return;
    }
    context.channel().attr(COUNTED).set(true);
    context.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (context.channel().attr(COUNTED).getAndSet(null) != null) {
      leave(address(context));
    }
    context.fireChannelInactive();
  }

  private static InetAddress address(ChannelHandlerContext context) {
    return context.channel().remoteAddress() instanceof InetSocketAddress inet
        ? inet.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  private synchronized boolean enter(InetAddress address) {
    int already = from.getOrDefault(address, 0);
    if (open >= most || already >= mostFromOne) {
      return false;
    }
    open++;
    from.put(address, already + 1);
    return true;
  }

  private synchronized void leave(InetAddress address) {
    open--;
    from.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }
}
