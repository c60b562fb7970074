package dev.lockstep.bench.speed;

import dev.lockstep.bench.files.Folders;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Times whole processes in turn: `./lockstep check` with all its checks over synthetic drives, the
/// same with one thread, and beside it the floor (`xxh128sum` of the same file, `lz4 -t` and `zstd
/// -t` of the same content) and another reader (`@mcap/core` with its checksums on).
///
/// Contenders run one after the other, round by round, so that a machine that is slower for a while
/// is slower for all; ratios are of medians.
@Command(
    name = "side-by-side",
    mixinStandardHelpOptions = true,
    description = "Times ./lockstep check beside other programs over the same bytes.")
public final class SideBySide implements Callable<Integer> {
  @Option(names = "--rounds", paramLabel = "N", description = "Rounds a drive. Default: 7.")
  private int rounds = 7;

  @Option(
      names = "--bytes",
      paramLabel = "SIZE",
      description = "Payload of a drive, as for synth. Default: 1GB.")
  private String bytes = "1GB";

  @Option(
      names = "--growth",
      paramLabel = "N",
      description = "Also a drive N times as long, uncompressed; 1 leaves it out. Default: 4.")
  private int growth = 4;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where the drives are made. Default: a temporary folder, removed afterwards.")
  private @Nullable Path folder;

  @Option(
      names = "--node-modules",
      paramLabel = "DIR",
      description = "A folder in which @mcap/core and @mcap/support are installed.")
  private @Nullable Path nodeModules;

  private SideBySide() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new SideBySide()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintStream out = System.out;
    Path given = folder;
    Path work = given == null ? Files.createTempDirectory("lockstep-speed") : given;
    try {
      for (String compression : List.of("none", "lz4", "zstd")) {
        Path drive = drive(work, compression, "--bytes", bytes, "--compression", compression);
        race(out, "drive of " + bytes + ", compression " + compression, drive, work);
      }
      Path small = drive(work, "small", "--messages", "1500000", "--message-bytes", "100");
      race(out, "1,500,000 messages of 100 bytes", small, work);
      if (growth > 1) {
        growth(out, work);
      }
    } finally {
      if (given == null) {
        Folders.delete(work);
      }
    }
    return 0;
  }

  static Path drive(Path work, String name, String... options)
      throws IOException, InterruptedException {
    Path drive = work.resolve(name + ".mcap");
    if (!Files.exists(drive)) {
      List<String> command = new ArrayList<>(List.of(launcher(), "synth", "--seed", "1"));
      command.addAll(List.of(options));
      command.addAll(List.of("--out", drive.toString()));
      new Contender("synth", Path.of(""), command).run(false);
    }
    return drive;
  }

  private void race(PrintStream out, String title, Path drive, Path work)
      throws IOException, InterruptedException {
    List<Contender> contenders = new ArrayList<>();
    contenders.add(check("./lockstep check", drive));
    contenders.add(check("./lockstep check --threads 1", drive, "--threads", "1"));
    add(contenders, "xxh128sum", null, drive);
    String name = Objects.requireNonNull(drive.getFileName()).toString();
    if (name.startsWith("lz4")) {
      add(contenders, "lz4", "-t", squeezed(work, "lz4"));
    } else if (name.startsWith("zstd")) {
      add(contenders, "zstd", "-t", squeezed(work, "zstd"));
    }
    Path modules = nodeModules;
    if (modules != null) {
      Path script = modules.resolve("read-all.mjs");
      try (InputStream in = SideBySide.class.getResourceAsStream("read-all.mjs")) {
        Files.write(script, Objects.requireNonNull(in).readAllBytes());
      }
      contenders.add(
          new Contender(
              "@mcap/core, checksums on",
              modules,
              List.of("node", "read-all.mjs", drive.toAbsolutePath().toString())));
    }
    table(out, title, drive, contenders);
  }

  /// The content of the uncompressed drive as one stream of a tool, whose test mode is the floor of
  /// decompression.
  private static Path squeezed(Path work, String tool) throws IOException, InterruptedException {
    Path file = work.resolve("content." + tool);
    if (!Files.exists(file) && isInstalled(tool)) {
      List<String> command =
          new ArrayList<>(List.of(tool, "-q", "-1", work.resolve("none.mcap").toString()));
      if (tool.equals("zstd")) {
        command.add("-o");
      }
      command.add(file.toString());
      new Contender(tool, Path.of(""), command).run(false);
    }
    return file;
  }

  private static void add(
      List<Contender> contenders, String tool, @Nullable String option, Path file) {
    if (isInstalled(tool)) {
      contenders.add(
          new Contender(
              option == null ? tool : tool + " " + option + " (same content)",
              Path.of(""),
              option == null
                  ? List.of(tool, file.toString())
                  : List.of(tool, option, file.toString())));
    }
  }

  private static boolean isInstalled(String tool) {
    String path = System.getenv("PATH");
    return path != null
        && Stream.of(path.split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  /// What a check took.
  ///
  /// @param wallSeconds median of the rounds
  /// @param cpuSeconds the same, of all threads
  public record Took(double wallSeconds, double cpuSeconds) {}

  /// Times checks of the same recording with different options, in turn.
  ///
  /// @throws IOException if one fails, or finds something
  public static List<Took> checks(int rounds, Path recording, List<List<String>> options)
      throws IOException, InterruptedException {
    List<Contender> contenders = new ArrayList<>();
    for (List<String> each : options) {
      contenders.add(check("./lockstep check", recording, each.toArray(String[]::new)));
    }
    for (int round = -1; round < rounds; round++) {
      for (Contender contender : contenders) {
        contender.run(round >= 0);
      }
    }
    return contenders.stream()
        .map(c -> new Took(c.medianWallSeconds(), c.medianCpuSeconds()))
        .toList();
  }

  static Contender check(String name, Path drive, String... options) {
    List<String> command = new ArrayList<>(List.of(launcher(), "check"));
    command.addAll(List.of(options));
    command.add(drive.toString());
    return new Contender(name, Path.of(""), command);
  }

  private static String launcher() {
    return Path.of("lockstep").toAbsolutePath().toString();
  }

  private void table(PrintStream out, String title, Path drive, List<Contender> contenders)
      throws IOException, InterruptedException {
    for (int round = -1; round < rounds; round++) {
      for (Contender contender : contenders) {
        contender.run(round >= 0);
      }
    }
    double own = contenders.getFirst().medianWallSeconds();
    out.printf(
        Locale.ROOT,
        "%n%s: %,d bytes, %d rounds%n%-34s %9s %9s %9s  %s%n",
        title,
        Files.size(drive),
        rounds,
        "",
        "least s",
        "median s",
        "CPU s",
        "check takes so many times its median");
    for (Contender contender : contenders) {
      out.printf(
          Locale.ROOT,
          "%-34s %9.3f %9.3f %9.3f  %.2f%n",
          contender.name(),
          contender.leastWallSeconds(),
          contender.medianWallSeconds(),
          contender.medianCpuSeconds(),
          own / contender.medianWallSeconds());
    }
    out.flush();
  }

  private void growth(PrintStream out, Path work) throws IOException, InterruptedException {
    Path once = work.resolve("none.mcap");
    String size = growth + "x" + bytes;
    long payload = Files.size(once) * growth;
    Path times = drive(work, "grown", "--bytes", Long.toString(payload), "--compression", "none");
    List<Contender> contenders = new ArrayList<>();
    contenders.add(check("./lockstep check", times));
    contenders.add(check("./lockstep check --threads 1", times, "--threads", "1"));
    contenders.add(check("./lockstep check, drive of " + bytes, once));
    add(contenders, "xxh128sum", null, times);
    table(out, "drive of " + size + ", compression none", times, contenders);
  }
}
