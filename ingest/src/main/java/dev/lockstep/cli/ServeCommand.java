package dev.lockstep.cli;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Check;
import dev.lockstep.engine.CostMeter;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.ops.ServiceLog;
import dev.lockstep.ops.ServiceManager;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.server.IngestServer;
import dev.lockstep.server.ServerOptions;
import dev.lockstep.session.SessionLimits;
import dev.lockstep.shadow.ShadowShare;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.store.StoreLog;
import dev.lockstep.store.StoreOptions;
import dev.lockstep.wire.McapFraming;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `lockstep serve`: takes recordings over TCP, stores them so that nothing acknowledged is lost,
/// and checks them while they come.
@Command(
    name = "serve",
    description = {
      "Takes MCAP streams over TCP (protocol MCAPIN/1, see ingest/PROTOCOL.md), stores them, and"
          + " checks them while they come. An acknowledged byte is on stable storage.",
      "Prints 'listening on HOST:PORT' and runs until SIGTERM, which drains and seals."
    },
    footer = {
      "",
      "Exit codes:",
      "  2 wrong usage",
      "  4 the store or the port cannot be used",
      "  70 internal fault",
      "  143 ended by SIGTERM (130: SIGINT)"
    })
final class ServeCommand implements Callable<Integer> {
  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final long MILLIS_PER_SECOND = 1_000L;
  private static final long BEAT_MILLIS = 1_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "Where to listen; port 0 takes a free one. Default: 127.0.0.1:7400. Off loopback, tokens"
              + " or client certificates are a must.")
  private String listen = "127.0.0.1:7400";

  @Option(names = "--store", required = true, paramLabel = "DIR", description = "The store.")
  private Path store = Path.of("");

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Who may write: a line 'SECRET' or 'sha256:HEX' each, then optionally what the names of"
              + " its sessions begin with. Read anew for each connection.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--tls-cert",
      paramLabel = "PEM",
      description = "Certificate chain of the server; turns TLS on.")
  private @Nullable Path tlsCertificate;

  @Option(names = "--tls-key", paramLabel = "PEM", description = "Its key (PKCS#8).")
  private @Nullable Path tlsKey;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "PEM",
      description = "Clients must show a certificate that this authority signed.")
  private @Nullable Path tlsClientAuthority;

  @Option(
      names = "--min-free",
      paramLabel = "SIZE",
      description =
          "Free space below which nobody new is let in; at half of it writers are stopped."
              + " Default: the larger of 5 %% and 10 GiB.")
  private @Nullable String minFree;

  @Option(names = "--max-part", paramLabel = "SIZE", description = "Longest part. Default: 1.1 TB.")
  private @Nullable String maxPart;

  @Option(
      names = "--max-session",
      paramLabel = "SIZE",
      description = "Most bytes of all streams of one session. Default: no limit.")
  private @Nullable String maxSession;

  @Option(
      names = "--max-store",
      paramLabel = "SIZE",
      description = "Most bytes of all parts. Default: no limit.")
  private @Nullable String maxStore;

  @Option(
      names = "--max-record",
      paramLabel = "SIZE",
      description = "Longest record of a stream whose size was not announced. Default: 268 MB.")
  private @Nullable String maxRecord;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      description = "Most connections at a time, in all and from one address. Default: 512.")
  private int maxConnections = 512;

  @Option(
      names = "--ack-ms",
      paramLabel = "N",
      description = "At most one commit, and one ack a connection, in N ms. Default: 20.")
  private long ackMillis = StoreOptions.DEFAULT.commitMillis();

  @Option(
      names = "--idle-s",
      paramLabel = "N",
      description =
          "A connection ends if for so long no record was whole and less than 64 KiB came."
              + " Default: 300.")
  private long idleSeconds = SessionLimits.DEFAULT.idleNs() / NS_PER_SECOND;

  @Option(
      names = "--resume-s",
      paramLabel = "N",
      description =
          "A spooled part is sealed as it is when its client stays away for so long."
              + " Default: 86400.")
  private long resumeSeconds = SessionLimits.DEFAULT.resumeNs() / NS_PER_SECOND;

  @Option(
      names = "--check-threads",
      paramLabel = "N",
      description = "Threads that check what is stored. Default: half the cores.")
  private int checkThreads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  @Option(names = "--rig", paramLabel = "FILE", description = RigOption.RIG)
  private @Nullable Path rig;

  @Option(
      names = "--require",
      paramLabel = RigOption.REQUIRE_LABEL,
      description = RigOption.REQUIRE)
  private List<String> required = List.of();

  @Option(names = "--shadow", paramLabel = "SHARE", description = ShadowOption.SHADOW)
  private @Nullable String shadow;

  @Option(names = "--shadow-seed", paramLabel = "N", description = ShadowOption.SEED)
  private long shadowSeed;

  @Option(
      names = "--drain-s",
      paramLabel = "N",
      description = "SIGTERM: time for what came to be stored, checked and sealed. Default: 20.")
  private long drainSeconds = 20;

  @Option(
      names = {"-v", "--verbose"},
      description = "Tell of every connection and part on standard error.")
  private boolean verbose;

  @Mixin private ServiceOptions service = new ServiceOptions();

  @Override
  public Integer call() throws InterruptedException {
    ServerOptions options = Usage.of(spec, this::options);
    List<Check> checks = Usage.of(spec, () -> RigOption.apply(Checks.ALL, rig, required));
    ShadowShare share = Usage.of(spec, () -> ShadowOption.of(shadow, shadowSeed));
    EngineOptions checking = EngineOptions.defaults().withThreads(checkThreads).withShadow(share);
    ServiceMonitor monitor = new ServiceMonitor("serve", InstantSource.system());
    CostMeter meter = share == null ? null : monitor.metrics().shadow(new CostMeter());
    ServiceManager manager = new ServiceManager(System.getenv());
    IngestServer server;
    try {
      ServiceLog log = service.log();
      StoreLog told = new CommandLog(log, verbose);
      server =
          new IngestServer(options, new Engine(checks, checking, meter), mcap(), monitor, told);
      service.start(monitor, log);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  manager.stopping();
                  stop(server);
                  ended.countDown();
                },
                "lockstep-stop"));
    InetSocketAddress at = server.address();
    String place = at.getAddress().getHostAddress() + ":" + at.getPort();
    System.out.println("listening on " + place);
    System.out.flush();
    manager.ready("listening on " + place);
    // The shutdown hook is the way out; until then the watchdog hears from us while status is told.
    while (!ended.await(BEAT_MILLIS, TimeUnit.MILLISECONDS)) {
      if (monitor.alive()) {
        manager.beat(System.currentTimeMillis());
      }
    }
    return ExitCode.CLEAN;
  }

  private record CommandLog(ServiceLog log, boolean verbose) implements StoreLog {
    @Override
    public void note(String text) {
      if (verbose) {
        log.info(text);
      }
    }

    @Override
    public void problem(String text) {
      log.warn(text);
    }

    @Override
    public void synced(long durationNs) {}
  }

  private void stop(IngestServer server) {
    try {
      server.stop(drainSeconds * MILLIS_PER_SECOND);
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
    }
  }

  private static SourceFormat mcap() {
    return Formats.ALL.stream()
        .filter(format -> format.name().equals("mcap"))
        .findFirst()
        .orElseThrow();
  }

  private ServerOptions options() {
    InetSocketAddress address = Endpoint.parse("--listen", listen);
    ServerOptions.Tls tls = tls();
    boolean authenticated = tokenFile != null || tlsClientAuthority != null;
    if (!address.getAddress().isLoopbackAddress() && !authenticated) {
      throw new IllegalArgumentException(
          "--listen: "
              + listen
              + " is not loopback (expected --token-file or --tls-client-ca with it)");
    }
    atLeast(1, "--max-connections", maxConnections);
    atLeast(1, "--check-threads", checkThreads);
    atLeast(1, "--idle-s", idleSeconds);
    atLeast(1, "--resume-s", resumeSeconds);
    atLeast(0, "--ack-ms", ackMillis);
    StoreOptions ofStore = StoreOptions.DEFAULT;
    StoreOptions storing =
        new StoreOptions(
            ackMillis,
            ofStore.partQueueBytes(),
            ofStore.totalQueueBytes(),
            size("--max-part", maxPart, ofStore.maxPartBytes()),
            size("--max-session", maxSession, ofStore.maxSessionBytes()),
            size("--max-store", maxStore, ofStore.maxStoreBytes()),
            ofStore.maxStreams(),
            size("--min-free", minFree, ofStore.minFreeBytes()));
    SessionLimits of = SessionLimits.DEFAULT;
    McapFraming.Limits records = McapFraming.Limits.DEFAULT;
    SessionLimits limits =
        new SessionLimits(
            of.helloNs(),
            idleSeconds * NS_PER_SECOND,
            of.settleNs(),
            resumeSeconds * NS_PER_SECOND,
            of.parkNs(),
            new McapFraming.Limits(
                size("--max-record", maxRecord, records.recordBytes()),
                records.chunkBytes(),
                records.chunkRatio()));
    return new ServerOptions(
        address,
        store,
        tokenFile,
        tls,
        maxConnections,
        maxConnections,
        checkThreads,
        storing,
        limits);
  }

  private ServerOptions.@Nullable Tls tls() {
    Path certificate = tlsCertificate;
    Path key = tlsKey;
    if (certificate == null && key == null && tlsClientAuthority == null) {
      return null;
    }
    if (certificate == null || key == null) {
      throw new IllegalArgumentException("TLS: --tls-cert and --tls-key go together");
    }
    return new ServerOptions.Tls(certificate, key, tlsClientAuthority);
  }

  private static long size(String option, @Nullable String text, long absent) {
    return text == null ? absent : Quantities.bytes(option, text);
  }

  private static void atLeast(long least, String option, long value) {
    if (value < least) {
      throw new IllegalArgumentException(
          option + ": " + value + " (expected at least " + least + ")");
    }
  }
}
