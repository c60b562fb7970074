package dev.lockstep.cli;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Check;
import dev.lockstep.check.Verdict;
import dev.lockstep.engine.CostMeter;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.follow.FollowOptions;
import dev.lockstep.follow.FollowOptions.Digest;
import dev.lockstep.ops.Courtesy;
import dev.lockstep.ops.ServiceLog;
import dev.lockstep.ops.ServiceManager;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.sidecar.Sidecar;
import dev.lockstep.sidecar.WatchOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep watch`: checks recordings while somebody else writes them.
@Command(
    name = "watch",
    description = {
      "Follows the recordings in folders while a recorder writes them, and prints what it finds as"
          + " JSON Lines, at once. Beside each complete recording it leaves NAME.verdict.json."
    },
    footer = {
      "",
      "It never writes to, locks or slows what it watches. Ended at any point, it goes on where it"
          + " was at the next start: no finding is lost or told twice.",
      "",
      "Exit codes:",
      "  0 with --once: clean",
      "  1 with --once: a recording is faulty",
      "  2 wrong usage",
      "  3 with --once: part of the data could not be examined",
      "  4 reading or writing failed, worth another try",
      "  70 internal fault",
      "  143 ended by SIGTERM, after everything that is complete was sealed"
    })
final class WatchCommand implements Callable<Integer> {
  /// Seconds that a signal may take; Kubernetes kills after 30.
  private static final long STOP_SECONDS = 25;

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders, with all below them.")
  private List<Path> folders = List.of();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Folder for what outlives the process: events.jsonl and a lock. Default: below"
              + " $XDG_STATE_HOME/lockstep (~/.local/state/lockstep), one for each set of folders.")
  private @Nullable Path state;

  @Option(names = "--once", description = "End when every recording that is there is complete.")
  private boolean once;

  @Option(
      names = "--settle",
      paramLabel = "TIME",
      description =
          "A recording without an end of its own, which no process holds open, is complete when it"
              + " has not changed for TIME. Default: 5s.")
  private String settle = "5s";

  @Option(
      names = "--abandon",
      paramLabel = "TIME",
      description = "The same where it cannot be told whether one holds it open. Default: 60s.")
  private String abandon = "60s";

  @Option(
      names = "--stall",
      paramLabel = "TIME",
      description = "Warn when an open recording has not grown for TIME. Default: 10s.")
  private String stall = "10s";

  @Option(
      names = "--rescan",
      paramLabel = "TIME",
      description = "Search the folders this often, whatever the system tells. Default: 30s.")
  private String rescan = "30s";

  @Option(
      names = "--min-free",
      paramLabel = "SIZE",
      description = "Warn when less than SIZE is free on the disk. Default: 2GB.")
  private String minFree = "2GB";

  @Option(names = "--no-verdict", description = "Leave nothing beside complete recordings.")
  private boolean noVerdict;

  @Option(
      names = "--digest",
      paramLabel = "NAME",
      description = "Digest of the content in verdicts: sha256 (default), crc32c or none.")
  private String digest = "sha256";

  @Option(
      names = "--manifest",
      description = "Leave a block manifest (NAME.blocks.arrow) beside complete recordings too.")
  private boolean manifest;

  @Option(
      names = "--select",
      split = ",",
      paramLabel = "CHECK",
      description = "Only these checks: ids, families (TIM) or names.")
  private List<String> selected = List.of();

  @Option(
      names = "--ignore",
      split = ",",
      paramLabel = "CHECK",
      description = "Not these checks: ids, families or names.")
  private List<String> ignored = List.of();

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

  @Option(names = "--threads", paramLabel = "N", description = "Threads that scan. Default: 1.")
  private int threads = 1;

  @Option(
      names = "--nice",
      paramLabel = "N",
      description =
          "Give way to other processes: niceness 1 to 19 (default: 5) and the lowest level at"
              + " disks; 0 competes as others do.")
  private int nice = 5;

  @Mixin private ServiceOptions service = new ServiceOptions();

  private record Asked(
      WatchOptions watch, List<Check> checks, EngineOptions engine, ServiceLog log) {}

  @Override
  public Integer call() {
    Asked asked = Usage.of(spec, this::asked);
    ServiceLog log = asked.log();
    if (nice > 0) {
      log.info("giving way", "how", Courtesy.giveWay(nice));
    }
    InstantSource clock = InstantSource.system();
    ServiceMonitor monitor = new ServiceMonitor("watch", clock);
    CostMeter meter =
        asked.engine().shadow() == null ? null : monitor.metrics().shadow(new CostMeter());
    try (Engine engine = new Engine(asked.checks(), asked.engine(), meter);
        ServiceOptions.Running _ = service.start(monitor, log);
        Sidecar sidecar =
            new Sidecar(
                asked.watch(),
                Formats.ALL,
                engine,
                monitor,
                new ServiceManager(System.getenv()),
                log,
                clock,
                WatchCommand::print)) {
      Thread onSignal = new Thread(() -> stop(sidecar), "lockstep-stop");
      Runtime.getRuntime().addShutdownHook(onSignal);
      Sidecar.Outcome outcome = sidecar.run();
      if (outcome.worst() == Verdict.FAULTY) {
        return ExitCode.FINDINGS;
      }
      return outcome.incomplete() ? ExitCode.INCOMPLETE : ExitCode.CLEAN;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
  }

  private static void print(String line) {
    System.out.println(line);
  }

  private static void stop(Sidecar sidecar) {
    sidecar.stop();
    try {
      if (!sidecar.awaitEnd(STOP_SECONDS)) {
        Messages.error("still busy after " + STOP_SECONDS + " s; the next start goes on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Asked asked() throws IOException {
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new IllegalArgumentException(
            folder + (Files.exists(folder) ? ": no folder" : ": no such folder"));
      }
    }
    if (nice < 0 || nice > 19) {
      throw new IllegalArgumentException("--nice: " + nice + " (expected 0 to 19)");
    }
    Path memory = state == null ? defaultState() : state;
    Files.createDirectories(memory);
    FollowOptions follow = new FollowOptions(manifest, !noVerdict, digest(), memory);
    return new Asked(
        new WatchOptions(
            folders,
            memory,
            Quantities.time("--settle", settle),
            Quantities.time("--rescan", rescan),
            Quantities.time("--stall", stall),
            Quantities.time("--abandon", abandon),
            Quantities.bytes("--min-free", minFree),
            follow,
            once),
        RigOption.apply(Checks.selectForRecordings(selected, ignored), rig, required),
        EngineOptions.defaults()
            .withThreads(threads)
            .withShadow(ShadowOption.of(shadow, shadowSeed)),
        service.log());
  }

  private Digest digest() {
    for (Digest each : Digest.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(digest)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "--digest: " + digest + " (expected sha256, crc32c or none)");
  }

  /// One for each set of folders, so that two sidecars do not mix their memories up.
  private Path defaultState() throws IOException {
    String base = System.getenv("XDG_STATE_HOME");
    Path home =
        base == null || base.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(base);
    StringBuilder names = new StringBuilder();
    for (Path folder : folders) {
      names.append(folder.toRealPath()).append('\n');
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(names.toString().getBytes(StandardCharsets.UTF_8));
      return home.resolve("lockstep").resolve("watch-" + HexFormat.of().formatHex(hash, 0, 6));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
