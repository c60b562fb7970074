package dev.lockstep.source.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.check.Finding;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One fault of a list of stamps is one finding, whatever rules about time see of it.
class FolderTimesTest {
  @TempDir Path root;

  private Path list() {
    return root.resolve("rgb.txt");
  }

  @BeforeEach
  void writeFolder() throws IOException {
    Trees.tum(root, 120);
    Files.writeString(root.resolve("lockstep.yaml"), "layout: tum-rgbd\n");
  }

  private List<String> faults() throws IOException {
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1))) {
      return engine.check(root, "it", new FolderFormat(LabelFormats.ALL)).findings().stream()
          .filter(finding -> finding.severity() != Severity.INFO)
          .map(FolderTimesTest::text)
          .toList();
    }
  }

  private static String text(Finding finding) {
    return finding.check().id() + " " + finding.location().stream();
  }

  private List<String> rows() throws IOException {
    return new ArrayList<>(Files.readAllLines(list()));
  }

  @Test
  void aFolderWithoutFaultsHasNone() throws IOException {
    assertThat(faults()).isEmpty();
  }

  /// Of cameras whose images were left behind.
  @Test
  void stampsAloneRepeatNothing() throws IOException {
    Files.writeString(
        root.resolve("lockstep.yaml"),
        """
        unit: s
        streams:
          - {stream: rgb, modality: camera, stamps: {list: stamps.txt}}
        """);
    StringBuilder stamps = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      stamps.append(String.format(Locale.ROOT, "%.6f%n", 1_772_442_000 + i * 0.05));
    }
    Files.writeString(root.resolve("stamps.txt"), stamps);
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1))) {
      assertThat(engine.check(root, "it", new FolderFormat(LabelFormats.ALL)).findings())
          .extracting(finding -> finding.check().id())
          .doesNotContain("INT030");
    }
  }

  @Test
  void aLostRowIsTheFileThatHasNone() throws IOException {
    List<String> rows = rows();
    rows.remove(60);
    Files.write(list(), rows);
    assertThat(faults()).containsExactly("INT012 rgb");
  }

  @Test
  void aDoubledRowIsTheOneWithoutAFile() throws IOException {
    List<String> rows = rows();
    rows.add(60, rows.get(60));
    Files.write(list(), rows);
    assertThat(faults()).containsExactly("INT012 rgb");
  }

  @Test
  void aStampThatNamesShowToBeWrongIsToldOnce() throws IOException {
    List<String> rows = rows();
    String row = rows.get(60);
    String stamp = row.substring(0, row.indexOf(' '));
    rows.set(
        60,
        String.format(Locale.ROOT, "%.6f", Double.parseDouble(stamp) + 0.012)
            + row.substring(stamp.length()));
    Files.write(list(), rows);
    assertThat(faults()).containsExactly("INT026 rgb");
  }

  @Test
  void anImuOnAnotherClockIsTold() throws IOException {
    Path imu = root.resolve("accelerometer.txt");
    List<String> first = rows().stream().filter(row -> !row.startsWith("#")).toList();
    List<String> rows = new ArrayList<>();
    for (String row : first) {
      double seconds = Double.parseDouble(row.substring(0, row.indexOf(' ')));
      rows.add(String.format(Locale.ROOT, "%.6f 0.1 9.8 0.2", seconds + 37));
    }
    Files.write(imu, rows);
    assertThat(faults()).containsExactly("TIM015 accelerometer");
  }
}
