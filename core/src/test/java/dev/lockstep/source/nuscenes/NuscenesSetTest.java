package dev.lockstep.source.nuscenes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.synth.NuscenesDrive;
import dev.lockstep.synth.NuscenesFaults;
import dev.lockstep.synth.NuscenesSet;
import dev.lockstep.synth.NuscenesSet.Row;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.testing.RecordedReading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NuscenesSetTest {
  private static final SynthOptions OPTIONS =
      SynthOptions.DEFAULT.withSeed(4).withCloud(4, 48).withImages(64, 48);
  private static final int ROWS_A_TURN = 3;

  @TempDir private Path root;

  private static NuscenesSet made(int turns, int scenes) {
    return new NuscenesDrive(OPTIONS, turns, false).make(scenes);
  }

  private static NuscenesSet pictured(int turns) {
    return new NuscenesDrive(OPTIONS, turns, true).make(1);
  }

  private RecordedReading read(NuscenesSet set) throws IOException {
    set.write(root);
    return RecordedReading.of(new NuscenesFormat(), root);
  }

  private List<String> findings(NuscenesSet set, Severity least) throws IOException {
    set.write(root);
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(2))) {
      RecordingResult result = engine.check(root, "set", new NuscenesFormat());
      return result.findings().stream()
          .filter(finding -> finding.severity().compareTo(least) >= 0)
          .map(FindingText::of)
          .toList();
    }
  }

  private Path table(String name) {
    return root.resolve(NuscenesSet.VERSION).resolve(name + ".json");
  }

  @Test
  void readsEverythingOfACleanScene() throws IOException {
    NuscenesSet set = pictured(11);
    RecordedReading reading = read(set);
    assertThat(reading.defectText()).isEmpty();
    assertThat(reading.streamNames())
        .containsExactly(NuscenesDrive.LIDAR, NuscenesDrive.FRONT, NuscenesDrive.LEFT);
    assertThat(reading.stream(NuscenesDrive.LIDAR).modality()).isEqualTo(Modality.LIDAR);
    assertThat(reading.stream(NuscenesDrive.FRONT).stampSource()).isEqualTo(StampSource.COLUMN);
    List<Row> data = set.table("sample_data");
    long[] stamps = reading.stampsNs(NuscenesDrive.LEFT);
    assertThat(stamps).hasSize(11).isSorted();
    for (int i = 0; i < stamps.length; i++) {
      Row row = data.get(ROWS_A_TURN * i + 2);
      assertThat(stamps[i]).isEqualTo((long) row.get("timestamp") * 1000);
    }
    assertThat(reading.points(NuscenesDrive.LIDAR)).hasSize(11).allMatch(points -> points > 50);
    assertThat(reading.poses().size()).isEqualTo(3 * 11);
    assertThat(reading.examined(DefectKind.LINK_BROKEN)).isPositive();
    assertThat(reading.examined(DefectKind.CHAIN_BROKEN)).isPositive();
    assertThat(reading.examined(DefectKind.NAME_CONTRADICTS)).isEqualTo(2 * 33);

    LabelSet labels = reading.labels().getFirst();
    assertThat(labels.frameOfReference()).isEqualTo(LabelSet.Frame.WORLD);
    assertThat(labels.size()).isEqualTo(set.table("sample_annotation").size());
    assertThat(labels.trackCount()).isEqualTo(set.table("instance").size());
    int row = 0;
    Row box = set.table("sample_annotation").get((int) labels.positions()[row]);
    List<?> size = (List<?>) box.get("size");
    double[] b = labels.boxes3d();
    assertThat(b[3]).as("length").isEqualTo(size.get(1));
    assertThat(b[4]).as("width").isEqualTo(size.get(0));
    assertThat(b[5]).as("height").isEqualTo(size.get(2));
    assertThat(b[0]).isEqualTo(((List<?>) box.get("translation")).get(0));
    assertThat(b[9]).isEqualTo(((List<?>) box.get("rotation")).get(3));
    assertThat(labels.points()[row]).isEqualTo(box.get("num_lidar_pts"));
    assertThat(labels.trackName(labels.tracks()[row])).isEqualTo(box.get("instance_token"));

    Calibration front = reading.calibration(NuscenesDrive.FRONT);
    assertThat(front.parent()).isEqualTo("ego");
    assertThat(front.intrinsics().width()).isEqualTo(64);
    assertThat(front.intrinsics().cx()).isEqualTo(32);
    assertThat(reading.calibration(NuscenesDrive.LIDAR).intrinsics()).isNull();
  }

  /// Gives the boxes of sample `from` to sample `to`, by their tokens alone.
  private static void move(NuscenesSet set, int from, int to, List<Row> boxes) {
    List<Row> samples = set.table("sample");
    Object token = samples.get(from).get("token");
    for (Row box : boxes) {
      if (box.get("sample_token").equals(token)) {
        box.put("sample_token", samples.get(to).get("token"));
      }
    }
  }

  @Test
  void tellsOfBoxesThatWereMovedToTheNextSample() throws IOException {
    NuscenesSet set = made(70, 1);
    move(set, 6, 7, set.table("sample_annotation"));
    assertThat(findings(set, Severity.ERROR))
        .anyMatch(text -> text.contains("INT036") && text.contains("sample_annotation.next"))
        .anyMatch(text -> text.contains("LAB004"));
  }

  @Test
  void tellsOfSamplesThatExchangedTheirBoxes() throws IOException {
    NuscenesSet set = made(70, 1);
    Object seventh = set.table("sample").get(7).get("token");
    List<Row> later =
        set.table("sample_annotation").stream()
            .filter(box -> box.get("sample_token").equals(seventh))
            .toList();
    move(set, 6, 7, set.table("sample_annotation"));
    move(set, 7, 6, later);
    assertThat(findings(set, Severity.ERROR))
        .anyMatch(text -> text.contains("LAB017") && text.contains("two instants are exchanged"));
  }

  /// Gives all boxes to the sample `by` places later, chains and counts included.
  private static void shift(NuscenesSet set, int by) {
    List<Object> samples = set.table("sample").stream().map(row -> row.get("token")).toList();
    Map<Object, List<Row>> chains = new LinkedHashMap<>();
    set.table("sample_annotation")
        .removeIf(box -> {
          int to = samples.indexOf(box.get("sample_token")) + by;
          if (to >= samples.size()) {
            return true;
          }
          box.put("sample_token", samples.get(to));
          chains.computeIfAbsent(box.get("instance_token"), t -> new ArrayList<>()).add(box);
          return false;
        });
    set.table("instance").removeIf(row -> !chains.containsKey(row.get("token")));
    for (Row instance : set.table("instance")) {
      List<Row> rows = chains.get(instance.get("token"));
      NuscenesSet.chain(rows);
      instance.put("nbr_annotations", rows.size());
      instance.put("first_annotation_token", rows.getFirst().get("token"));
      instance.put("last_annotation_token", rows.getLast().get("token"));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, ''", "2, LAB027"})
  void tellsOfSetsWhoseBoxesAllBelongToAnotherSample(int by, String rules) throws IOException {
    SynthOptions dense = SynthOptions.DEFAULT.withSeed(1).withCloud(8, 180).withImages(32, 24);
    NuscenesSet set = new NuscenesDrive(dense, 200, true).make(1);
    shift(set, by);
    String found =
        findings(set, Severity.ERROR).stream()
            .filter(text -> text.contains(" LAB"))
            .map(text -> text.substring(text.indexOf(" LAB") + 1, text.indexOf(" LAB") + 7))
            .distinct()
            .sorted()
            .collect(Collectors.joining(" "));
    assertThat(found).isEqualTo(rules);
  }

  @Test
  void readsWhatLabelsSayOfMotionAndVisibility() throws IOException {
    NuscenesSet set = made(11, 1);
    LabelSet labels = read(set).labels().getFirst();
    Map<Object, Object> names = new LinkedHashMap<>();
    set.table("attribute").forEach(row -> names.put(row.get("token"), row.get("name")));
    for (int row = 0; row < labels.size(); row++) {
      Row box = set.table("sample_annotation").get((int) labels.positions()[row]);
      assertThat(labels.details().attribute(row, "attribute"))
          .isEqualTo(names.get(((List<?>) box.get("attribute_tokens")).getFirst()));
      boolean seen = box.get("visibility_token").equals("4");
      assertThat(labels.details().attribute(row, "visibility"))
          .isEqualTo(seen ? "v80-100" : "v0-40");
      assertThat(labels.occluded()[row]).isEqualTo(seen ? 0.1f : 0.8f);
    }
  }

  @Test
  void tellsOfAttributesThatContradictMotion() throws IOException {
    NuscenesSet set = made(70, 1);
    Map<Object, Object> names = new LinkedHashMap<>();
    set.table("attribute").forEach(row -> names.put(row.get("name"), row.get("token")));
    set.table("sample_annotation")
        .forEach(box -> box.put("attribute_tokens", List.of(names.get(NuscenesDrive.STANDING))));
    assertThat(findings(set, Severity.WARNING))
        .anyMatch(text ->
            text.contains("LAB022") && text.contains("an object that is said to stand moves"))
        .noneMatch(text -> text.contains("said to move"));
  }

  @Test
  void showsNothingWrongWithScenesOfWhichOnlyTablesAreThere() throws IOException {
    assertThat(findings(made(60, 3), Severity.WARNING))
        .singleElement()
        .asString()
        .contains("warning INT003", "none is there, 540 of 540 in all");
  }

  @Test
  void beginsAnewWithEachScene() throws IOException {
    NuscenesSet set = made(60, 2);
    // Sweep 30 of the second scene, and its link, are taken out.
    List<Row> data = set.table("sample_data");
    List<Row> sweeps = new ArrayList<>();
    for (int i = 180; i < 360; i += ROWS_A_TURN) {
      sweeps.add(data.get(i));
    }
    data.remove(sweeps.remove(31));
    NuscenesSet.chain(sweeps);
    assertThat(findings(set, Severity.WARNING))
        .hasSize(2)
        .anySatisfy(
            text -> assertThat(text).contains("TIM", "LIDAR_TOP", "message", "90..91", "1 sweep"));
  }

  @Test
  void doesNotTakeKeyframesAloneForLosses() throws IOException {
    NuscenesSet set = made(200, 1);
    for (String table : List.of("sample_data")) {
      List<Row> rows = set.table(table);
      rows.removeIf(row -> !(boolean) row.get("is_key_frame"));
      for (String channel : List.of(NuscenesDrive.LIDAR, NuscenesDrive.FRONT, NuscenesDrive.LEFT)) {
        NuscenesSet.chain(
            rows.stream()
                .filter(row -> ((String) row.get("filename")).contains("/" + channel + "/"))
                .collect(Collectors.toList()));
      }
    }
    assertThat(findings(set, Severity.INFO))
        .noneSatisfy(text -> assertThat(text).contains(" TIM"))
        .noneSatisfy(text -> assertThat(text).contains(" LAB"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dangling-token:table=sample_data,field=sample_token,at=7             | LINK_BROKEN      | sample_data.json, row 7
          dangling-token:table=sample_data,field=ego_pose_token,at=8           | LINK_BROKEN      | sample_data.json, row 8
          dangling-token:table=sample_data,field=calibrated_sensor_token,at=9  | LINK_BROKEN      | sample_data.json, row 9
          dangling-token:table=sample_data,field=prev,at=10                    | LINK_BROKEN      | sample_data.json, row 10
          dangling-token:table=sample_data,field=next,at=11                    | LINK_BROKEN      | sample_data.json, row 11
          dangling-token:table=sample,field=scene_token,at=1                   | LINK_BROKEN      | sample.json, row 1
          dangling-token:table=sample,field=next,at=1                          | LINK_BROKEN      | sample.json, row 1
          dangling-token:table=sample,field=prev,at=2                          | LINK_BROKEN      | sample.json, row 2
          dangling-token:table=calibrated_sensor,field=sensor_token,at=1       | LINK_BROKEN      | calibrated_sensor.json, row 1
          dangling-token:table=scene,field=log_token,at=0                      | LINK_BROKEN      | scene.json, row 0
          dangling-token:table=scene,field=first_sample_token,at=0             | LINK_BROKEN      | scene.json, row 0
          dangling-token:table=scene,field=last_sample_token,at=0              | LINK_BROKEN      | scene.json, row 0
          dangling-token:table=sample_annotation,field=sample_token,at=3       | LINK_BROKEN      | sample_annotation.json, row 3
          dangling-token:table=sample_annotation,field=instance_token,at=4     | LINK_BROKEN      | sample_annotation.json, row 4
          dangling-token:table=sample_annotation,field=visibility_token,at=5   | LINK_BROKEN      | sample_annotation.json, row 5
          dangling-token:table=sample_annotation,field=prev,at=20              | LINK_BROKEN      | sample_annotation.json, row 20
          dangling-token:table=instance,field=category_token,at=1              | LINK_BROKEN      | instance.json, row 1
          dangling-token:table=instance,field=first_annotation_token,at=1      | LINK_BROKEN      | instance.json, row 1
          dangling-token:table=instance,field=last_annotation_token,at=1       | LINK_BROKEN      | instance.json, row 1
          duplicate-token:table=attribute,at=1                                 | TOKEN_DUPLICATED | attribute.json, row 1
          duplicate-token:table=ego_pose,at=9                                  | TOKEN_DUPLICATED | ego_pose.json, row 9
          broken-chain:table=sample,at=1                                       | CHAIN_BROKEN     | sample.json, row 1
          broken-chain:table=sample_data,at=6                                  | CHAIN_BROKEN     | sample_data.json, row 6
          broken-chain:table=sample_annotation,at=1                            | CHAIN_BROKEN     | sample_annotation.json, row 1
          wrong-count:table=scene,field=nbr_samples,at=0                       | COUNT_MISMATCH   | scene.json, row 0
          wrong-count:table=instance,field=nbr_annotations,at=2                | COUNT_MISMATCH   | instance.json, row 2
          stamp-off-name:at=12,us=50000                                        | NAME_CONTRADICTS | LIDAR_TOP, message 4
          lost-keyframe:at=16                                                  | SAMPLE_PARTS     | sample.json, row 1
          wrong-sample:at=10,by=3                                              | SAMPLE_PARTS     | sample_data.json, row 10
          missing-file:at=13                                                   | FILE_MISSING     | CAM_FRONT, message 4
          """)
  void tellsOfEachFaultOfTablesOnce(String fault, DefectKind kind, String place)
      throws IOException {
    NuscenesSet set = pictured(25);
    set.add("attribute", "token", "5", "name", "parked", "description", "");
    NuscenesFaults.plant(set, FaultSpec.parse(fault, 1));
    RecordedReading reading = read(set);
    String file = place.contains(".json") ? place.substring(0, place.indexOf(',')) : "";
    String rest = file.isEmpty() ? place : place.substring(place.indexOf(',') + 2);
    assertThat(reading.defects())
        .as(reading.defectText())
        .filteredOn(defect -> defect.kind() == kind)
        .singleElement()
        .satisfies(defect ->
            assertThat(FindingText.place(defect.location())).contains(rest).contains(file));
    // The token that a duplicate took the place of is missed by who refers to it.
    long others =
        reading.defects().stream()
            .filter(d -> d.kind() != kind && d.kind() != DefectKind.LINK_BROKEN)
            .count();
    assertThat(others).as(reading.defectText()).isZero();
  }

  @Test
  void findsEachFaultOfTheFaultyFixtureAndNoOther() throws IOException {
    Path fixtures = Path.of("..", "fixtures", "nuscenes");
    assertThat(RecordedReading.of(new NuscenesFormat(), fixtures.resolve("clean-scene")).defects())
        .isEmpty();
    RecordedReading faulty =
        RecordedReading.of(new NuscenesFormat(), fixtures.resolve("faulty-scene"));
    assertThat(faulty.defects().stream().map(d -> d.kind().name()).sorted())
        .containsExactly(
            "CHAIN_BROKEN",
            "COUNT_MISMATCH",
            "FILE_MISSING",
            "LINK_BROKEN",
            "LINK_BROKEN",
            "NAME_CONTRADICTS",
            "TOKEN_DUPLICATED");
  }

  @Test
  void readsShiftedBoxesWhereTheyStand() throws IOException {
    LabelSet clean = read(made(60, 1)).labels().getFirst();
    NuscenesSet set = made(60, 1);
    NuscenesFaults.plant(set, FaultSpec.parse("shifted-boxes:at=6", 1));
    LabelSet shifted = read(set).labels().getFirst();
    int moved = 0;
    for (int track = 0; track < clean.trackCount(); track++) {
      for (int i = clean.trackStart(track) + 1; i < clean.trackStart(track + 1); i++) {
        int row = clean.trackRows()[i];
        int before = clean.trackRows()[i - 1];
        double x = shifted.boxes3d()[row * LabelSet.BOX_3D];
        boolean late = x == clean.boxes3d()[before * LabelSet.BOX_3D];
        moved += late && x != clean.boxes3d()[row * LabelSet.BOX_3D] ? 1 : 0;
      }
    }
    assertThat(moved).isGreaterThan(20);
  }

  @Test
  void tellsAllLinksToARowThatIsGoneOnce() throws IOException {
    NuscenesSet set = pictured(25);
    set.table("sample_data").remove(9);
    assertThat(read(set).defects())
        .filteredOn(defect -> defect.severity() != Severity.INFO)
        .singleElement()
        .satisfies(defect -> {
          assertThat(defect.kind()).isEqualTo(DefectKind.LINK_BROKEN);
          assertThat(defect.evidence().observed()).endsWith("and 1 more of the kind");
        });
  }

  @Test
  void findsThePoseOfAnotherInstant() throws IOException {
    NuscenesSet set = pictured(40);
    NuscenesFaults.plant(set, FaultSpec.parse("neighbour-pose:at=60,by=30", 1));
    assertThat(findings(set, Severity.WARNING))
        .singleElement()
        .satisfies(finding -> assertThat(finding).startsWith("warning SYN024 pose-leaps"));
  }

  @Test
  void findsCyclesAndBackwardTimes() throws IOException {
    NuscenesSet set = made(25, 1);
    List<Row> samples = set.table("sample");
    samples.get(4).put("next", samples.get(1).get("token"));
    samples.get(1).put("prev", samples.get(4).get("token"));
    RecordedReading reading = read(set);
    assertThat(reading.defects().stream().filter(d -> d.kind() == DefectKind.CHAIN_BROKEN))
        .anySatisfy(d -> assertThat(d.evidence().expected()).startsWith("after "))
        .allSatisfy(d -> assertThat(d.location().file()).endsWith("sample.json"));
  }

  @Test
  void saysWhereATableEndsTooEarlyAndNothingThatFollowsFromIt() throws IOException {
    made(25, 1).write(root);
    byte[] whole = Files.readAllBytes(table("sample_data"));
    Files.write(table("sample_data"), java.util.Arrays.copyOf(whole, whole.length / 2));
    RecordedReading reading = RecordedReading.of(new NuscenesFormat(), root);
    assertThat(reading.defects().stream().map(d -> d.kind()))
        .containsOnly(DefectKind.FILE_TRUNCATED, DefectKind.FILE_MISSING)
        .hasSize(2);
    assertThat(reading.stampsNs(NuscenesDrive.LIDAR)).hasSizeBetween(11, 13);
  }

  @Test
  void namesTheTableThatIsMissing() throws IOException {
    pictured(6).write(root);
    for (String lost : List.of("ego_pose", "instance", "category", "sensor", "sample")) {
      byte[] content = Files.readAllBytes(table(lost));
      Files.delete(table(lost));
      RecordedReading reading = RecordedReading.of(new NuscenesFormat(), root);
      assertThat(reading.defects())
          .as(lost + ": " + reading.defectText())
          .singleElement()
          .satisfies(d -> {
            assertThat(d.kind()).isEqualTo(DefectKind.FILE_MISSING);
            assertThat(d.location().file()).endsWith(lost + ".json");
          });
      Files.write(table(lost), content);
    }
  }

  @Test
  void namesRowAndFieldThatCannotBeRead() throws IOException {
    made(6, 1).write(root);
    String text = Files.readString(table("sample_data"));
    int at = text.indexOf("\"timestamp\":", text.length() / 2);
    String damaged =
        text.substring(0, at) + "\"timestamp\":\"soon\",\"x\":" + text.substring(at + 12);
    Files.writeString(table("sample_data"), damaged, StandardCharsets.UTF_8);
    RecordedReading reading = RecordedReading.of(new NuscenesFormat(), root);
    assertThat(reading.defects())
        .filteredOn(d -> d.kind() == DefectKind.RECORD_MALFORMED)
        .singleElement()
        .satisfies(d -> {
          assertThat(d.evidence().what()).isEqualTo("sample_data.timestamp");
          long begin = d.location().bytes().offsetBytes();
          assertThat(damaged.substring((int) begin, (int) d.location().bytes().endBytes()))
              .startsWith("{")
              .endsWith("}")
              .contains("\"soon\"");
        });
  }

  @Test
  void doesNotLeaveTheFolderOfTheSet() throws IOException {
    NuscenesSet set = pictured(6);
    set.table("sample_data").get(3).put("filename", "../../secret__CAM__1.jpg");
    RecordedReading reading = read(set);
    assertThat(reading.defects().stream().map(d -> d.kind()))
        .contains(DefectKind.RECORD_MALFORMED)
        .doesNotContain(DefectKind.FILE_UNREADABLE);
  }

  @Test
  void readsStampsThatWereDoubles() throws IOException {
    NuscenesSet set = made(6, 1);
    Row row = set.table("sample_data").getFirst();
    long us = (long) row.get("timestamp");
    row.put("timestamp", new java.math.BigDecimal(us + ".2"));
    assertThat(read(set).stampsNs(NuscenesDrive.LIDAR)[0]).isEqualTo(us * 1000 + 200);
  }

  private static String token(int number) {
    return "0".repeat(16) + HexFormat.of().toHexDigits((long) number);
  }

  /// 30,000 rows of sensor data and as many poses: what stays for a row while files are read.
  @Test
  void takesFewBytesARow() throws IOException {
    NuscenesSet set = made(5, 1);
    set.write(root);
    int rows = 30_000;
    StringBuilder data = new StringBuilder("[");
    StringBuilder poses = new StringBuilder("[");
    String calibration = (String) set.table("calibrated_sensor").getFirst().get("token");
    String sample = (String) set.table("sample").getFirst().get("token");
    for (int i = 0; i < rows; i++) {
      String separator = i == 0 ? "" : ",";
      long us = 1_500_000_000_000_000L + i * 50_000L;
      data.append(separator)
          .append("{\"token\":\"")
          .append(token(i + 1))
          .append("\",\"sample_token\":\"")
          .append(sample)
          .append("\",\"ego_pose_token\":\"")
          .append(token(i + 7))
          .append("\",\"calibrated_sensor_token\":\"")
          .append(calibration)
          .append("\",\"timestamp\":")
          .append(us)
          .append(",\"is_key_frame\":true,\"prev\":\"")
          .append(i == 0 ? "" : token(i))
          .append("\",\"next\":\"")
          .append(i == rows - 1 ? "" : token(i + 2))
          .append("\",\"filename\":\"a/b__")
          .append(us)
          .append(".bin\"}");
      poses
          .append(separator)
          .append("{\"token\":\"")
          .append(token(i + 7))
          .append("\",\"timestamp\":")
          .append(us)
          .append(",\"rotation\":[1,0,0,0],\"translation\":[1.5,2,0]}");
    }
    Files.writeString(table("sample_data"), data.append("]"));
    Files.writeString(table("ego_pose"), poses.append("]"));
    data.setLength(0);
    data.trimToSize();
    poses.setLength(0);
    poses.trimToSize();
    long without = used();
    try (RecordingReader reader = new NuscenesFormat().open(root, ReadOptions.DEFAULT)) {
      long with = used();
      assertThat(reader.available()).isEqualTo(rows + 1);
      assertThat((with - without) / rows)
          .as("bytes a row of sensor data with its pose")
          .isBetween(80L, 180L);
    }
  }

  /// Bytes in use, once collecting garbage makes no difference any more.
  private static long used() {
    long before = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      System.gc();
      long now = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
      if (i > 2 && before - now < 10_000) {
        return now;
      }
      before = now;
    }
    return before;
  }
}
