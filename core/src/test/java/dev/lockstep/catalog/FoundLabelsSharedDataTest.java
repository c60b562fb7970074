package dev.lockstep.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.check.Finding;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.av2.Av2Format;
import dev.lockstep.source.kitti.KittiFormat;
import dev.lockstep.testing.RecordedReading;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is found in real labels of Argoverse 2 and KITTI is true: each fact is looked up in the raw
/// rows, without the rules, and no other label finding is there.
class FoundLabelsSharedDataTest {
  private static Path av2() {
    return SharedData.path("av2", "av2-api", "tests", "unit");
  }

  private static Path kitti() {
    return SharedData.path("kitti", "OpenTraj", "datasets", "KITTI", "data");
  }

  private static final String TURNING_LOG =
      "evaluation/scenario_mining/data/3b3570b4-7b0b-3268-a571-b0889dbf40b6";
  private static final String CUT_LOG = "test_data/sensor/val/7fab2350-7eaf-3b7e-a39d-6937a4c1bede";

  /// Label findings from warning on, as `check place`.
  private static List<String> findings(SourceFormat format, Path path) throws IOException {
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      return engine.check(path, "labels", format).findings().stream()
          .filter(f -> f.severity().compareTo(Severity.WARNING) >= 0)
          .filter(f -> f.check().id().startsWith("LAB"))
          .map(FoundLabelsSharedDataTest::brief)
          .toList();
    }
  }

  private static String brief(Finding finding) {
    return finding.check().id()
        + " rows "
        + Objects.requireNonNull(finding.location().messages()).first()
        + ".."
        + Objects.requireNonNull(finding.location().messages()).last();
  }

  private static LabelSet labels(SourceFormat format, Path path) throws IOException {
    return RecordedReading.of(format, path).labels().getFirst();
  }

  /// Rows of the track whose name begins so, in order of time.
  private static int[] rows(LabelSet labels, String track) {
    for (int t = 0; t < labels.trackCount(); t++) {
      if (labels.trackName(t).startsWith(track)) {
        return Arrays.copyOfRange(
            labels.trackRows(), labels.trackStart(t), labels.trackStart(t + 1));
      }
    }
    throw new AssertionError("no track " + track);
  }

  private static double[] box(LabelSet labels, int row) {
    int at = row * LabelSet.BOX_3D;
    return Arrays.copyOfRange(labels.boxes3d(), at, at + LabelSet.BOX_3D);
  }

  private static double yawDegrees(double[] b) {
    return Math.toDegrees(
        Math.atan2(2 * (b[6] * b[9] + b[7] * b[8]), 1 - 2 * (b[8] * b[8] + b[9] * b[9])));
  }

  private static double turn(double from, double to) {
    return Math.abs(Math.IEEEremainder(to - from, 360));
  }

  /// Instants at which a car of the track stands askew: turned against both neighbours, which agree
  /// within what the turn of a car gives.
  private static List<Long> askew(LabelSet labels, String track, double least) {
    int[] rows = rows(labels, track);
    List<Long> askew = new ArrayList<>();
    for (int i = 1; i < rows.length - 1; i++) {
      double before = yawDegrees(box(labels, rows[i - 1]));
      double at = yawDegrees(box(labels, rows[i]));
      double after = yawDegrees(box(labels, rows[i + 1]));
      if (turn(before, after) < 10 && turn(before, at) > least && turn(at, after) > least) {
        askew.add(labels.stampsNs()[rows[i]]);
      }
    }
    return askew;
  }

  @Test
  void carsStandAskewForOneInstantWhereTheirHeadingsAreSaidToJump() throws IOException {
    Path log = av2().resolve(TURNING_LOG);
    assertThat(findings(new Av2Format(), log))
        .containsExactlyInAnyOrder(
            "LAB008 rows 5624..5624", "LAB008 rows 7650..7849", "LAB008 rows 8038..8727");
    LabelSet labels = labels(new Av2Format(), log);
    // A far car, seen with one point or none, drives straight at 5 m/s and more.
    assertThat(askew(labels, "8765d532", 40)).contains(315_971_923_160_256_000L);
    assertThat(askew(labels, "8765d532", 60))
        .contains(315_971_925_259_701_000L, 315_971_925_460_094_000L);
    assertThat(askew(labels, "6e0a7aa5", 28)).contains(315_971_925_659_823_000L);
  }

  @Test
  void oneCarIsLabelledTwiceWithinCentimeters() throws IOException {
    Path log = av2().resolve(CUT_LOG);
    assertThat(findings(new Av2Format(), log))
        .containsExactlyInAnyOrder(
            "LAB010 rows 0..7868", "LAB010 rows 8031..11363", "LAB019 rows 9..11326");
    LabelSet labels = labels(new Av2Format(), log);
    Map<Long, double[]> first = new HashMap<>();
    for (int row : rows(labels, "0cf6355a")) {
      first.put(labels.stampsNs()[row], box(labels, row));
    }
    int same = 0;
    for (int row : rows(labels, "56d3999e")) {
      double[] other = Objects.requireNonNull(first.get(labels.stampsNs()[row]));
      assertThat(box(labels, row)).containsExactly(other, within(0.05));
      same++;
    }
    assertThat(same).isEqualTo(156);
  }

  @Test
  void onlyTwoInstantsOfTheCutLogHaveASweep() throws IOException {
    Path log = av2().resolve(CUT_LOG);
    TreeSet<Long> sweeps = new TreeSet<>();
    try (Stream<Path> files = Files.list(log.resolve("sensors/lidar"))) {
      files.forEach(f -> sweeps.add(Long.parseLong(f.getFileName().toString().split("\\.", 2)[0])));
    }
    assertThat(sweeps).hasSize(2);
    LabelSet labels = labels(new Av2Format(), log);
    TreeSet<Long> instants = new TreeSet<>();
    for (int row = 0; row < labels.size(); row++) {
      instants.add(labels.stampsNs()[row]);
    }
    assertThat(instants).hasSize(156).containsAll(sweeps);
    assertThat(instants.headSet(sweeps.first())).hasSize(116);
    assertThat(instants.tailSet(sweeps.last(), false)).hasSize(38);
  }

  @Test
  void theDetectionsOfOneTestHoldABoxTwice() throws IOException {
    Path file = av2().resolve("evaluation/detection/data/detections_assignment.feather");
    assertThat(findings(new Av2Format(), file)).containsExactly("LAB019 rows 1..1");
    LabelSet labels = labels(new Av2Format(), file);
    assertThat(box(labels, 1)).isEqualTo(box(labels, 2));
  }

  @Test
  void otherLabelsOfArgoverseAreClean() throws IOException {
    for (String clean :
        List.of(
            "evaluation/scenario_mining/data/3bffdcff-c3a7-38b6-a0f2-64196d130958",
            "geometry/data/b87683ae-14c5-321f-8af3-623e7bafc3a7",
            "evaluation/detection/data/detections.feather",
            "evaluation/detection/data/detections_identity.feather")) {
      assertThat(findings(new Av2Format(), av2().resolve(clean))).as(clean).isEmpty();
    }
  }

  /// Numbers of the lines of a KITTI file of labels whose track is that one, by frame.
  private static Map<Integer, double[]> kittiTrack(Path file, String track) throws IOException {
    Map<Integer, double[]> centers = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(" ", -1);
      if (parts[1].equals(track)) {
        // x to the right, z ahead of the camera.
        centers.put(
            Integer.parseInt(parts[0]),
            new double[] {Double.parseDouble(parts[13]), Double.parseDouble(parts[15])});
      }
    }
    return centers;
  }

  /// Meters that the vehicle drove between two frames, by its satellite receiver.
  private static double driven(List<String> oxts, int from, int to) {
    String[] a = oxts.get(from).split(" ", -1);
    String[] b = oxts.get(to).split(" ", -1);
    double degree = 111_132.95;
    double north = (Double.parseDouble(b[0]) - Double.parseDouble(a[0])) * degree;
    double cosine = Math.cos(Math.toRadians(Double.parseDouble(a[0])));
    double east = (Double.parseDouble(b[1]) - Double.parseDouble(a[1])) * degree * cosine;
    return Math.hypot(north, east);
  }

  @Test
  void fourParkedCarsOfKittiStayWhileTheVehicleDrivesOnAndThenLeapByAllOfIt() throws IOException {
    Path file = kitti().resolve("label/0001.txt");
    assertThat(findings(new KittiFormat(), file)).containsExactly("LAB025 rows 2332..2338");
    List<String> oxts = Files.readAllLines(kitti().resolve("oxts/0001.txt"));
    for (String track : List.of("49", "50", "54", "90")) {
      Map<Integer, double[]> at = kittiTrack(file, track);
      double still = ahead(at, 176) - ahead(at, 180);
      double leap = ahead(at, 180) - ahead(at, 181);
      assertThat(Math.abs(still)).as(track).isLessThan(0.1);
      assertThat(driven(oxts, 176, 180)).isGreaterThan(1.3);
      assertThat(driven(oxts, 180, 181)).isLessThan(0.45);
      // The leap makes good for what was left out.
      assertThat(leap).as(track).isBetween(1.6, 2.0);
      assertThat(still + leap).as(track).isCloseTo(driven(oxts, 176, 181), within(0.25));
    }
  }

  @Test
  void aCarOfKittiGoesBackBetweenTwoStraightStretches() throws IOException {
    Path file = kitti().resolve("label/0003.txt");
    assertThat(findings(new KittiFormat(), file)).containsExactly("LAB025 rows 376..382");
    Map<Integer, double[]> at = kittiTrack(file, "0");
    // Straight to the last digit before and after, at 3.7 and 4.2 m/s away from the vehicle.
    for (int frame = 57; frame < 60; frame++) {
      assertThat(ahead(at, frame + 1) - ahead(at, frame)).isCloseTo(0.36902, within(2e-5));
    }
    for (int frame = 61; frame < 65; frame++) {
      assertThat(ahead(at, frame + 1) - ahead(at, frame)).isCloseTo(0.42223, within(2e-5));
    }
    // Between them it would go back at 11 m/s for a tenth of a second, while the vehicle keeps its
    // speed.
    assertThat(ahead(at, 61) - ahead(at, 60)).isLessThan(-1.1);
    List<String> oxts = Files.readAllLines(kitti().resolve("oxts/0003.txt"));
    double before = driven(oxts, 59, 60);
    assertThat(driven(oxts, 60, 61)).isCloseTo(before, within(0.15));
    assertThat(driven(oxts, 61, 62)).isCloseTo(before, within(0.15));
  }

  private static double ahead(Map<Integer, double[]> track, int frame) {
    return Objects.requireNonNull(track.get(frame))[1];
  }

  @Test
  void otherTrackingLabelsOfKittiAreClean() throws IOException {
    try (Stream<Path> files = Files.list(kitti().resolve("label"))) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.equals("0001.txt") && !name.equals("0003.txt")) {
          assertThat(findings(new KittiFormat(), file)).as(name).isEmpty();
        }
      }
    }
    Path tracklets =
        SharedData.path(
            "kitti",
            "Vote3Deep_lidar",
            "2011_09_26",
            "2011_09_26_drive_0001_sync",
            "tracklet_labels.xml");
    assertThat(findings(new KittiFormat(), tracklets)).isEmpty();
  }
}
