package dev.lockstep.server;

import dev.lockstep.engine.Engine;
import dev.lockstep.ops.Courtesy;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.session.IngestHub;
import dev.lockstep.session.IngestStats;
import dev.lockstep.session.Tokens;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.store.PartStore;
import dev.lockstep.store.RealFiles;
import dev.lockstep.store.StoreLog;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The TCP endpoint: a store, its checks, and a port.
///
/// NIO and not epoll or io_uring: measured on loopback they receive no faster (a receiving thread
/// is in the kernel's copy most of the time), and their native parts lag behind Netty's releases.
public final class IngestServer implements AutoCloseable {
  /// Writing to the page cache: two threads keep up with any disk. Judged.
  private static final int WRITERS = 2;

  /// Syncs side by side; a journaling file system folds them into few commits. Judged.
  private static final int SYNCERS = 8;

  private static final int CONTROLLERS = 8;

  /// Receive buffers: small for many slow senders, large for a fast one.
  private static final int MIN_RECEIVE_BYTES = 1 << 10;

  private static final int MAX_RECEIVE_BYTES = 256 << 10;

  /// How far checks stand back behind receiving and storing, so that they never slow a sender:
  /// about a tenth of the processor where both want all of it (`sched(7)`), everything that is left
  /// where not. Judged.
  private static final int CHECK_NICENESS = 10;

  /// Lines that wait for a client that does not read; then only the newest ack is kept.
  private static final WriteBufferWaterMark LINES = new WriteBufferWaterMark(16 << 10, 64 << 10);

  private final FileChannel lockFile;
  private final ExecutorService writers = pool("write", WRITERS);
  private final ExecutorService syncers = pool("sync", SYNCERS);
  private final ExecutorService control = pool("control", CONTROLLERS);
  private final ExecutorService checkers;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lockstep-status");
        thread.setDaemon(true);
        return thread;
      });
  private final PartStore store;
  private final CheckedParts checks;
  private final IngestHub hub;
  private final IngestStats stats = new IngestStats();
  private final SyncTimes syncTimes = new SyncTimes();
  private final EventLoopGroup loops;
  private final Channel listening;
  private final AtomicBoolean stopped = new AtomicBoolean();

  private final class TimedLog implements StoreLog {
    private final StoreLog log;
    private final ServiceMonitor monitor;

    TimedLog(StoreLog log, ServiceMonitor monitor) {
      this.log = log;
      this.monitor = monitor;
    }

    @Override
    public void note(String text) {
      log.note(text);
    }

    @Override
    public void problem(String text) {
      log.problem(text);
    }

    @Override
    public void synced(long durationNs) {
      syncTimes.count.increment();
      syncTimes.sumNs.add(durationNs);
      monitor.metrics().fsync(durationNs / 1e9);
      log.synced(durationNs);
    }
  }

  /// How long syncs took.
  public static final class SyncTimes {
    private final LongAdder count = new LongAdder();
    private final LongAdder sumNs = new LongAdder();

    /// How many there were.
    public long count() {
      return count.sum();
    }

    /// Sum of their times.
    public long sumNs() {
      return sumNs.sum();
    }
  }

  /// Opens the store, repairs it, and listens.
  ///
  /// @param engine checks the parts
  /// @param monitor told of everything that is worth showing
  /// @param log told what a person may want to know, one sentence each, on any thread
  /// @throws IOException if the store is in use or unusable, a file of tokens or keys is bad, or
  ///   the port is taken
  public IngestServer(
      ServerOptions options,
      Engine engine,
      SourceFormat format,
      ServiceMonitor monitor,
      StoreLog log)
      throws IOException {
    Tokens tokens = options.tokens() == null ? Tokens.open() : Tokens.in(options.tokens());
    SslContext tls = options.tls() == null ? null : tls(options.tls());
    Files.createDirectories(options.store());
    lockFile = lock(options.store());
    store =
        new PartStore(
            new RealFiles(),
            options.store(),
            options.storeOptions(),
            writers,
            syncers,
            System::currentTimeMillis,
            new TimedLog(log, monitor));
    Path scratch = options.store().resolve("scratch");
    Files.createDirectories(scratch);
    checkers = pool("check", options.checkThreads(), () -> Courtesy.giveWayHere(CHECK_NICENESS));
    checks =
        new CheckedParts(
            engine,
            format,
            scratch,
            checkers,
            log,
            (part, finding) -> monitor.finding(part, finding, ""));
    hub = new IngestHub(store, checks, tokens, options.limits(), stats, control, log);
    store.start();
    hub.takeUp();
    int threads = Math.min(4, Runtime.getRuntime().availableProcessors());
    loops = new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
    ConnectionLimit limit =
        new ConnectionLimit(
            options.maxConnections(), options.maxConnectionsPerAddress(), tls == null, stats);
    try {
      listening =
          new ServerBootstrap()
              .group(loops)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.SO_REUSEADDR, true)
              .option(ChannelOption.SO_BACKLOG, 512)
              .childOption(ChannelOption.SO_KEEPALIVE, true)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
              .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, LINES)
              .childOption(ChannelOption.ALLOCATOR, ReceiveBuffers.ofProcess().allocator())
              .childOption(
                  ChannelOption.RECVBUF_ALLOCATOR,
                  new AdaptiveRecvByteBufAllocator(
                      MIN_RECEIVE_BYTES, MIN_RECEIVE_BYTES * 16, MAX_RECEIVE_BYTES))
              .childHandler(new ConnectionPipeline(limit, tls, hub))
              .bind(options.listen())
              .syncUninterruptibly()
              .channel();
    } catch (RuntimeException e) {
      closeAll(0);
      throw e;
    } catch (Exception e) {
      // Netty throws checked exceptions that it does not declare.
      closeAll(0);
      throw new IOException(options.listen() + ": " + e.getMessage(), e);
    }
    ServerStatus status = new ServerStatus(monitor, store, hub, stats, checks);
    ScheduledFuture<?> _ = loops.scheduleWithFixedDelay(hub::sweep, 1, 1, TimeUnit.SECONDS);
    ScheduledFuture<?> _ = ticker.scheduleWithFixedDelay(status::tell, 0, 1, TimeUnit.SECONDS);
  }

  private static ExecutorService pool(String name, int threads) {
    return pool(name, threads, () -> {});
  }

  /// @param first what each thread does before anything else
  private static ExecutorService pool(String name, int threads, Runnable first) {
    AtomicInteger number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        threads,
        task -> {
          Runnable run =
              () -> {
                first.run();
                task.run();
              };
          Thread thread = new Thread(run, "lockstep-" + name + "-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  private static FileChannel lock(Path store) throws IOException {
    FileChannel file =
        FileChannel.open(
            store.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      file.close();
      throw new IOException(store + ": is in use by another server");
    }
    return file;
  }

  private static SslContext tls(ServerOptions.Tls files) throws IOException {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile())
              .protocols("TLSv1.3", "TLSv1.2");
      Path authority = files.clientAuthority();
      if (authority != null) {
        builder.trustManager(authority.toFile()).clientAuth(ClientAuth.REQUIRE);
      }
      return builder.build();
    } catch (IllegalArgumentException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("TLS: " + e.getMessage() + ": " + cause.getMessage(), e);
    }
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  /// Counters.
  public IngestStats stats() {
    return stats;
  }

  /// How long syncs took.
  public SyncTimes syncTimes() {
    return syncTimes;
  }

  /// What is stored.
  public PartStore store() {
    return store;
  }

  /// What is being checked.
  public CheckedParts checks() {
    return checks;
  }

  /// Why nothing can be stored at the moment, or null.
  public @Nullable String problem() {
    return store.problem();
  }

  /// Lets nobody in any more, makes durable and acknowledges what came, seals live parts, and
  /// stops; what is not done after `drainMillis` is left to the next start.
  public void stop(long drainMillis) throws IOException {
    if (!stopped.compareAndSet(false, true)) {
      return;
    }
    listening.close().syncUninterruptibly();
    hub.stop();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(drainMillis);
    try {
      while ((stats.openConnections() > 0 || hub.isBusy()) && System.nanoTime() - end < 0) {
        Thread.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeAll(Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
  }

  private void closeAll(long waitMillis) throws IOException {
    loops
        .shutdownGracefully(0, Math.max(1, waitMillis), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly();
    try {
      ticker.shutdown();
      control.shutdown();
      control.awaitTermination(waitMillis, TimeUnit.MILLISECONDS);
      checkers.shutdown();
      checkers.awaitTermination(waitMillis, TimeUnit.MILLISECONDS);
      store.close();
      writers.shutdown();
      syncers.shutdown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lockFile.close();
    }
  }

  /// Stops within five seconds.
  @Override
  public void close() throws IOException {
    stop(5_000);
  }
}
