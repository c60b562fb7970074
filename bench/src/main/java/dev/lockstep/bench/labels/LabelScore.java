package dev.lockstep.bench.labels;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Measures the label rules: seeded faults in real and synthetic labels, and what they say of clean
/// ones. Everything follows from the seed and the labels.
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = "Plants faults in labels and counts what the label rules find.")
public final class LabelScore implements Callable<Integer> {
  /// A rate and noise under which everything is measured.
  ///
  /// @param nth every so many instants of 10 Hz
  /// @param noiseMeters deviation of added noise
  record Condition(int nth, double noiseMeters) {
    String title() {
      return 10 / nth + " Hz" + (noiseMeters == 0 ? "" : ", noise " + noiseMeters + " m");
    }
  }

  static final Condition NATIVE = new Condition(1, 0);

  private static final List<Condition> CONDITIONS =
      List.of(
          NATIVE,
          new Condition(2, 0),
          new Condition(5, 0),
          new Condition(1, 0.05),
          new Condition(1, 0.1),
          new Condition(1, 0.2));

  private static final int FRAMES = 400;

  @Option(names = "--events", description = "Effective events wanted in a cell. Default: 300.")
  private int events = 300;

  @Option(names = "--seed", description = "Default: 1.")
  private long seed = 1;

  @Option(names = "--drives", description = "Synthetic drives of 40 s. Default: 6.")
  private int drives = 6;

  @Option(names = "--class", description = "Only this class, for example F05. Repeatable.")
  private List<String> classes = new ArrayList<>();

  @Option(names = "--data", description = "Real labels. Default: ../shared/data.")
  private Path data = Path.of("../shared/data");

  @Option(names = "--labels", description = "Only this data set, for example KITTI. Repeatable.")
  private List<String> datasets = new ArrayList<>();

  @Option(names = "--json", description = "Writes the figures to this file as well.")
  private @Nullable Path json;

  @Option(names = "--strays", description = "Shows findings that belong to no planted fault.")
  private boolean strays;

  private final PrintStream out;

  private LabelScore(PrintStream out) {
    this.out = out;
  }

  /// Runs the benchmark; `--help` lists the options.
  public static void main(String[] args) {
    System.exit(run(System.out, args));
  }

  /// Runs the benchmark with a table on `out`.
  static int run(PrintStream out, String... args) {
    return new CommandLine(new LabelScore(out)).execute(args);
  }

  @Override
  public Integer call() throws IOException {
    List<Sequence> all = new ArrayList<>();
    for (int i = 0; i < drives; i++) {
      all.add(Sequence.synthetic(i, FRAMES));
    }
    List<Sequence> real = SharedLabels.below(data);
    if (real.isEmpty()) {
      out.println("no real labels in " + data + ": synthetic drives only");
    }
    all.addAll(real);
    all.removeIf(s -> !datasets.isEmpty() && !datasets.contains(s.dataset()));
    List<FaultClass> kinds =
        FaultClass.all().stream()
            .filter(kind -> classes.isEmpty() || classes.contains(kind.id()))
            .toList();
    Scoring scoring = new Scoring(all, events, seed);
    ScoreTable table = new ScoreTable(out, strays);
    out.printf(
        "Label rules: seed %d, up to %d events a cell, Java %s%n%n",
        seed, events, Runtime.version());
    table.clean(scoring.clean(CONDITIONS));
    table.recall(scoring.odd(kinds, NATIVE));
    List<FaultClass> strongest = kinds.stream().filter(FaultClass::top).toList();
    Map<String, List<Cell>> byCondition = new LinkedHashMap<>();
    for (Condition condition : CONDITIONS) {
      byCondition.put(condition.title(), scoring.odd(strongest, condition));
    }
    table.conditions(byCondition);
    table.datasets(scoring.byDataset(strongest));
    table.peers(scoring.peers(strongest));
    table.speed(scoring.rules());
    Path to = json;
    if (to != null) {
      Files.writeString(to, table.json(), StandardCharsets.UTF_8);
    }
    return 0;
  }
}
