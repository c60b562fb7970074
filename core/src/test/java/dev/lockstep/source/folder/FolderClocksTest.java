package dev.lockstep.source.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.check.Finding;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import dev.lockstep.synth.EurocFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is wrong with a whole list of a folder is one finding: another clock, another table.
class FolderClocksTest {
  private static final long SHIFT_NS = 37 * Times.SECOND;

  @TempDir Path root;

  @BeforeEach
  void writeFolder() throws IOException {
    new EurocFolder(11, 80).write(root);
  }

  private List<Finding> found() throws IOException {
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1))) {
      return engine.check(root, "it", new FolderFormat(LabelFormats.ALL)).findings().stream()
          .filter(finding -> finding.severity() != Severity.INFO)
          .toList();
    }
  }

  private List<String> faults() throws IOException {
    return found().stream().map(f -> f.check().id() + " " + f.location().stream()).toList();
  }

  private Path table(String stream) {
    return root.resolve("mav0").resolve(stream).resolve("data.csv");
  }

  private void shift(String stream) throws IOException {
    List<String> rows = new ArrayList<>(Files.readAllLines(table(stream)));
    rows.replaceAll(row -> {
      int comma = row.indexOf(',');
      return row.startsWith("#")
          ? row
          : Long.parseLong(row.substring(0, comma)) + SHIFT_NS + row.substring(comma);
    });
    Files.write(table(stream), rows);
  }

  private void copy(String from, String to) throws IOException {
    Path source = root.resolve("mav0").resolve(from);
    try (var walk = Files.walk(source)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        Path target = root.resolve("mav0").resolve(to).resolve(source.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  @Test
  void aListOfAnotherClockThanTheNamesOfItsFilesIsToldOnce() throws IOException {
    shift("cam0");
    assertThat(faults()).containsExactly("INT026 cam0");
    assertThat(found().getFirst().evidence().observed())
        .contains("80 of 80 differ from the list by -37 s");
  }

  @Test
  void amongSeveralCamerasTheSame() throws IOException {
    copy("cam0", "cam1");
    copy("cam0", "cam2");
    assertThat(faults()).isEmpty();
    shift("cam1");
    assertThat(faults()).containsExactly("INT026 cam1");
  }

  @Test
  void aClockThatNothingInTheFolderContradictsIsToldByTheOtherStreams() throws IOException {
    shift("imu0");
    assertThat(faults()).containsExactly("TIM015 imu0");
  }

  private void writePoses() throws IOException {
    StringBuilder poses =
        new StringBuilder(
            "#timestamp, p_RS_R_x [m], p_RS_R_y [m], p_RS_R_z [m], q_RS_w [], q_RS_x [],"
                + " q_RS_y [], q_RS_z []\n");
    for (String row : Files.readAllLines(table("imu0"))) {
      if (!row.startsWith("#")) {
        poses.append(row, 0, row.indexOf(',')).append(",1,2,3,1,0,0,0\n");
      }
    }
    Files.createDirectories(table("groundtruth").getParent());
    Files.writeString(table("groundtruth"), poses);
  }

  @Test
  void tablesOfImuAndPosesInEachOthersPlaceAreOneFinding() throws IOException {
    writePoses();
    assertThat(faults()).isEmpty();
    String imu = Files.readString(table("imu0"));
    Files.writeString(table("imu0"), Files.readString(table("groundtruth")));
    Files.writeString(table("groundtruth"), imu);
    assertThat(faults()).containsExactly("INT042 imu0");
    assertThat(found().getFirst().evidence().expected()).contains("the two tables were exchanged");
  }

  @Test
  void aTableOfPosesInPlaceOfTheImuIsToldAsThat() throws IOException {
    writePoses();
    Files.writeString(table("imu0"), Files.readString(table("groundtruth")));
    assertThat(faults()).containsExactly("INT042 imu0");
  }

  @Test
  void aHeadingWithoutUnitsSaysNothing() throws IOException {
    writePoses();
    Path table = table("groundtruth");
    Files.writeString(table, Files.readString(table).replaceAll("\\[[^]]*]", ""));
    assertThat(faults()).isEmpty();
  }
}
