package dev.lockstep.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Finding;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.model.Severity;
import dev.lockstep.synth.encode.LabelCoding;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.InapplicableFaultException;
import dev.lockstep.synth.fault.Injection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Faults that no plain drive can take give the finding that the kit promises, and no other.
class KitFindingsTest {
  private static final long PERIOD_NS = 100_000_000;

  @TempDir Path folder;

  private List<String> check(Path path) throws IOException {
    List<String> ids = new ArrayList<>();
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1))) {
      for (Recording recording : new RecordingFinder(Formats.ALL).find(path).recordings()) {
        for (Finding finding :
            engine.check(recording.path(), recording.name(), recording.format()).findings()) {
          if (finding.severity() != Severity.INFO) {
            ids.add(finding.check().id());
          }
        }
      }
    }
    return ids;
  }

  private Injection inject(Path input, String fault) throws IOException {
    return Injector.inject(input, List.of(FaultSpec.parse(fault, 4)), folder.resolve("out"))
        .getFirst();
  }

  @Test
  void imagesThatTheirCalibrationIsNotForAreToldOnce() throws IOException {
    Path drive = folder.resolve("drive.mcap");
    SynthRun.calibratedDrive(
        drive,
        SynthOptions.DEFAULT.withSeconds(4).withCloud(4, 60).withImages(64, 48),
        McapSettings.DEFAULT,
        LabelCoding.JSON);

    Injection injection = inject(drive, "scaled-images");

    assertThat(injection.expected()).containsExactly("INT053");
    assertThat(check(drive)).isEmpty();
    assertThat(check(folder.resolve("out/drive.mcap"))).containsExactly("INT053");
  }

  /// Three tables with stamps since start-up, in ns.
  private Path tables() throws IOException {
    Path root = Files.createDirectories(folder.resolve("tables"));
    Files.writeString(
        root.resolve("lockstep.yaml"),
        """
        streams:
          - {stream: one, modality: imu, stamps: {list: one.csv}}
          - {stream: two, modality: imu, stamps: {list: two.csv}}
          - {stream: three, modality: imu, stamps: {list: three.csv}}
        """);
    int phase = 0;
    for (String name : List.of("one", "two", "three")) {
      StringBuilder rows = new StringBuilder("#stamp,value\n");
      for (int i = 0; i < 100; i++) {
        rows.append(46_000_000_000_000L + phase + i * PERIOD_NS).append(",0.5\n");
      }
      Files.writeString(root.resolve(name + ".csv"), rows);
      phase += 13_000_000;
    }
    return root;
  }

  @Test
  void aTableInAnotherUnitIsToldOnce() throws IOException {
    Path root = tables();

    Injection injection = inject(root, "table-unit");

    assertThat(injection.location().file()).matches("(one|two|three)[.]csv");
    assertThat(injection.expected()).contains("TIM021");
    assertThat(check(root)).isEmpty();
    assertThat(check(folder.resolve("out/tables"))).containsExactly("TIM021");
  }

  /// Sweeps that are named by their stamps, and a table with a pose for each.
  private Path posed() throws IOException {
    Path root = Files.createDirectories(folder.resolve("posed"));
    Files.createDirectories(root.resolve("sweeps"));
    Files.writeString(
        root.resolve("lockstep.yaml"),
        """
        streams:
          - {stream: sweeps, modality: camera, files: 'sweeps/*.raw', stamps: {name: '{stamp}.raw'}}
          - {stream: poses, modality: pose, stamps: {list: poses.csv}}
        """);
    StringBuilder rows = new StringBuilder("#stamp,x\n");
    for (int i = 0; i < 60; i++) {
      long stamp = 1_772_442_000_000_000_000L + i * PERIOD_NS;
      rows.append(stamp).append(',').append(i).append('\n');
      Files.writeString(root.resolve("sweeps/" + stamp + ".raw"), "sweep " + i);
    }
    Files.writeString(root.resolve("poses.csv"), rows);
    return root;
  }

  @Test
  void aPoseWhoseStampIsOffIsToldOnce() throws IOException {
    Path root = posed();

    Injection injection = inject(root, "table-stamp-off");

    assertThat(injection.expected()).containsExactly("INT049");
    assertThat(check(root)).isEmpty();
    assertThat(check(folder.resolve("out/posed"))).containsExactly("INT049");
  }

  @Test
  void saysThatARecordingIsNoTable() throws IOException {
    Path drive = folder.resolve("drive.mcap");
    SynthRun.drive(
        drive,
        SynthOptions.DEFAULT.withSeconds(1).withCloud(4, 60).withImages(64, 48),
        McapSettings.DEFAULT);

    assertThatThrownBy(() -> inject(drive, "table-unit"))
        .isInstanceOf(InapplicableFaultException.class)
        .hasMessage("table-unit: drive.mcap is no text whose rows begin with a stamp");
  }
}
