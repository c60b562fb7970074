package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Check;
import dev.lockstep.check.Measurement;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.av2.Av2Format;
import dev.lockstep.source.folder.FolderFormat;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.SharedData;
import dev.lockstep.testing.Turns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentLagsTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new ContentLags();
  }

  @Override
  public Alignment clean() {
    return new Turns(1, 60).imu("/imu", 100, 0, 0.01).planar("/labels", 10, 0, 0.002).build();
  }

  @Override
  public Alignment violating() {
    return new Turns(1, 60)
        .imu("/imu", 100, 0, 0.01)
        .imu("/base/imu", 50, 0, 0.01)
        .planar("/labels", 10, 0.1, 0.002)
        .build();
  }

  @Override
  public String expected() {
    return """
    error SYN021 content-lags: what the sensor shows is not of the time of its stamps: its turns late by 96.9 ms against /imu (+-2.2 ms, 99 % explained) (expected between -80.9 and 80.9 ms)
      at /labels, stamps 1700000000000000000..1700000059900000000 ns
      likely cause: each stamp stands with the label frame before its own\
    """;
  }

  @Test
  void blamesTheReferenceWhereAllOthersAgreeAgainstIt() {
    Alignment late =
        new Turns(2, 60)
            .imu("/imu", 100, 0.2, 0.01)
            .imu("/base/imu", 50, 0, 0.01)
            .planar("/labels", 10, 0, 0.002)
            .build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), late);
    assertThat(run.findings()).hasSize(1);
    assertThat(run.text()).contains("late by 2", "against all others", "at /imu,");
    assertThat(run.measured("/imu ~ /base/imu", "content-offset")).isCloseTo(200, within(2.0));
  }

  @Test
  void doesNotBlameOneOfTwo() {
    Alignment two =
        new Turns(3, 60).imu("/imu", 100, 0, 0.01).imu("/base/imu", 50, 0.05, 0.01).build();
    assertThat(AlignmentCheckContract.run(check(), two).text())
        .contains("two sensors show one motion at different stamps", "late by 50", "/base/imu");
  }

  @Test
  void cannotDecideWithoutMotion() {
    Alignment still =
        new Turns(1, 60, 0).imu("/imu", 100, 0, 1e-4).planar("/labels", 10, 0, 1e-4).build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), still);
    assertThat(run.reason("/imu ~ /labels")).startsWith("no motion: turns of 0.");
  }

  @Test
  void cannotDecideWhereSensorsShowDifferentMotion() {
    Alignment one = new Turns(1, 60).imu("/imu", 100, 0, 0.01).build();
    Alignment other = new Turns(2, 60).planar("/labels", 10, 0, 0.002).build();
    Alignment both =
        new Alignment(
            List.of(),
            List.of(),
            List.of(one.turning().getFirst(), other.turning().getFirst()),
            List.of(),
            null,
            new SharedAnalyses());
    assertThat(AlignmentCheckContract.run(check(), both).reason("/imu ~ /labels"))
        .startsWith("the sensors do not show the same motion: one explains ");
  }

  @Test
  void yieldsToARuleThatReportsStamps() {
    Alignment late = new Turns(1, 60).imu("/imu", 100, 0, 0.01).imu("/base", 50, 0.1, 0.01).build();
    Alignment.Turning base = late.turning().get(1);
    Alignment.Turning reported =
        new Alignment.Turning(
            base.info(), base.track(), List.of(new Alignment.Absence("TIM007", 10, 20, 0)));
    Alignment both =
        new Alignment(
            List.of(),
            List.of(),
            List.of(late.turning().getFirst(), reported),
            List.of(),
            null,
            new SharedAnalyses());
    assertThat(AlignmentCheckContract.run(check(), both).reason("/imu ~ /base"))
        .isEqualTo("TIM007 reports stamps of /base");
  }

  /// Labels of Argoverse 2 turn against the poses of the vehicle as the stamps of both say.
  @Test
  void measuresNothingInRealLabelsAndPoses() throws IOException {
    for (String log :
        List.of(
            "test_data/sensor/val/7fab2350-7eaf-3b7e-a39d-6937a4c1bede",
            "evaluation/scenario_mining/data/3bffdcff-c3a7-38b6-a0f2-64196d130958",
            "evaluation/scenario_mining/data/3b3570b4-7b0b-3268-a571-b0889dbf40b6")) {
      Path path = SharedData.path("av2/av2-api/tests/unit", log);
      RecordingResult result = checked(path, new Av2Format());
      assertThat(offsetMs(result)).as(log).isBetween(-2.0, 0.5);
      assertThat(result.findings()).isEmpty();
    }
  }

  /// A telephone's gyroscope in a car against poses that were computed later.
  @Test
  void measuresNothingInARealGyroscopeAndPoses() throws IOException {
    Path path =
        SharedData.path("multisensor/comma2k19/Example_1/b0c9d2329ad1606b|2018-08-02--08-34-47/40");
    RecordingResult result =
        checked(path, FolderFormat.of(FolderFormat.preset("comma2k19"), "comma2k19", List.of()));
    assertThat(offsetMs(result)).isCloseTo(-1.8, within(0.5));
    assertThat(result.findings()).isEmpty();
  }

  private static RecordingResult checked(Path path, SourceFormat format) throws IOException {
    List<Check> rules = Checks.select(List.of("SYN021"), List.of());
    try (Engine engine = new Engine(rules, EngineOptions.defaults())) {
      return engine.check(path, "drive", format);
    }
  }

  private static double offsetMs(RecordingResult result) {
    return result.measurements().stream()
        .filter(m -> m.quantity().equals("content-offset"))
        .mapToDouble(Measurement::value)
        .findFirst()
        .orElse(Double.NaN);
  }
}
