package dev.lockstep.bench.robustness;

import dev.lockstep.bench.files.Folders;
import dev.lockstep.bench.robustness.Judge.Judgement;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Damages recordings thousands of times, each time in another way, and checks what is left with
/// every check there is: nothing may throw, break, hang, take much memory, or give a finding whose
/// place is not in the file; and a recording handed over in pieces must give what it gives whole.
///
/// A round follows from the campaign's seed and the round's number alone, so that any can be
/// repeated.
@Command(
    name = "mutations",
    mixinStandardHelpOptions = true,
    description =
        "Damages recordings at random and checks what is left. Exits with 1 if a promise"
            + " was not kept.")
public final class MutationCampaign implements Callable<Integer> {
  /// Recordings beside the project, where there are any.
  private static final List<Path> DEFAULT_SOURCES =
      List.of(
          Path.of("fixtures"),
          Path.of("../shared/data/mcap-conformance"),
          Path.of("../shared/data/av2"),
          Path.of("../shared/data/kitti"),
          Path.of("../shared/data/nuscenes"),
          Path.of("../shared/data/mot"),
          Path.of("../shared/data/ros"),
          Path.of("../shared/data/video"),
          Path.of("../shared/data/labels"));

  /// Of so many rounds one is read in pieces as well.
  private static final int ROUNDS_PER_SPLIT = 3;

  @Parameters(
      arity = "0..*",
      paramLabel = "PATH",
      description =
          "Recordings to damage, or folders of them. Default: the project's fixtures, and"
              + " test data beside the project.")
  private List<Path> sources = List.of();

  @Option(names = "--rounds", paramLabel = "N", description = "Number of rounds. Default: 10000.")
  private int rounds = 10_000;

  @Option(names = "--seed", paramLabel = "N", description = "Default: 1.")
  private long seed = 1;

  @Option(
      names = "--max-bytes",
      paramLabel = "N",
      description = "Larger recordings are left out. Default: 1600000.")
  private long maxBytes = 1_600_000;

  @Option(
      names = "--hang-seconds",
      paramLabel = "N",
      description = "A round that takes more processor time hangs. Default: 30.")
  private long hangSeconds = 30;

  @Option(
      names = "--memory-mib",
      paramLabel = "N",
      description = "Most private memory of the process. Default: 512.")
  private long memoryMib = 512;

  @Option(
      names = "--replay",
      paramLabel = "SEED:ROUND",
      description = "Only this round; its files are kept.")
  private @Nullable String replay;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Where files are made. Default: a temporary folder.")
  private @Nullable Path work;

  private final PrintStream out;

  private MutationCampaign(PrintStream out) {
    this.out = out;
  }

  /// Runs a campaign; `--help` lists the options.
  public static void main(String[] args) {
    System.exit(run(System.out, args));
  }

  /// Runs a campaign that reports to `out`; 0 if every promise was kept.
  static int run(PrintStream out, String... args) {
    return new CommandLine(new MutationCampaign(out)).execute(args);
  }

  /// What the rounds of one kind gave.
  private static final class Row {
    int rounds;
    int recordings;
    int split;
    long findings;
    int failures;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = work == null ? Files.createTempDirectory("mutations") : work;
    Seeds seeds = new Seeds(folder.resolve("seeds"), maxBytes);
    List<Path> from = sources.isEmpty() ? DEFAULT_SOURCES : sources;
    for (Path source : from) {
      if (Files.exists(source)) {
        seeds.add(source);
      } else {
        out.println("not there, left out: " + source);
      }
    }
    seeds.addDrives();
    seeds.groups().forEach((name, group) -> out.printf("%5d of %s%n", group.size(), name));
    int failures;
    String only = replay;
    if (only == null) {
      failures = run(seeds, folder, 0, rounds);
    } else {
      String[] parts = only.split(":", 2);
      seed = Long.parseLong(parts[0]);
      int round = Integer.parseInt(parts[1]);
      failures = run(seeds, folder, round, round + 1);
    }
    if (work == null && failures == 0 && only == null) {
      Folders.delete(folder);
    } else {
      out.println("files are in " + folder);
    }
    return failures == 0 ? 0 : 1;
  }

  private int run(Seeds seeds, Path folder, int first, int end) throws IOException {
    Map<MutationKind, Row> rows = new EnumMap<>(MutationKind.class);
    long begun = System.nanoTime();
    long peak;
    int failures = 0;
    Watchdog watchdog =
        new Watchdog(
            hangSeconds,
            text -> {
              out.println("HANG in " + text);
              // What hangs cannot be ended by anything less.
              Runtime.getRuntime().halt(1);
            });
    try (watchdog;
        Judge judge = new Judge()) {
      for (int round = first; round < end; round++) {
        Round damaged = new Round(seeds, seed, round);
        watchdog.begin(damaged.name());
        Judgement judgement = damaged.run(judge, round % ROUNDS_PER_SPLIT == 0);
        watchdog.end();
        Row row = rows.computeIfAbsent(damaged.kind(), k -> new Row());
        row.rounds++;
        row.recordings += judgement.recordings();
        row.findings += judgement.findings();
        row.split += round % ROUNDS_PER_SPLIT == 0 ? 1 : 0;
        if (!judgement.failures().isEmpty() || replay != null) {
          keep(damaged, folder.resolve("round-" + seed + "-" + round), judgement);
        }
        if (!judgement.failures().isEmpty()) {
          row.failures++;
          failures++;
        }
        damaged.restore();
      }
      peak = watchdog.peakPrivateBytes();
    }
    table(rows, (System.nanoTime() - begun) / 1e9);
    out.printf(
        "private memory: at most %d MiB (limit %d), heap limit %d MiB%n",
        peak >> 20, memoryMib, Runtime.getRuntime().maxMemory() >> 20);
    if (peak > memoryMib << 20) {
      out.println("FAILED: private memory above its limit");
      failures++;
    }
    return failures;
  }

  private void keep(Round damaged, Path folder, Judgement judgement) throws IOException {
    out.println((judgement.failures().isEmpty() ? "" : "FAILED ") + damaged.name());
    judgement.failures().forEach(failure -> out.println("  " + failure));
    Path from = damaged.folder();
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
        Path copy = folder.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private void table(Map<MutationKind, Row> rows, double seconds) {
    out.printf(
        "%-20s %8s %11s %10s %10s %9s%n",
        "kind", "rounds", "recordings", "in pieces", "findings", "failures");
    Row all = new Row();
    for (Map.Entry<MutationKind, Row> each : rows.entrySet()) {
      Row row = each.getValue();
      line(each.getKey().label(), row);
      all.rounds += row.rounds;
      all.recordings += row.recordings;
      all.split += row.split;
      all.findings += row.findings;
      all.failures += row.failures;
    }
    line("all", all);
    out.printf("%.0f s, %.0f rounds a second%n", seconds, all.rounds / seconds);
  }

  private void line(String name, Row row) {
    out.printf(
        "%-20s %8d %11d %10d %10d %9d%n",
        name, row.rounds, row.recordings, row.split, row.findings, row.failures);
  }
}
