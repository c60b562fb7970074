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

  /// Instants of a synthetic drive.
  static final int FRAMES = 400;

  /// Rows by data set and of other tools are made of that part of the events.
  private static final int FEWER = 3;

  /// The data set on which exchanged frames are measured by itself: the smoothest labels of a
  /// camera that moves, which public figures are about.
  private static final String BY_ITSELF = "KITTI";

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

  @Option(
      names = "--condition",
      description = "Beside 10 Hz only this rate and noise, for example '2 Hz'. Repeatable.")
  private List<String> conditions = new ArrayList<>();

  @Option(names = "--json", description = "Writes the figures to this file as well.")
  private @Nullable Path json;

  @Option(
      names = "--left-out",
      description =
          "Only: sets the measured limits anew without each data set, and tries them on it.")
  private boolean leftOut;

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
    if (leftOut) {
      List<FaultClass> strongest = kinds.stream().filter(FaultClass::top).toList();
      int each = Math.max(1, events / FEWER);
      new ScoreTable(out, strays).leftOut(new LeftOut(all, each, seed).rows(strongest));
      return 0;
    }
    Scoring scoring = new Scoring(all, events, seed);
    ScoreTable table = new ScoreTable(out, strays);
    out.printf(
        "Label rules: seed %d, up to %d events a cell, %d synthetic drives, Lockstep %s, Java"
            + " %s%n%n",
        seed, events, drives, version(), Runtime.version());
    List<Condition> asked =
        CONDITIONS.stream()
            .filter(c -> c.equals(NATIVE) || conditions.isEmpty() || conditions.contains(c.title()))
            .toList();
    List<Scoring.Clean> clean = scoring.clean(asked);
    table.clean(clean);
    List<Cell> native10 = scoring.odd(kinds, NATIVE);
    table.recall(native10);
    List<FaultClass> strongest = kinds.stream().filter(FaultClass::top).toList();
    List<Condition> others = asked.stream().filter(c -> !c.equals(NATIVE)).toList();
    List<List<Cell>> under = scoring.odd(strongest, others);
    Map<String, List<Cell>> byCondition = new LinkedHashMap<>();
    byCondition.put(NATIVE.title(), native10.stream().filter(cell -> cell.kind.top()).toList());
    for (int i = 0; i < others.size(); i++) {
      byCondition.put(others.get(i).title(), under.get(i));
    }
    table.conditions(byCondition);
    Map<String, Cell> exchanged = exchangedFrames(scoring, all, strongest);
    table.exchangedFrames(exchanged);
    Scoring fewer = new Scoring(all, Math.max(1, events / FEWER), seed);
    table.datasets(fewer.byDataset(strongest));
    List<Ledger> beyond = Beyond.rows(events, seed, data, classes);
    if (!beyond.isEmpty()) {
      table.beyond(beyond);
    }
    List<Scoring.PeerRow> peers = scoring.peers(strongest, Math.max(1, events / FEWER));
    table.peers(peers);
    table.inShort(clean, byCondition, exchanged, beyond, peers);
    table.speed(scoring.rules());
    Path to = json;
    if (to != null) {
      Files.writeString(to, table.json(), StandardCharsets.UTF_8);
    }
    return 0;
  }

  /// Exchanged frames of one data set by rate and noise, where it is at hand.
  private Map<String, Cell> exchangedFrames(
      Scoring scoring, List<Sequence> all, List<FaultClass> kinds) {
    Map<String, Cell> cells = new LinkedHashMap<>();
    boolean there = all.stream().anyMatch(s -> s.dataset().equals(BY_ITSELF) && s.forTest());
    for (FaultClass kind : kinds) {
      if (there && kind.fault().equals("frame-swap")) {
        for (Condition condition :
            List.of(NATIVE, new Condition(2, 0), new Condition(5, 0), new Condition(1, 0.1))) {
          cells.put(condition.title(), scoring.odd(kind, condition, BY_ITSELF));
        }
      }
    }
    return cells;
  }

  private static String version() {
    String known = LabelScore.class.getPackage().getImplementationVersion();
    return known == null ? "from its sources" : known;
  }
}
