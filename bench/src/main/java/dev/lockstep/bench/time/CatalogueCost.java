package dev.lockstep.bench.time;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.rig.RigSurvey;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.StampSource;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// What all rules about time, alignment and the rig cost on one hour of 12 streams at 30 Hz whose
/// stamps are read: processor time of the one thread that they run on, which other load does not
/// lengthen much, and the time that the first run takes by the clock on the wall.
final class CatalogueCost {
  private static final int STREAMS = 12;
  private static final int MESSAGES = 3600 * 30;
  private static final double PERIOD_NS = 1e9 / 30;
  private static final double JITTER_NS = 2e5;
  private static final long BEGIN_NS = 1_700_000_000_000_000_000L;
  private static final double MS = 1e6;

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

  /// Measures and says what came out.
  static String measured() {
    List<Series> drive = drive();
    Alignment alignment = Rules.alignment(drive, Map.of());
    RigProfile profile = RigSurvey.learn(alignment);
    Rules rules = new Rules(profile);
    List<MessageBatch> batches = Rules.batches(drive);
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
