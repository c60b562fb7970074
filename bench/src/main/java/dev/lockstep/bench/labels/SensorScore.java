package dev.lockstep.bench.labels;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.synth.SweepTape;
import dev.lockstep.synth.fault.LabelTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Measures the label rules that need points or calibration: faults in the labels of synthetic
/// drives with sweeps, and of KITTI sequences where they are beside the project; recall on odd
/// numbers, false findings on all.
@Command(
    name = "score-sensors",
    mixinStandardHelpOptions = true,
    description = "Plants faults that only sensors show, and counts what is found.")
public final class SensorScore implements Callable<Integer> {
  private static final Set<String> RULES =
      Set.of("LAB013", "LAB014", "LAB015", "LAB016", "LAB021", "LAB022", "LAB023");
  private static final String KITTI = "KITTI";
  private static final int GHOSTS = 8;
  private static final int EVERY = 4;

  /// Boxes of a track that tell before its height can be judged, and rays before a box can.
  private static final int MIN_BOXES = 5;

  private static final int MIN_RAYS = 12;

  @Option(names = "--drives", description = "Synthetic drives, odd and even. Default: 12.")
  private int drives = 12;

  @Option(names = "--sweeps", description = "Sweeps of each, 10 a second. Default: 150.")
  private int sweeps = 150;

  @Option(names = "--data", description = "Real labels. Default: ../shared/data.")
  private Path data = Path.of("../shared/data");

  @Option(names = "--strays", description = "Shows findings that belong to no planted fault.")
  private boolean strays;

  private final PrintStream out;
  private final Map<String, Cell> cells = new LinkedHashMap<>();
  private final Map<String, long[]> clean = new LinkedHashMap<>();
  private final List<String> falseTexts = new ArrayList<>();

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

  /// What was planted and found of one fault at one intensity.
  private static final class Cell {
    int events;
    int found;
    int undecided;
    int strays;
  }

  /// What the rules say of a label set.
  private record Verdict(List<Finding> findings, Set<String> undecided) {
    boolean has(String rule) {
      return findings.stream().anyMatch(f -> f.check().id().equals(rule));
    }

    Set<String> tracks(String rule) {
      Set<String> tracks = new HashSet<>();
      findings.stream()
          .filter(f -> f.check().id().equals(rule) && f.location().track() != null)
          .forEach(f -> tracks.add(String.valueOf(f.location().track())));
      return tracks;
    }
  }

  @Override
  public Integer call() throws IOException {
    for (int seed = 1; seed <= drives; seed++) {
      SweepTape tape = new SweepTape(seed, sweeps);
      SensorDrive drive = new SensorDrive(tape.calibrations(), tape.poses(), tape);
      LabelTable labels = tape.labels();
      clean("synthetic with sweeps", SensorFaults.stated(labels, Set.of(), 0), drive);
      for (double noise : new double[] {0.05, 0.1, 0.2}) {
        LabelTable noisy = SensorFaults.noisy(labels, noise, seed);
        clean("the same, noise " + noise + " m", SensorFaults.stated(noisy, Set.of(), 0), drive);
      }
      if (seed % 2 == 1) {
        plantInDrive(tape, drive, labels, seed);
      }
    }
    sided("synthetic with images", SensorLabels.synthetic(drives, sweeps));
    sided(KITTI, SensorLabels.below(data));
    print();
    return 0;
  }

  private void sided(String dataset, List<SensorLabels.Sided> sequences) {
    for (SensorLabels.Sided sequence : sequences) {
      clean(dataset, sequence.build(sequence.labels()), sequence.drive());
      if (sequence.number() % 2 == 1) {
        plantInImages(dataset, sequence);
      }
    }
  }

  private void clean(String dataset, LabelSet labels, SensorDrive drive) {
    Verdict verdict = run(labels, drive);
    long[] sums = clean.computeIfAbsent(dataset, d -> new long[2]);
    sums[0] += labels.size();
    sums[1] += verdict.findings.size();
    verdict.findings.forEach(
        f -> falseTexts.add(f.check().id() + " " + f.title() + " " + f.location()));
  }

  private void plantInDrive(SweepTape tape, SensorDrive drive, LabelTable labels, long seed) {
    for (double lag : new double[] {-5, -2, -1, -0.5, 0.5, 1, 2, 5}) {
      Verdict verdict = run(SensorFaults.lagging(labels, lag).build(), drive);
      whole("F08 lag against sweeps, " + lag + " sweeps", "LAB013", verdict, 1);
    }
    LabelTable noisy = SensorFaults.noisy(labels, 0.1, seed);
    for (double lag : new double[] {-1, -0.5, 0.5, 1}) {
      Verdict verdict = run(SensorFaults.lagging(noisy, lag).build(), drive);
      whole("F08 lag with noise of 0.1 m, " + lag + " sweeps", "LAB013", verdict, 1);
    }
    for (int frames : new int[] {1, 3, 10}) {
      ghosts(tape, drive, frames, seed);
    }
    for (double z : new double[] {-0.5, -0.3, 0.3, 0.5, 1}) {
      Verdict verdict = run(SensorFaults.raised(labels, Set.of(), z).build(), drive);
      whole("F18 all boxes " + z + " m", "LAB015", verdict, 1);
    }
    Set<String> some = SensorFaults.some(labels, EVERY, seed);
    for (double z : new double[] {0.5, 1}) {
      raised(drive, labels, some, z);
    }
    for (int frames : new int[] {5, 15, 40}) {
      states(drive, labels, some, frames);
    }
  }

  /// A fault of all labels of a recording.
  private void whole(String name, String rule, Verdict verdict, int most) {
    Cell cell = cells.computeIfAbsent(name, n -> new Cell());
    cell.events++;
    cell.found += verdict.has(rule) ? 1 : 0;
    cell.undecided += verdict.undecided.contains(rule) ? 1 : 0;
    int own = 0;
    for (Finding finding : verdict.findings) {
      if (!finding.check().id().equals(rule) || ++own > most) {
        stray(cell, name, finding);
      }
    }
  }

  private void stray(Cell cell, String name, Finding finding) {
    cell.strays++;
    if (strays) {
      out.println(
          name
              + ": "
              + finding.check().id()
              + " "
              + finding.title()
              + ": "
              + finding.evidence().observed()
              + " "
              + finding.location());
    }
  }

  private void ghosts(SweepTape tape, SensorDrive drive, int frames, long seed) {
    LabelSet set = SensorFaults.ghosts(tape, GHOSTS, frames, seed).build();
    LabelCheck.Context context = drive.context();
    Verdict verdict = run(set, context);
    Set<String> shown = new TreeSet<>();
    Set<String> all = new TreeSet<>();
    for (int row = 0; row < set.size(); row++) {
      String track = set.trackName(set.tracks()[row]);
      if (track.startsWith("ghost")) {
        all.add(track);
        if (context.points(set).through(row) >= MIN_RAYS) {
          shown.add(track);
        }
      }
    }
    tracks("F15 box where nothing is, " + frames + " frames", "LAB014", verdict, all, shown);
  }

  private void raised(SensorDrive drive, LabelTable labels, Set<String> tracks, double z) {
    LabelSet set = SensorFaults.raised(labels, tracks, z).build();
    LabelCheck.Context context = drive.context();
    Verdict verdict = run(set, context);
    Set<String> shown = new TreeSet<>();
    for (int track = 0; track < set.trackCount(); track++) {
      int tell = 0;
      for (int i = set.trackStart(track); i < set.trackStart(track + 1); i++) {
        int row = set.trackRows()[i];
        tell += Double.isNaN(context.points(set).ground(row)) ? 0 : 1;
      }
      if (tell >= MIN_BOXES && tracks.contains(set.trackName(track))) {
        shown.add(set.trackName(track));
      }
    }
    tracks("F18 one track " + z + " m", "LAB015", verdict, tracks, shown);
  }

  private void states(SensorDrive drive, LabelTable labels, Set<String> tracks, int frames) {
    Set<String> planted = new TreeSet<>();
    for (List<LabelTable.Box> track : labels.tracks()) {
      if (tracks.contains(track.getFirst().track()) && track.size() >= frames) {
        planted.add(track.getFirst().track());
      }
    }
    LabelSet set = SensorFaults.stated(labels, planted, frames);
    tracks("F19 state wrong, " + frames + " frames", "LAB022", run(set, drive), planted, planted);
  }

  /// Faults of single tracks, of which `shown` can be decided.
  private void tracks(
      String name, String rule, Verdict verdict, Set<String> planted, Set<String> shown) {
    Cell cell = cells.computeIfAbsent(name, n -> new Cell());
    Set<String> named = verdict.tracks(rule);
    for (String track : planted) {
      cell.events++;
      cell.found += named.contains(track) ? 1 : 0;
      cell.undecided += shown.contains(track) || named.contains(track) ? 0 : 1;
    }
    for (Finding finding : verdict.findings) {
      String track = finding.location().track();
      if (track == null || !planted.contains(track)) {
        stray(cell, name, finding);
      }
    }
  }

  private void plantInImages(String dataset, SensorLabels.Sided sequence) {
    for (double px : new double[] {2, 5, 20}) {
      LabelTable table = SensorFaults.shifted(sequence.labels(), px, 0);
      whole(
          "F17 2D boxes shifted by " + px + " px, " + dataset,
          "LAB016",
          run(sequence.build(table), sequence.drive()),
          Integer.MAX_VALUE);
    }
    // The cameras of synthetic sequences are one: where one is turned, another fits.
    boolean several = dataset.equals(KITTI);
    for (double degrees : several ? new double[] {0.5, 1, 2} : new double[0]) {
      SensorDrive drive =
          new SensorDrive(
              SensorFaults.turned(sequence.drive().calibrations(), degrees),
              sequence.drive().poses(),
              null);
      whole(
          "F17 camera turned by " + degrees + " deg, " + dataset,
          "LAB016",
          run(sequence.build(sequence.labels()), drive),
          Integer.MAX_VALUE);
    }
    for (int lag : new int[] {-2, -1, 1, 2, 3}) {
      LabelTable table = SensorFaults.flatLagging(sequence.labels(), lag);
      whole(
          "F08 2D against 3D, " + lag + " frames, " + dataset,
          "LAB021",
          run(sequence.build(table), sequence.drive()),
          Integer.MAX_VALUE);
    }
  }

  private static Verdict run(LabelSet labels, SensorDrive drive) {
    return run(labels, drive.context());
  }

  private static Verdict run(LabelSet labels, LabelCheck.Context context) {
    Sink sink = new Sink();
    Set<String> undecided = new HashSet<>();
    for (LabelCheck rule : Rules.ALL) {
      if (RULES.contains(rule.card().id())) {
        sink.card = rule.card();
        if (rule.examine(labels, context, sink) instanceof Conclusion.Undecided) {
          undecided.add(rule.card().id());
        }
      }
    }
    return new Verdict(sink.findings, undecided);
  }

  private void print() {
    out.printf("Clean labels, rules %s%n", String.join(" ", new TreeSet<>(RULES)));
    clean.forEach((dataset, sums) ->
        out.printf(
            Locale.ROOT,
            "  %-24s %,9d labels  %3d findings  %.2f in 10,000%n",
            dataset,
            sums[0],
            sums[1],
            1e4 * sums[1] / Math.max(1, sums[0])));
    falseTexts.forEach(text -> out.println("    " + text));
    out.printf("%nFaults on odd drives and sequences%n");
    cells.forEach((name, cell) ->
        out.printf(
            Locale.ROOT,
            "  %-58s %4d events  found %5.1f %%  undecided %5.1f %%  found of decidable %5.1f %%"
                + "  strays %d%n",
            name,
            cell.events,
            100.0 * cell.found / Math.max(1, cell.events),
            100.0 * cell.undecided / Math.max(1, cell.events),
            100.0 * cell.found / Math.max(1, cell.events - cell.undecided),
            cell.strays));
  }

  private static final class Sink implements CheckSink {
    private CheckCard card = Rules.ALL.getFirst().card();
    private final List<Finding> findings = new ArrayList<>();

    @Override
    public void report(
        Severity severity,
        String title,
        Location location,
        Evidence evidence,
        @Nullable Cause cause) {
      findings.add(new Finding(card, title, severity, location, evidence, cause));
    }

    @Override
    public void measure(String quantity, double value, String unit) {}
  }
}
