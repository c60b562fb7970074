package dev.lockstep.bench.time;

import dev.lockstep.bench.files.Folders;
import dev.lockstep.bench.speed.SideBySide;
import dev.lockstep.check.Alignment;
import dev.lockstep.check.rig.RigSurvey;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.StampSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// What all rules about time, alignment and the rig cost on one hour of 12 streams at 30 Hz whose
/// stamps are read: processor time of the one thread that they run on, which other load does not
/// lengthen much, and the time that the first run takes by the clock on the wall. Beside it, what
/// they add to whole processes that check the same stamps in a folder of lists.
final class CatalogueCost {
  private static final int STREAMS = 12;
  private static final int MESSAGES = 3600 * 30;
  private static final double PERIOD_NS = 1e9 / 30;
  private static final double JITTER_NS = 2e5;
  private static final long BEGIN_NS = 1_700_000_000_000_000_000L;
  private static final double MS = 1e6;

  /// Messages that are handed over together: a few chunks of a recording.
  private static final int BATCH = 256;

  /// Runs: the compiler needs some.
  private static final int RUNS = 8;

  private CatalogueCost() {}

  /// A LiDAR and eleven cameras, each at its own phase.
  private static List<Series> drive() {
    Random random = new Random(1);
    List<Series> drive = new ArrayList<>();
    for (int s = 0; s < STREAMS; s++) {
      long[] stamps = new long[MESSAGES];
      for (int i = 0; i < MESSAGES; i++) {
        stamps[i] =
            BEGIN_NS + Math.round(i * PERIOD_NS + s * MS + random.nextGaussian() * JITTER_NS);
      }
      Modality modality = s == 0 ? Modality.LIDAR : Modality.CAMERA;
      drive.add(
          new Series(
              "made",
              "hour",
              Series.info(s, "/s" + s, modality, StampSource.HEADER),
              stamps,
              null));
    }
    return drive;
  }

  /// Checks the same stamps as a folder of lists with and without the rules, in turn, and says by
  /// how much the medians differ.
  ///
  /// @throws IOException if the folder cannot be written or a check fails
  static String processes(int rounds) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("lockstep-hour");
    try {
      StringBuilder layout = new StringBuilder("unit: ns\nstreams:\n");
      List<Series> drive = drive();
      for (Series series : drive) {
        String name = series.info().name().substring(1);
        String kind = series.info().modality().name().toLowerCase(Locale.ROOT);
        layout.append("  - {stream: " + name + ", modality: " + kind);
        layout.append(", stamps: {list: " + name + ".csv, column: 0}}\n");
        StringBuilder rows = new StringBuilder();
        for (long stampNs : series.stampsNs()) {
          rows.append(stampNs).append('\n');
        }
        Files.writeString(folder.resolve(name + ".csv"), rows);
      }
      Files.writeString(folder.resolve("lockstep.yaml"), layout);
      List<SideBySide.Took> took =
          SideBySide.checks(rounds, folder, List.of(List.of(), List.of("--ignore", "TIM,SYN")));
      SideBySide.Took with = took.getFirst();
      SideBySide.Took without = took.getLast();
      return String.format(
          Locale.ROOT,
          "a check of these stamps in lists: %.2f s (%.2f s of processor time), without rules about"
              + " time and alignment %.2f s (%.2f s): they add %.2f s (%.2f s)",
          with.wallSeconds(),
          with.cpuSeconds(),
          without.wallSeconds(),
          without.cpuSeconds(),
          with.wallSeconds() - without.wallSeconds(),
          with.cpuSeconds() - without.cpuSeconds());
    } finally {
      Folders.delete(folder);
    }
  }

  /// Measures and says what came out.
  static String measured() {
    List<Series> drive = drive();
    Alignment alignment = Rules.alignment(drive, Map.of());
    RigProfile profile = RigSurvey.learn(alignment);
    Rules rules = new Rules(profile);
    List<List<MessageBatch>> batches = Rules.batches(drive, BATCH);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double first = 0;
    double wall = 0;
    double least = Double.POSITIVE_INFINITY;
    int findings = 0;
    for (int run = 0; run < RUNS; run++) {
      long begin = System.nanoTime();
      long before = threads.getCurrentThreadCpuTime();
      findings = rules.check(drive, batches).size();
      double ms = (threads.getCurrentThreadCpuTime() - before) / MS;
      first = run == 0 ? ms : first;
      wall = run == 0 ? (System.nanoTime() - begin) / MS : wall;
      least = Math.min(least, ms);
    }
    return String.format(
        Locale.ROOT,
        "%d streams of %d stamps: %.0f ms of processor time, %.0f ms in the first run (%.0f ms by"
            + " the clock); %d findings; stamps take %.1f MB",
        STREAMS,
        MESSAGES,
        least,
        first,
        wall,
        findings,
        STREAMS * MESSAGES * Long.BYTES / 1e6);
  }
}
