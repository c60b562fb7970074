package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.clock.PoseLattices;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Pose;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.av2.Av2Format;
import dev.lockstep.testing.ListedRecording;
import dev.lockstep.testing.ListedRecording.Listed;
import dev.lockstep.testing.RealStamps;
import dev.lockstep.testing.RecordedReading;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// Faults planted into stamps of real sensors that were recorded together: how many are found by
/// the right rule, and what else is said.
class InjectedSyncFaultsTest {
  /// Trials of each fault; raised by `-Dtrials=N` for a longer table.
  private static final int TRIALS = Integer.getInteger("trials", 3);

  /// A rig of real stamps.
  private record Rig(String name, Map<String, long[]> stamps, StampSource source) {
    Rig with(String stream, long[] changed) {
      Map<String, long[]> copy = new LinkedHashMap<>(stamps);
      copy.put(stream, changed);
      return new Rig(name, copy, source);
    }
  }

  /// A fault: changes the stamps of a stream from a message on.
  private interface Fault {
    long[] plant(long[] stamps, int at, double size);
  }

  private static List<Rig> rigs() throws IOException {
    List<Rig> rigs = new ArrayList<>();
    Map<String, long[]> kitti = new LinkedHashMap<>();
    kitti.put("lidar", RealStamps.kitti("velodyne_points/timestamps.txt"));
    for (int camera = 0; camera < 4; camera++) {
      kitti.put("image_0" + camera, RealStamps.kitti("image_0" + camera + "/timestamps.txt"));
    }
    rigs.add(new Rig("kitti", kitti, StampSource.LIST));
    Path mining = SharedData.path("av2/av2-api/tests/unit/evaluation/scenario_mining/data");
    for (String log : List.of("3b3570b4-7b0b-3268-a571-b0889dbf40b6")) {
      RecordedReading reading = RecordedReading.of(new Av2Format(), mining.resolve(log));
      Map<String, long[]> av2 = new LinkedHashMap<>();
      av2.put("lidar", reading.stampsNs("annotations_with_ego"));
      long[] poses = reading.stampsNs("city_SE3_egovehicle");
      int n = 0;
      for (var lattice : PoseLattices.find(series(poses))) {
        // Two cameras that are triggered together share some poses: of those one is enough.
        if (lattice.size() > 310) {
          av2.put("camera_" + n++, lattice.stampsNs());
        }
      }
      assertThat(n).isGreaterThanOrEqualTo(7);
      rigs.add(new Rig("av2", av2, StampSource.FILE_NAME));
    }
    return rigs;
  }

  private static PoseSeries series(long[] stamps) {
    PoseSeries series = new PoseSeries();
    for (long stamp : stamps) {
      boolean _ = series.add(stamp, Pose.IDENTITY);
    }
    return series;
  }

  private static List<Finding> check(Rig rig) throws IOException {
    List<StreamInfo> streams = new ArrayList<>();
    List<Listed> messages = new ArrayList<>();
    int digest = 0;
    for (Map.Entry<String, long[]> stream : rig.stamps.entrySet()) {
      Modality modality = stream.getKey().equals("lidar") ? Modality.LIDAR : Modality.CAMERA;
      StreamInfo info =
          StreamInfo.of(streams.size(), stream.getKey(), modality, rig.source, "", "");
      streams.add(info);
      for (long stamp : stream.getValue()) {
        messages.add(new Listed(info, stamp, digest++));
      }
    }
    try (Engine engine =
        new Engine(
            Checks.select(List.of("TIM", "SYN"), List.of()),
            EngineOptions.defaults().withThreads(1))) {
      RecordingResult result =
          engine.check(
              Path.of("."), rig.name, new ListedRecording(streams, messages, messages.size()));
      return result.findings().stream().filter(f -> f.severity() != Severity.INFO).toList();
    }
  }

  private static long[] shift(long[] stamps, int from, double ns) {
    long[] changed = stamps.clone();
    for (int i = from; i < changed.length; i++) {
      changed[i] += Math.round(ns);
    }
    return changed;
  }

  private static long[] drift(long[] stamps, double ppm) {
    long[] changed = stamps.clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] += Math.round((changed[i] - changed[0]) * ppm * 1e-6);
    }
    return changed;
  }

  @Test
  void saysNothingOfRigsAsTheyWereRecorded() throws IOException {
    for (Rig rig : rigs()) {
      assertThat(check(rig)).as(rig.name).isEmpty();
    }
  }

  @Test
  void findsEachFaultByItsOwnRuleAndNothingElse() throws IOException {
    StringBuilder table = new StringBuilder();
    List<String> misses = new ArrayList<>();
    for (Rig rig : rigs()) {
      row(table, misses, rig, "37 s", 37e9, (s, at, x) -> shift(s, 0, x), is("SYN007", "tai-utc"));
      row(
          table,
          misses,
          rig,
          "4294.967 s",
          4_294_967_296_000.0,
          (s, at, x) -> shift(s, 0, x),
          is("SYN007", "wrap-32-us"));
      // A step of half a period is as near to either slot: the rules about single streams may take
      // it for late stamps.
      for (double ms : new double[] {5, 20, 30}) {
        row(
            table,
            misses,
            rig,
            "step " + ms + " ms",
            ms * 1e6,
            InjectedSyncFaultsTest::shift,
            f -> List.of("TIM007", "TIM008", "SYN002").contains(f.check().id()));
      }
      if (rig.source == StampSource.LIST) {
        row(
            table,
            misses,
            rig,
            "off by one",
            1,
            (s, at, x) -> {
              long[] moved = new long[s.length];
              System.arraycopy(s, 1, moved, 0, s.length - 1);
              moved[s.length - 1] = 2 * s[s.length - 1] - s[s.length - 2];
              return moved;
            },
            is("SYN003", "off-by-one"));
      }
      row(
          table,
          misses,
          rig,
          "drift 500 ppm",
          500,
          (s, at, x) -> drift(s, x),
          f -> f.check().id().equals("SYN002"));
    }
    if (TRIALS > 3) {
      System.out.print(table);
    }
    assertThat(misses).as(table.toString()).isEmpty();
  }

  private static Predicate<Finding> is(String check, String cause) {
    return f -> f.check().id().equals(check) && f.cause() != null && f.cause().id().equals(cause);
  }

  private static void row(
      StringBuilder table,
      List<String> misses,
      Rig rig,
      String name,
      double size,
      Fault fault,
      Predicate<Finding> right)
      throws IOException {
    int found = 0;
    int other = 0;
    int trials = 0;
    double worst = 0;
    List<String> cameras = rig.stamps.keySet().stream().filter(s -> !s.equals("lidar")).toList();
    for (int trial = 0; trial < TRIALS; trial++) {
      Random random = new Random(31L * trial + name.hashCode());
      String stream = cameras.get(random.nextInt(cameras.size()));
      long[] stamps = rig.stamps.get(stream);
      int at = 20 + random.nextInt(stamps.length - 40);
      List<Finding> findings = check(rig.with(stream, fault.plant(stamps, at, size)));
      trials++;
      boolean hit = false;
      for (Finding finding : findings) {
        boolean own = stream.equals(finding.location().stream()) && right.test(finding);
        hit |= own;
        other += own ? 0 : 1;
        Span place = finding.location().messages();
        if (own && place != null && name.startsWith("step")) {
          worst = Math.max(worst, Math.abs(place.last() - at));
        }
        if (!own) {
          misses.add(
              rig.name
                  + " "
                  + name
                  + " seed "
                  + trial
                  + " also: "
                  + finding.check().id()
                  + " "
                  + finding.title()
                  + " "
                  + finding.location().stream());
        }
      }
      found += hit ? 1 : 0;
      if (!hit) {
        misses.add(
            rig.name
                + " "
                + name
                + " trial "
                + trial
                + " on "
                + stream
                + " at "
                + at
                + " of "
                + stamps.length
                + ": not found");
      }
    }
    table.append(
        String.format(
            Locale.ROOT,
            "%-6s %-14s trials %3d  found %3d  other findings %d  index error %.0f%n",
            rig.name,
            name,
            trials,
            found,
            other,
            worst));
  }
}
