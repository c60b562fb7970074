package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Check;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.label.BoxEmpty;
import dev.lockstep.check.label.BoxOffGround;
import dev.lockstep.check.label.LabelsLag;
import dev.lockstep.source.Probe;
import dev.lockstep.synth.NuscenesDrive;
import dev.lockstep.synth.NuscenesSet;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The way from files to what sweeps hold of boxes.
class PointPassTest {
  private static final List<Check> RULES =
      List.of(new LabelsLag(), new BoxEmpty(), new BoxOffGround());

  @TempDir private Path root;

  private static RecordingResult check(Path path, int threads) throws IOException {
    try (Engine engine = new Engine(RULES, EngineOptions.defaults().withThreads(threads))) {
      return engine.check(path, "it", new RecordingFinder(Formats.ALL).claim(Probe.of(path)));
    }
  }

  private static Outcome outcome(RecordingResult result, String check) {
    return result.results().stream()
        .filter(r -> r.check().id().equals(check))
        .map(CheckResult::outcome)
        .findFirst()
        .orElseThrow();
  }

  private static NuscenesSet set() {
    return new NuscenesDrive(
            SynthOptions.DEFAULT.withSeed(4).withCloud(32, 240).withImages(32, 16), 40, true)
        .make(1);
  }

  @Test
  void placesBoxesOfTheWorldInTheSweepsOfALidarThatSitsAskew() throws IOException {
    set().write(root);
    RecordingResult result = check(root, 2);
    assertThat(result.findings()).isEmpty();
    assertThat(((Outcome.Passed) outcome(result, "LAB014")).examined()).isGreaterThan(50);
    assertThat(outcome(result, "LAB015")).isInstanceOf(Outcome.Passed.class);
  }

  @Test
  void findsTheSameWhateverTheNumberOfThreads() throws IOException {
    set().write(root);
    assertThat(check(root, 3).measurements()).isEqualTo(check(root, 1).measurements());
  }

  @Test
  void seesThatBoxesStandElsewhere() throws IOException {
    NuscenesSet set = set();
    for (NuscenesSet.Row row : set.table("sample_annotation")) {
      List<Object> place = new ArrayList<>((List<?>) row.get("translation"));
      place.set(2, (Double) place.get(2) + 0.5);
      row.put("translation", place);
    }
    set.write(root);
    assertThat(check(root, 2).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.title()).isEqualTo("boxes float over the ground"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "av2/av2-api/tests/unit/test_data/sensor/val/7fab2350-7eaf-3b7e-a39d-6937a4c1bede",
        "kitti/scalabel/tests/label/testcases/kitti_sample/tracking/training/label_02/0001.txt"
      })
  void findsRealBoxesInRealSweeps(String path) throws IOException {
    RecordingResult result = check(SharedData.path(path), 2);
    assertThat(result.findings()).isEmpty();
    assertThat(((Outcome.Passed) outcome(result, "LAB014")).examined()).isGreaterThan(10);
  }
}
