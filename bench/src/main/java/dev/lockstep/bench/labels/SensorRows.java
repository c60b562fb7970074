package dev.lockstep.bench.labels;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.SweepTape;
import dev.lockstep.synth.fault.LabelTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Faults that only points, images or attributes show, planted in short synthetic drives with
/// sweeps and in stretches of sequences with images: synthetic ones, and odd ones of KITTI where
/// they are beside the project. Drives that limits were set with sight of are not among them.
final class SensorRows {
  private static final Set<String> RULES =
      Set.of(
          "LAB013", "LAB014", "LAB015", "LAB016", "LAB021", "LAB022", "LAB023", "LAB028", "LAB031");
  private static final String SWEEPS_OF = "synthetic with sweeps";
  private static final String IMAGES_OF = "synthetic with images";
  private static final String KITTI = "KITTI";
  private static final int GHOSTS = 8;
  private static final int EVERY = 4;

  /// Sweeps of a drive, and frames of a stretch: one window of the rules about lag and more.
  private static final int SWEEPS = 60;

  private static final int STRETCH = 100;

  /// Frames from the begin of a stretch to that of the next: what moves, and lags, is not the same
  /// in stretches that share frames.
  private static final int STRIDE = 25;

  /// Boxes, their objects, and how high they must be to tell an offset of an image.
  private static final int MIN_OFFSET_BOXES = 30;

  private static final int MIN_OFFSET_TRACKS = 3;
  private static final int MIN_HEIGHT_PIXELS = 20;

  /// Drives come in that many batches, and so many times as many at most.
  private static final int BATCHES = 10;

  private static final int MOST = 3;

  /// Classes that are planted in drives with sweeps.
  private static final Set<String> DRIVEN = Set.of("F08", "F15", "F18", "F19", "F27");

  /// Boxes of a track that are not hidden and tell, before its height can be judged, and rays
  /// before a box can.
  private static final int MIN_BOXES = 5;

  private static final int MIN_RAYS = 12;

  /// Points that an object must have for their loss to show, and boxes on each side that tell.
  private static final int LOST_POINTS = 60;

  private static final int LOST_SIDE = 2;

  /// Frames with the right state beside those with a wrong one.
  private static final int SURROUNDING = 10;

  /// Hands of annotators, for clean labels.
  private static final double NOISE_METERS = 0.1;

  /// Limits were set with sight of drives below.
  private static final int FIRST_SEED = 1001;

  /// The classes of these faults.
  static final Set<String> CLASSES = Set.of("F08", "F15", "F17", "F18", "F19", "F27");

  private final int wanted;
  private final Path data;
  private final Predicate<String> asked;

  /// Faults of which a cell gets `wanted`, where there are as many.
  ///
  /// @param asked which classes are planted
  SensorRows(int wanted, Path data, Predicate<String> asked) {
    this.wanted = wanted;
    this.data = data;
    this.asked = asked;
  }

  /// Plants and counts.
  Ledger rows() throws IOException {
    Ledger all = new Ledger();
    int stretches = (wanted + 1) / 2;
    addDrives(all, stretches);
    if (asked.test("F08") || asked.test("F17")) {
      addSided(all, stretches);
    }
    return all;
  }

  /// Drives until each class has as many events that can be decided as are wanted: in many a drive,
  /// most boxes have too few rays or too little ground around them.
  private void addDrives(Ledger all, int stretches) {
    int batch = Math.clamp(stretches / BATCHES, 1, stretches);
    for (int first = 0; first < MOST * stretches; first += batch) {
      Set<String> open = new HashSet<>(DRIVEN);
      open.removeIf(id -> !asked.test(id) || all.fewest(id, SWEEPS_OF) >= wanted);
      if (open.isEmpty()) {
        return;
      }
      int from = first;
      all.addAll(batch, i -> drive(from + i, open));
    }
  }

  private void addSided(Ledger all, int stretches) throws IOException {
    for (SensorLabels.Sided sequence : SensorLabels.below(data)) {
      clean(all, KITTI, sequence);
      if (sequence.number() % 2 == 1) {
        List<LabelTable> parts = stretches(sequence.labels());
        all.addAll(parts.size(), i -> images(KITTI, sequence, parts.get(i)));
      }
    }
    List<SensorLabels.Sided> synthetic = SensorLabels.synthetic(stretches, STRETCH);
    all.addAll(
        synthetic.size(),
        i -> {
          SensorLabels.Sided sequence = synthetic.get(i);
          Ledger ledger = images(IMAGES_OF, sequence, sequence.labels());
          clean(ledger, IMAGES_OF, sequence);
          return ledger;
        });
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

  /// One drive with faults of some classes.
  private Ledger drive(int i, Set<String> open) {
    Ledger ledger = new Ledger();
    int seed = FIRST_SEED + i;
    SweepTape tape = new SweepTape(seed, SWEEPS);
    SensorDrive drive = new SensorDrive(tape.calibrations(), tape.poses(), tape);
    LabelTable labels = tape.labels();
    LabelSet stated = SensorFaults.stated(labels, Set.of(), 0);
    ledger.clean(SWEEPS_OF, stated.size(), texts(run(stated, drive)));
    LabelTable noisy = SensorFaults.noisy(labels, NOISE_METERS, seed);
    ledger.clean(
        SWEEPS_OF + ", noise " + NOISE_METERS + " m",
        stated.size(),
        texts(run(SensorFaults.stated(noisy, Set.of(), 0), drive)));
    for (double lag : open.contains("F08") ? new double[] {0.5, 1, 2} : new double[0]) {
      Counted row = ledger.row("F08", "lag", lag + " sweeps", lag == 2, SWEEPS_OF);
      whole(row, "LAB013", run(SensorFaults.lagging(labels, lag).build(), drive), 1);
      whole(row, "LAB013", run(SensorFaults.lagging(labels, -lag).build(), drive), 1);
    }
    if (open.contains("F15")) {
      for (int frames : new int[] {1, 3, 10}) {
        Counted row = ledger.row("F15", "empty-box", frames + " frames", frames == 10, SWEEPS_OF);
        ghosts(row, tape, drive, frames, seed);
      }
    }
    Set<String> some = SensorFaults.some(labels, EVERY, seed);
    if (open.contains("F18")) {
      for (double z : new double[] {0.3, 0.5, 1}) {
        Counted row = ledger.row("F18", "height-offset", z + " m", z == 1, SWEEPS_OF);
        raised(row, drive, labels, some, z);
      }
    }
    if (open.contains("F27")) {
      for (int frames : new int[] {1, 2, 3}) {
        Counted row = ledger.row("F27", "points-lost", frames + " sweeps", frames == 3, SWEEPS_OF);
        lost(row, tape, drive, some, frames);
      }
    }
    for (int frames : open.contains("F19") ? new int[] {5, 15, 40} : new int[0]) {
      Counted row = ledger.row("F19", "state-wrong", frames + " frames", frames == 40, SWEEPS_OF);
      states(row, drive, labels, some, frames);
    }
    return ledger;
  }

  private static List<String> texts(Verdict verdict) {
    return verdict.findings.stream()
        .map(f -> f.check().id() + " " + f.title() + " " + f.location())
        .toList();
  }

  /// A fault of all labels of a recording, which may show in so many findings.
  private static void whole(Counted row, String rule, Verdict verdict, int most) {
    whole(row, rule, verdict, most, !verdict.undecided.contains(rule));
  }

  /// The same.
  ///
  /// @param shown whether the labels show it
  private static void whole(Counted row, String rule, Verdict verdict, int most, boolean shown) {
    row.event(verdict.has(rule), shown, "all labels");
    int own = 0;
    for (Finding finding : verdict.findings) {
      if (!finding.check().id().equals(rule) || ++own > most) {
        stray(row, finding);
      }
    }
  }

  private static void stray(Counted row, Finding finding) {
    row.stray(
        finding.check().id()
            + " "
            + finding.title()
            + ": "
            + finding.evidence().observed()
            + " "
            + finding.location());
  }

  private void ghosts(Counted row, SweepTape tape, SensorDrive drive, int frames, long seed) {
    LabelSet set = SensorFaults.ghosts(tape, GHOSTS, frames, seed).build();
    LabelCheck.Context context = drive.context();
    Verdict verdict = run(set, context);
    Set<String> shown = new TreeSet<>();
    Set<String> all = new TreeSet<>();
    for (int at = 0; at < set.size(); at++) {
      String track = set.trackName(set.tracks()[at]);
      if (track.startsWith("ghost")) {
        all.add(track);
        if (context.points(set).through(at) >= MIN_RAYS) {
          shown.add(track);
        }
      }
    }
    tracks(row, Set.of("LAB014"), verdict, all, shown);
  }

  private static void raised(
      Counted row, SensorDrive drive, LabelTable labels, Set<String> tracks, double z) {
    LabelSet set = SensorFaults.raised(labels, tracks, z).build();
    LabelCheck.Context context = drive.context();
    Verdict verdict = run(set, context);
    BoxPoints points = context.points(set);
    Set<String> shown = new TreeSet<>();
    for (int track = 0; track < set.trackCount(); track++) {
      int tell = 0;
      for (int i = set.trackStart(track); i < set.trackStart(track + 1); i++) {
        int at = set.trackRows()[i];
        boolean hidden = points.stopped(at) > points.inside(at) + points.through(at);
        tell += hidden || Double.isNaN(points.ground(at)) ? 0 : 1;
      }
      if (tell >= MIN_BOXES && tracks.contains(set.trackName(track))) {
        shown.add(set.trackName(track));
      }
    }
    tracks(row, Set.of("LAB015"), verdict, tracks, shown);
  }

  /// Takes the points of some objects out of so many sweeps, each where it is seen best, as far as
  /// enough boxes lie on both sides.
  private static void lost(
      Counted row, SweepTape tape, SensorDrive drive, Set<String> tracks, int frames) {
    LabelSet set = tape.labels().build();
    BoxPoints points = drive.context().points(set);
    List<LabelTable.Box> cut = new ArrayList<>();
    Set<String> planted = new TreeSet<>();
    Set<String> shown = new TreeSet<>();
    for (List<LabelTable.Box> track : tape.labels().tracks()) {
      String name = track.getFirst().track();
      if (!tracks.contains(name) || track.size() < frames + 2 * MIN_BOXES) {
        continue;
      }
      int start = start(set, name);
      int best = MIN_BOXES;
      int most = -1;
      for (int at = MIN_BOXES; at + frames + MIN_BOXES <= track.size(); at++) {
        int fewest = Integer.MAX_VALUE;
        for (int k = at - LOST_SIDE; k < at + frames + LOST_SIDE; k++) {
          fewest = Math.min(fewest, points.inside(set.trackRows()[start + k]));
        }
        if (fewest > most) {
          most = fewest;
          best = at;
        }
      }
      cut.addAll(track.subList(best, best + frames));
      planted.add(name);
      if (most >= LOST_POINTS) {
        shown.add(name);
      }
    }
    if (!cut.isEmpty()) {
      SensorDrive damaged = new SensorDrive(drive.calibrations(), drive.poses(), tape.without(cut));
      tracks(row, Set.of("LAB031"), run(set, damaged), planted, shown);
    }
  }

  private static int start(LabelSet set, String name) {
    for (int track = 0; track < set.trackCount(); track++) {
      if (set.trackName(track).equals(name)) {
        return set.trackStart(track);
      }
    }
    throw new IllegalArgumentException("no track " + name);
  }

  private static void states(
      Counted row, SensorDrive drive, LabelTable labels, Set<String> tracks, int frames) {
    Set<String> planted = new TreeSet<>();
    for (List<LabelTable.Box> track : labels.tracks()) {
      // As many frames again say what is right.
      if (tracks.contains(track.getFirst().track()) && track.size() >= frames + SURROUNDING) {
        planted.add(track.getFirst().track());
      }
    }
    LabelSet set = SensorFaults.stated(labels, planted, frames);
    tracks(row, Set.of("LAB022", "LAB028"), run(set, drive), planted, planted);
  }

  /// Faults of single tracks, of which `shown` can be decided.
  private static void tracks(
      Counted row, Set<String> rules, Verdict verdict, Set<String> planted, Set<String> shown) {
    Set<String> named = new HashSet<>();
    for (String rule : rules) {
      named.addAll(verdict.tracks(rule));
    }
    for (String track : planted) {
      row.event(named.contains(track), shown.contains(track), "track " + track);
    }
    for (Finding finding : verdict.findings) {
      String track = finding.location().track();
      if (track == null || !planted.contains(track)) {
        stray(row, finding);
      }
    }
  }

  private static void clean(Ledger ledger, String dataset, SensorLabels.Sided sequence) {
    LabelSet labels = sequence.build(sequence.labels());
    ledger.clean(dataset, labels.size(), texts(run(labels, sequence.drive())));
  }

  /// Parts of a table, each of so many frames.
  private static List<LabelTable> stretches(LabelTable table) {
    long last = table.boxes.stream().mapToLong(b -> b.frame).max().orElse(-1);
    List<LabelTable> parts = new ArrayList<>();
    for (long from = 0; from + STRETCH <= last + 1; from += STRIDE) {
      long begin = from;
      LabelTable part = table.where(b -> b.frame >= begin && b.frame < begin + STRETCH);
      if (!part.boxes.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  /// Whether enough boxes of enough objects, whole and near enough, tell an offset of all of them
  /// from one of their own.
  private static boolean tellsOffset(LabelSet labels) {
    Set<Integer> tracks = new HashSet<>();
    int boxes = 0;
    for (int row = 0; row < labels.size(); row++) {
      int at = row * LabelSet.BOX_2D;
      boolean whole = !(labels.truncated()[row] > 0) && !(labels.occluded()[row] > 0);
      if (whole
          && labels.has3d(row)
          && labels.has2d(row)
          && labels.boxes2d()[at + 3] - labels.boxes2d()[at + 1] >= MIN_HEIGHT_PIXELS) {
        tracks.add(labels.tracks()[row]);
        boxes++;
      }
    }
    return boxes >= MIN_OFFSET_BOXES && tracks.size() >= MIN_OFFSET_TRACKS;
  }

  private Ledger images(String dataset, SensorLabels.Sided sequence, LabelTable labels) {
    Ledger ledger = new Ledger();
    boolean shown = tellsOffset(sequence.build(labels));
    for (int px : asked.test("F17") ? new int[] {2, 5, 20} : new int[0]) {
      Counted row = ledger.row("F17", "image-offset", px + " px", px == 20, dataset);
      int[][] ways = {{px, 0}, {-px, 0}, {0, px}, {0, -px}};
      // Of synthetic ones there are enough.
      for (int[] way : dataset.equals(KITTI) ? ways : Arrays.copyOf(ways, 2)) {
        LabelTable table = SensorFaults.shifted(labels, way[0], way[1]);
        Verdict verdict = run(sequence.build(table), sequence.drive());
        whole(row, "LAB016", verdict, Integer.MAX_VALUE, shown);
      }
    }
    for (int lag : asked.test("F08") ? new int[] {1, 2, 3} : new int[0]) {
      Counted row = ledger.row("F08", "lag-of-2d", lag + " frames", lag == 3, dataset);
      for (int way : new int[] {lag, -lag}) {
        LabelTable table = SensorFaults.flatLagging(labels, way);
        whole(row, "LAB021", run(sequence.build(table), sequence.drive()), Integer.MAX_VALUE);
      }
    }
    return ledger;
  }

  private static Verdict run(LabelSet labels, SensorDrive drive) {
    return run(labels, drive.context());
  }

  private static Verdict run(LabelSet labels, LabelCheck.Context context) {
    FindingList sink = new FindingList(Rules.ALL.getFirst().card());
    Set<String> undecided = new HashSet<>();
    for (LabelCheck rule : Rules.ALL) {
      if (RULES.contains(rule.card().id())) {
        sink.take(rule.card());
        if (rule.examine(labels, context, sink) instanceof Conclusion.Undecided) {
          undecided.add(rule.card().id());
        }
      }
    }
    return new Verdict(sink.findings(), undecided);
  }
}
