package dev.lockstep.bench.labels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.agreement.ExactBounds;
import dev.lockstep.synth.fault.LabelTable;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A share of the benchmark on synthetic drives.
class LabelScoreTest {
  private static final int FRAMES = 150;
  private static final int EVENTS = 12;

  private static final List<Sequence> DRIVES =
      List.of(Sequence.synthetic(1, FRAMES), Sequence.synthetic(3, FRAMES));

  @Test
  void findsNothingInCleanDrives() {
    Scoring scoring = new Scoring(DRIVES, EVENTS, 1);
    assertThat(scoring.clean(List.of(LabelScore.NATIVE, new LabelScore.Condition(5, 0.1))))
        .hasSize(2)
        .allSatisfy(row -> {
          assertThat(row.labels()).isPositive();
          assertThat(row.findings()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "category-flip:frames=5",
        "fragmentation",
        "frame-swap",
        "stale-frame",
        "teleport:distance=2.0",
        "frozen-box:frames=2",
        "second-box:offset=0.1"
      })
  void findsAlmostAllPlantedFaultsAndNothingElse(String fault) {
    FaultClass kind = kind(fault);
    Cell cell = new Scoring(DRIVES, EVENTS, 1).odd(List.of(kind), LabelScore.NATIVE).getFirst();
    assertThat(cell.events).isGreaterThanOrEqualTo(EVENTS);
    assertThat(cell.found).as("found of %d", cell.events).isGreaterThanOrEqualTo(EVENTS - 1);
    assertThat(cell.strays).as("%s", cell.strayTexts).isZero();
  }

  /// The drives have nobody within a meter or two of another.
  @Test
  void plantsInFurtherDrivesWhatTheSequencesHaveNoPlaceFor() {
    FaultClass kind = kind("identity-switch:min-distance=1,max-distance=2");
    Scoring scoring = new Scoring(DRIVES, 30, 1);
    for (LabelScore.Condition condition :
        List.of(LabelScore.NATIVE, new LabelScore.Condition(2, 0))) {
      Cell cell = scoring.odd(List.of(kind), condition).getFirst();
      assertThat(cell.decidable()).isGreaterThanOrEqualTo(30);
      assertThat(cell.further).isEqualTo(cell.events);
      assertThat(cell.found).isGreaterThanOrEqualTo(29);
    }
  }

  @Test
  void findsNothingInCleanFurtherDrives() {
    List<Sequence> crowds = List.of(Sequence.crowded(0, FRAMES), Sequence.crowded(1, FRAMES));
    assertThat(crowds.getFirst().labels().boxes)
        .filteredOn(box -> box.track().endsWith("-beside"))
        .isNotEmpty();
    assertThat(
            new Scoring(crowds, EVENTS, 1)
                .clean(List.of(LabelScore.NATIVE, new LabelScore.Condition(5, 0.1))))
        .allSatisfy(row -> assertThat(row.findings()).isEmpty());
  }

  @Test
  void countsWhatChangesNothingAsHarmless() {
    FaultClass kind =
        new FaultClass(
            "F05", "frame-swap", "", Set.of("LAB017"), FaultClass.Reach.FRAME, false, true);
    Sequence still = DRIVES.getFirst();
    LabelTable table = still.labels().where(b -> b.frame < 40 && parked(still, b.track()));
    assertThat(table.boxes).isNotEmpty();
    Planting planting =
        Planting.of(
            kind,
            new Sequence("s", 1, table, null),
            new Sequence("s", 1, table, null),
            3,
            1,
            new HashSet<>());
    assertThat(planting.events).isEmpty();
    assertThat(planting.harmless).isPositive();
  }

  /// With noise, a box that is copied from the instant before moves by that noise; its object does
  /// not.
  @Test
  void countsACopyOfWhatStandsStillAsHarmlessWhateverTheNoise() {
    FaultClass kind = kind("frozen-box:frames=5");
    Sequence still = DRIVES.getFirst();
    LabelTable table = still.labels().where(b -> b.frame < 40 && parked(still, b.track()));
    Sequence exact = new Sequence("s", 1, table, null);
    Planting planting = Planting.of(kind, exact, exact.varied(1, 0.3, 5), 3, 1, new HashSet<>());
    assertThat(planting.events).isEmpty();
    assertThat(planting.harmless).isPositive();
  }

  @Test
  void claimsNoExchangeThatAddedNoiseHides() {
    FaultClass kind = kind("frame-swap");
    Sequence drive = DRIVES.getFirst();
    Sequence noisy = drive.varied(1, 0.2, 5);
    Planting planting = Planting.of(kind, drive, noisy, 1, 1, new HashSet<>());
    Event event = planting.events.getFirst();
    // Cars at 10 m/s: a meter an instant is 25 times the variance each, doubled.
    assertThat(planting.power(event)).isGreaterThan(50);
    assertThat(Planting.of(kind, drive, drive, 1, 1, new HashSet<>()).power(event)).isInfinite();
    assertThat(Claim.decidable(kind, event, drive.labels(), 30)).isTrue();
    assertThat(Claim.decidable(kind, event, drive.labels(), 10)).isFalse();
  }

  /// A turn by a degree moves boxes 20 m from their middle by a third of a meter.
  @Test
  void claimsNoWrongPoseThatAddedNoiseHides() {
    FaultClass kind = kind("frame-pose:degrees=1.0");
    Sequence drive = DRIVES.getFirst();
    Planting little = Planting.of(kind, drive, drive.varied(1, 0.1, 5), 1, 1, new HashSet<>());
    Planting much = Planting.of(kind, drive, drive.varied(1, 1, 5), 1, 1, new HashSet<>());
    double power = little.power(little.events.getFirst());
    assertThat(power).isBetween(40.0, 600.0);
    assertThat(much.power(much.events.getFirst())).isBetween(power / 150, power / 60);
    Event event = little.events.getFirst();
    assertThat(Claim.decidable(kind, event, drive.labels(), 30)).isTrue();
    assertThat(Claim.decidable(kind, event, drive.labels(), 10)).isFalse();
  }

  @Test
  void triesLimitsOnLabelsThatTheyWereSetWithout() {
    Sequence one = new Sequence("one", 0, Sequence.synthetic(0, FRAMES).labels(), null);
    Sequence other = new Sequence("other", 0, Sequence.synthetic(2, FRAMES).labels(), null);
    List<LeftOut.Row> rows =
        new LeftOut(List.of(one, other), 4, 1).rows(List.of(kind("frame-swap")));
    assertThat(rows).extracting(LeftOut.Row::dataset).containsExactly("one", "other");
    assertThat(rows)
        .allSatisfy(row -> {
          // Exact labels leave room for the least limits that are tried.
          assertThat(row.limits().shift()).isLessThan(1);
          assertThat(row.findings()).isEmpty();
          assertThat(row.cells().getFirst().found).isGreaterThanOrEqualTo(4);
        });
    assertThat(new LeftOut(List.of(one), 4, 1).rows(List.of(kind("frame-swap")))).isEmpty();
  }

  private static FaultClass kind(String fault) {
    return FaultClass.all().stream().filter(k -> k.fault().equals(fault)).findFirst().orElseThrow();
  }

  private static boolean parked(Sequence sequence, String track) {
    return sequence.labels().boxes.stream()
            .filter(b -> b.track().equals(track))
            .map(b -> b.x)
            .distinct()
            .count()
        == 1;
  }

  @Test
  void writesTheSameFiguresForTheSameSeed(@TempDir Path folder) throws Exception {
    String first = run(folder.resolve("a.json"));
    String second = run(folder.resolve("b.json"));
    assertThat(first)
        .contains("| F02 | category-change |")
        .contains("no real labels in")
        .contains("Encord");
    assertThat(withoutSpeed(first)).isEqualTo(withoutSpeed(second));
    assertThat(Files.readString(folder.resolve("a.json")))
        .isEqualTo(Files.readString(folder.resolve("b.json")))
        .contains("\"class\":\"F02\"");
  }

  private static String run(Path json) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int code =
        LabelScore.run(
            out, "--drives=2", "--events=3", "--class=F02", "--data=absent", "--json=" + json);
    assertThat(code).isZero();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String withoutSpeed(String text) {
    return text.lines()
        .takeWhile(line -> !line.startsWith("## Million"))
        .collect(Collectors.joining("\n"));
  }

  /// Clean labels needed for at most one false finding in 10,000, and faults for 99 % recall, at 95
  /// %, as published tables of the binomial distribution have them.
  @Test
  void boundsAreThoseOfClopperAndPearson() {
    assertThat(ExactBounds.upper(0, 29_956, 0.95)).isCloseTo(1e-4, Offset.offset(1e-8));
    assertThat(ExactBounds.upper(1, 47_437, 0.95)).isCloseTo(1e-4, Offset.offset(1e-8));
    assertThat(ExactBounds.lower(299, 299, 0.95)).isGreaterThanOrEqualTo(0.99);
    assertThat(ExactBounds.lower(298, 298, 0.95)).isLessThan(0.99);
  }
}
