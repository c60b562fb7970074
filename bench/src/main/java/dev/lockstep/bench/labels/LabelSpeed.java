package dev.lockstep.bench.labels;

import dev.lockstep.bench.geometry.BoxScanBenchmark;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.DoubleSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How many label rows a second the rules that follow tracks examine on one thread, and how long it
/// takes to look for the points of a sweep in boxes, each beside its floor. Processor time is
/// counted, so that other programs disturb little; the first half of the rounds warms up.
@Command(
    name = "label-speed",
    mixinStandardHelpOptions = true,
    description = "Label rows a second, and points in boxes, beside one pass over each.")
public final class LabelSpeed implements Callable<Integer> {
  /// Rules that look at each track by itself.
  static final Set<String> EACH_TRACK =
      Set.of(
          "LAB001", "LAB002", "LAB004", "LAB005", "LAB007", "LAB008", "LAB009", "LAB018", "LAB020",
          "LAB025", "LAB026");

  /// Rules that weigh tracks, or all labels of an instant, against each other.
  static final Set<String> TRACKS_TOGETHER =
      Set.of("LAB003", "LAB006", "LAB017", "LAB019", "LAB030");

  private static final double NOISE_METERS = 0.02;
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  @Option(names = "--frames", description = "Frames of the drive, 10 a second. Default: 3000.")
  private int frames = 3000;

  @Option(names = "--rounds", description = "Default: 60.")
  private int rounds = 60;

  private final PrintStream out;
  private double kept;

  private LabelSpeed(PrintStream out) {
    this.out = out;
  }

  /// Measures; `--help` lists the options.
  public static void main(String[] args) {
    System.exit(run(System.out, args));
  }

  /// Measures with a table on `out`.
  static int run(PrintStream out, String... args) {
    return new CommandLine(new LabelSpeed(out)).execute(args);
  }

  @Override
  public Integer call() {
    LabelSet labels = Sequence.synthetic(1, frames).varied(1, NOISE_METERS, 1).labels().build();
    Group each = new Group(EACH_TRACK);
    Set<String> both = new HashSet<>(EACH_TRACK);
    both.addAll(TRACKS_TOGETHER);
    Group all = new Group(both);
    List<Double> floor = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      boolean counts = round >= rounds / 2;
      double pass = seconds(() -> onePass(labels));
      each.run(labels, counts);
      all.run(labels, counts);
      if (counts) {
        floor.add(pass);
      }
    }
    out.printf(
        "%d label rows of %d tracks, %d rounds, processor time of one thread, median%n%n",
        labels.size(), labels.trackCount(), floor.size());
    out.println("| | million rows a second | ns a row | over the floor |");
    out.println("|---|---:|---:|---:|");
    double least = median(floor) / labels.size();
    line("floor: each number of each box once, track by track", least, least);
    each.print("rules that look at each track by itself", labels.size(), least);
    all.print("these and those that weigh tracks against each other", labels.size(), least);
    pointsInBoxes();
    return Double.isNaN(kept) ? 1 : 0;
  }

  private void pointsInBoxes() {
    BoxScanBenchmark scan = new BoxScanBenchmark();
    scan.make();
    List<Double> floor = new ArrayList<>();
    List<Double> together = new ArrayList<>();
    List<Double> apart = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      double pass = seconds(scan::onePass);
      double once = seconds(scan::allLagsAtOnce);
      double each = seconds(scan::eachLagByItself);
      if (round >= rounds / 2) {
        floor.add(pass);
        together.add(once);
        apart.add(each);
      }
    }
    double least = median(floor);
    out.printf(
        "%nOne sweep of 100,000 points, 100 boxes, 7 lags; a tenth of its period is 10 ms%n%n");
    out.println("| | ms | over the floor |");
    out.println("|---|---:|---:|");
    sweep("floor: one pass over the points", least, least);
    sweep("points, rays, ground and all lags, as rules ask", median(together), least);
    sweep("points of each of 700 boxes by itself", median(apart), least);
  }

  private void sweep(String name, double seconds, double least) {
    out.printf(Locale.ROOT, "| %s | %.2f | %.0f |%n", name, 1e3 * seconds, seconds / least);
  }

  /// Rules that share what they find out on the way.
  private final class Group {
    private final List<LabelCheck> rules;
    private final List<Double> seconds = new ArrayList<>();
    private final Rules warm = new Rules();
    private final Rules measured = new Rules();

    Group(Set<String> ids) {
      rules = Rules.ALL.stream().filter(rule -> ids.contains(rule.card().id())).toList();
    }

    void run(LabelSet labels, boolean counts) {
      Rules runner = counts ? measured : warm;
      double took = seconds(() -> runner.run(rules, labels, null).findings().size());
      if (counts) {
        seconds.add(took);
      }
    }

    /// What the first rule that needs something found out takes for it is its own time.
    void print(String name, int rows, double least) {
      line(rules.size() + " " + name, median(seconds) / rows, least);
      for (LabelCheck rule : rules) {
        double own = 1 / measured.rowsPerSecond(rule.card().id());
        line("- " + rule.card().id() + ' ' + rule.card().name(), own, least);
      }
    }
  }

  private double seconds(DoubleSupplier what) {
    long begun = CLOCK.getCurrentThreadCpuTime();
    kept += what.getAsDouble();
    return (CLOCK.getCurrentThreadCpuTime() - begun) / 1e9;
  }

  private void line(String name, double each, double least) {
    out.printf(
        Locale.ROOT, "| %s | %.1f | %.1f | %.1f |%n", name, 1e-6 / each, 1e9 * each, each / least);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  /// The floor: each number of each box once, track by track.
  static double onePass(LabelSet labels) {
    int[] rows = labels.trackRows();
    double[] boxes = labels.boxes3d();
    double sum = 0;
    for (int row : rows) {
      for (int i = 0; i < LabelSet.BOX_3D; i++) {
        sum += boxes[row * LabelSet.BOX_3D + i];
      }
    }
    return sum;
  }
}
