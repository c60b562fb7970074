package dev.lockstep.source.nuscenes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import dev.lockstep.testing.RecordedReading;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// True facts of real sets, where they are at hand.
class NuscenesSharedDataTest {
  private static final String[] LYFT = {
    "nuscenes", "mmdetection3d", "tests", "data", "lyft", "v1.01-train"
  };
  private static final String[] T4 = {"nuscenes", "t4-devkit", "tests", "sample", "t4dataset"};

  @Test
  void measuresTheSixOffsetsOfAKeyframe() throws IOException {
    Path folder = SharedData.path("nuscenes", "mmdetection3d", "demo", "data", "nuscenes");
    RecordedReading keyframe = RecordedReading.of(new NuscenesFormat(), folder);
    assertThat(keyframe.defectText()).isEmpty();
    assertThat(keyframe.streamNames()).hasSize(7);
    long sweepNs = keyframe.stampsNs("LIDAR_TOP")[0];
    // Camera minus LiDAR, which is stamped at the end of its rotation.
    Map<String, Double> milliseconds =
        Map.of(
            "CAM_FRONT", -35.5,
            "CAM_FRONT_LEFT", -43.1,
            "CAM_FRONT_RIGHT", -27.6,
            "CAM_BACK", -10.4,
            "CAM_BACK_LEFT", -0.5,
            "CAM_BACK_RIGHT", -20.0);
    milliseconds.forEach((camera, expected) -> {
      double measured = (keyframe.stampsNs(camera)[0] - sweepNs) / 1e6;
      assertThat(measured).as(camera).isCloseTo(expected, Offset.offset(0.1));
    });
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      var result = engine.check(folder, "keyframe", new NuscenesFormat());
      milliseconds.forEach((camera, expected) ->
          assertThat(result.measurements())
              .filteredOn(m -> m.subject().equals("LIDAR_TOP ~ " + camera))
              .filteredOn(m -> m.quantity().equals("offset"))
              .singleElement()
              .satisfies(m -> assertThat(m.value()).isCloseTo(expected, Offset.offset(0.1))));
    }
    assertThat(keyframe.points("LIDAR_TOP").getFirst()).isBetween(34_000, 35_000);
  }

  @Test
  void saysOfAnExcerptOfLyftWhatItLacks() throws IOException {
    RecordedReading lyft = RecordedReading.of(new NuscenesFormat(), SharedData.path(LYFT));
    assertThat(lyft.streamNames()).hasSize(10).contains("LIDAR_TOP", "CAM_FRONT_ZOOMED");
    // 1556675185903083.2 us, written as a double.
    assertThat(lyft.stampsNs("LIDAR_TOP")).containsExactly(1_556_675_185_903_083_200L);
    assertThat(lyft.labels().getFirst().size()).isEqualTo(4);
    assertThat(lyft.calibrations()).hasSize(10);
    // Names count from the epoch of GPS and agree with the tables in all ten rows.
    assertThat(lyft.examined(DefectKind.NAME_CONTRADICTS)).isEqualTo(10);
    assertThat(lyft.defects().stream().map(Defect::kind))
        .containsOnly(DefectKind.LINK_BROKEN, DefectKind.FILE_MISSING);
    // Samples, sensor data and annotations before and after this one were left out.
    assertThat(lyft.defects().stream().filter(d -> d.kind() == DefectKind.LINK_BROKEN))
        .hasSize(6)
        .allSatisfy(d ->
            assertThat(d.evidence().expected())
                .matches("the token of a row of sample(_data|_annotation)?"));
  }

  @Test
  void readsAllTablesOfT4() throws IOException {
    RecordedReading t4 = RecordedReading.of(new NuscenesFormat(), SharedData.path(T4));
    assertThat(t4.defectText()).isEmpty();
    assertThat(t4.streamNames()).containsExactly("LIDAR_TOP", "CAM_FRONT", "CAM_BACK");
    assertThat(t4.points("LIDAR_TOP")).containsExactly(8, 8, 8);
    assertThat(t4.poses().size()).isEqualTo(3);
    LabelSet labels = t4.labels().getFirst();
    assertThat(labels.size()).isEqualTo(4);
    assertThat(labels.trackCount()).isEqualTo(3);
    assertThat(labels.points()[0]).isEqualTo(250);
    assertThat(Objects.requireNonNull(t4.calibration("CAM_FRONT").intrinsics()).width())
        .isEqualTo(800);
    assertThat(t4.examined(DefectKind.LINK_BROKEN)).isPositive();
  }

  @Test
  void findsNothingWrongWithRealLabelsAndStamps() throws IOException {
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(2))) {
      for (String[] parts : new String[][] {LYFT, T4}) {
        RecordingResult result =
            engine.check(SharedData.path(parts), parts[parts.length - 1], new NuscenesFormat());
        assertThat(result.findings())
            .filteredOn(f -> f.severity().compareTo(Severity.WARNING) >= 0)
            // The made-up T4 set gives the length of its car where the width belongs: 4.5 m.
            .filteredOn(f -> parts != T4 || !f.check().id().equals("LAB033"))
            .noneSatisfy(f -> assertThat(f.check().id()).matches("(LAB|TIM|LID).*"));
      }
    }
  }
}
