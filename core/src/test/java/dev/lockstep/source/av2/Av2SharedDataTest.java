package dev.lockstep.source.av2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.LabelSet;
import dev.lockstep.testing.RecordedReading;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// True facts of real Argoverse 2 data, where it is at hand.
class Av2SharedDataTest {
  private static Path data() {
    return SharedData.path("av2", "av2-api", "tests", "unit");
  }

  private static Path miningLog(String prefix) throws IOException {
    Path folder = data().resolve("evaluation/scenario_mining/data");
    try (Stream<Path> logs = Files.list(folder)) {
      return logs.filter(log -> String.valueOf(log.getFileName()).startsWith(prefix))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void showsTheDoubletOfLog3bffdcff() throws IOException {
    RecordedReading log = RecordedReading.of(new Av2Format(), miningLog("3bffdcff"));
    assertThat(log.defectText()).isEmpty();
    long[] stamps = log.stampsNs(log.labels().getFirst().name());
    List<Integer> odd = new ArrayList<>();
    for (int i = 1; i < stamps.length; i++) {
      // Two step lengths, 0.66 ms apart, are normal.
      if (Math.abs(stamps[i] - stamps[i - 1] - 100_000_000) > 1_000_000) {
        odd.add(i);
      }
    }
    assertThat(odd).containsExactly(91, 92);
    assertThat(stamps[91] - stamps[90]).isBetween(103_100_000L, 103_300_000L);
    assertThat(stamps[92] - stamps[91]).isBetween(96_400_000L, 96_700_000L);
  }

  @Test
  void readsTheLabelsOfWholeLogs() throws IOException {
    Map<Path, Integer> boxes = new TreeMap<>();
    boxes.put(miningLog("3b3570b4"), 13_820);
    boxes.put(miningLog("3bffdcff"), 12_342);
    boxes.put(data().resolve("geometry/data/b87683ae-14c5-321f-8af3-623e7bafc3a7"), 6_542);
    boxes.put(data().resolve("test_data/sensor/val/7fab2350-7eaf-3b7e-a39d-6937a4c1bede"), 11_364);
    for (Map.Entry<Path, Integer> entry : boxes.entrySet()) {
      RecordedReading log = RecordedReading.of(new Av2Format(), entry.getKey());
      assertThat(log.defectText()).as(entry.getKey().toString()).isEmpty();
      LabelSet labels = log.labels().getFirst();
      assertThat(labels.size()).isEqualTo(entry.getValue());
      assertNoDuplicateAndNoChange(labels);
      long[] stamps = log.stampsNs(log.labels().getFirst().name());
      assertThat(stamps.length).isBetween(156, 157);
      assertThat(stamps[stamps.length - 1] - stamps[0]).isBetween(15_400_000_000L, 15_700_000_000L);
      if (log.poses() != null) {
        long[] poses = Arrays.copyOf(log.poses().stampsNs(), log.poses().size());
        assertThat(Arrays.stream(stamps).allMatch(s -> Arrays.binarySearch(poses, s) >= 0))
            .as("a pose at every stamp of a label")
            .isTrue();
      }
    }
  }

  private static void assertNoDuplicateAndNoChange(LabelSet labels) {
    Set<List<Object>> seen = new HashSet<>();
    int[] category = new int[labels.trackCount()];
    Arrays.fill(category, -1);
    for (int row = 0; row < labels.size(); row++) {
      int track = labels.tracks()[row];
      assertThat(seen.add(List.of(labels.stampsNs()[row], track))).isTrue();
      assertThat(category[track]).isIn(-1, labels.categories()[row]);
      category[track] = labels.categories()[row];
    }
  }

  @Test
  void countsThePointsOfSweeps() throws IOException {
    RecordedReading log =
        RecordedReading.of(
            new Av2Format(),
            data().resolve("test_data/sensor/test/7fab2350-7eaf-3b7e-a39d-6937a4c1bede"));
    assertThat(log.defectText()).isEmpty();
    assertThat(log.points("lidar")).containsExactly(99_229, 99_466);
    assertThat(log.stampsNs("city_SE3_egovehicle")).hasSize(2_706).isSorted();
    assertThat(log.calibrations()).hasSize(11);
    assertThat(log.labels()).isEmpty();
    assertThat(log.notes()).anySatisfy(n -> assertThat(n).contains("to 106.086 ms after"));
  }

  @Test
  void readsEveryFeatherFileWithoutADefect() throws IOException {
    try (Stream<Path> files = Files.walk(data())) {
      List<Path> feathers =
          files.filter(file -> file.toString().endsWith(".feather")).sorted().toList();
      assertThat(feathers).isNotEmpty();
      for (Path file : feathers) {
        RecordedReading reading = RecordedReading.of(new Av2Format(), file);
        assertThat(reading.defectText()).as(file.toString()).isEmpty();
      }
    }
  }
}
