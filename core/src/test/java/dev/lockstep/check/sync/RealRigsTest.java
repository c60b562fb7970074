package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Check;
import dev.lockstep.check.Measurement;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.Severity;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.av2.Av2Format;
import dev.lockstep.source.kitti.KittiFormat;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/// What the rules about several streams say about real vehicles.
class RealRigsTest {
  private static final String UNIT = "av2/av2-api/tests/unit";

  /// Trigger phases of the ring cameras, ms, the same in all logs (the first sweep of a log in
  /// argoverse/av2-api issue 94 gives them too).
  private static final Map<String, Double> PHASES_MS =
      Map.of(
          "ring_rear_left", -2.5,
          "ring_front_right", 2.5,
          "ring_front_center", -10.0,
          "ring_side_left", 12.5,
          "ring_rear_right", -17.5,
          "ring_side_right", 17.5,
          "ring_front_left", -22.5);

  private static RecordingResult check(SourceFormat format, Path path) throws IOException {
    List<Check> rules = Checks.select(List.of("TIM", "SYN", "LID"), List.of());
    try (Engine engine = new Engine(rules, EngineOptions.defaults())) {
      return engine.check(path, "drive", format);
    }
  }

  private static double measured(RecordingResult result, String subject, String quantity) {
    return result.measurements().stream()
        .filter(m -> m.check().equals("SYN001"))
        .filter(m -> m.subject().equals(subject) && m.quantity().equals(quantity))
        .mapToDouble(Measurement::value)
        .findFirst()
        .orElse(Double.NaN);
  }

  @Test
  void tellsTriggerPhaseFromDistanceFromTheBeam() throws IOException {
    Path log = SharedData.path(UNIT, "test_data/sensor/val/7fab2350-7eaf-3b7e-a39d-6937a4c1bede");
    RecordingResult result = check(new Av2Format(), log);
    PHASES_MS.forEach((camera, phaseMs) -> {
      String subject = "lidar ~ " + camera;
      assertThat(measured(result, subject, "phase")).as(camera).isCloseTo(phaseMs, within(0.1));
      assertThat(measured(result, subject, "beam-residual")).as(camera).isBetween(-0.29, 0.15);
      assertThat(measured(result, subject, "beam-crossings")).as(camera).isEqualTo(4);
    });
    assertNothingAbout(result);
  }

  @Test
  void findsThePhasesOfUnnamedCamerasInOtherLogs() throws IOException {
    for (String log :
        List.of("3b3570b4-7b0b-3268-a571-b0889dbf40b6", "3bffdcff-c3a7-38b6-a0f2-64196d130958")) {
      RecordingResult result =
          check(new Av2Format(), SharedData.path(UNIT, "evaluation/scenario_mining/data", log));
      double[] phases =
          result.measurements().stream()
              .filter(m -> m.check().equals("SYN001") && m.quantity().equals("phase"))
              .mapToDouble(Measurement::value)
              .toArray();
      for (double expected : PHASES_MS.values()) {
        assertThat(DoubleStream.of(phases).anyMatch(p -> Math.abs(p - expected) < 0.1))
            .as("%s: a camera at %s ms", log, expected)
            .isTrue();
      }
      assertNothingAbout(result);
    }
  }

  @Test
  void staysSilentOnADriveWithFourCameras() throws IOException {
    String drive = "2011_09_26_drive_0001_sync";
    Path path =
        SharedData.path("kitti/python_camera_library/test_data/kitti", drive, "2011_09_26", drive);
    RecordingResult result = check(new KittiFormat(), path);
    assertNothingAbout(result);
    for (int camera = 0; camera < 4; camera++) {
      String subject = "velodyne_points ~ image_0" + camera;
      assertThat(measured(result, subject, "phase-spread")).as(subject).isLessThan(0.3);
    }
  }

  /// No finding of the rules about several streams, other than facts.
  private static void assertNothingAbout(RecordingResult result) {
    assertThat(result.findings())
        .filteredOn(f -> isNew(f.check().id()))
        .filteredOn(f -> f.severity() != Severity.INFO)
        .isEmpty();
  }

  private static boolean isNew(String id) {
    return id.startsWith("SYN")
        || id.startsWith("LID") && id.compareTo("LID003") > 0
        || id.startsWith("TIM") && id.compareTo("TIM016") > 0;
  }
}
