package dev.lockstep.bench.labels;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The part of the benchmark that is about faults which boxes alone do not show: sensors,
/// attributes, annotators, stamps, bits and exports.
@Command(
    name = "score-sensors",
    mixinStandardHelpOptions = true,
    description = "Plants faults that more than boxes show, and counts what is found.")
public final class SensorScore implements Callable<Integer> {
  @Option(names = "--events", description = "Events wanted in a cell. Default: 300.")
  private int events = 300;

  @Option(names = "--seed", description = "Default: 1.")
  private long seed = 1;

  @Option(names = "--data", description = "Real labels. Default: ../shared/data.")
  private Path data = Path.of("../shared/data");

  @Option(names = "--class", description = "Only this class, for example F08. Repeatable.")
  private List<String> classes = new ArrayList<>();

  @Option(names = "--strays", description = "Shows findings that belong to no planted fault.")
  private boolean strays;

  private final PrintStream out;

  private SensorScore(PrintStream out) {
    this.out = out;
  }

  /// Runs the benchmark; `--help` lists the options.
  public static void main(String[] args) {
    System.exit(run(System.out, args));
  }

  /// Runs the benchmark with a table on `out`.
  static int run(PrintStream out, String... args) {
    return new CommandLine(new SensorScore(out)).execute(args);
  }

  @Override
  public Integer call() throws IOException {
    ScoreTable table = new ScoreTable(out, strays);
    table.beyond(Beyond.rows(events, seed, data, classes));
    table.strays();
    return 0;
  }
}
