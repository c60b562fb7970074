package dev.lockstep.source.rosbag2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Severity;
import dev.lockstep.source.Probe;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.testing.ReaderDriver;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Recordings that `ros2 bag` made, against SQLite and their own metadata.
class RealBagsTest {
  private static final Rosbag2Format FORMAT = new Rosbag2Format(new McapFormat());

  private static List<Path> all(java.util.function.Predicate<Path> wanted) throws IOException {
    try (Stream<Path> walk = Files.walk(SharedData.path("ros"))) {
      return walk.filter(wanted).sorted().toList();
    }
  }

  @Test
  void holdEveryRowThatSqliteFinds() throws Exception {
    List<Path> files = all(path -> path.toString().endsWith(".db3"));
    assertThat(files).hasSizeGreaterThan(10);
    for (Path file : files) {
      List<String> expected;
      try (Connection connection = Databases.openReadOnly(file)) {
        assertThat(Databases.text(connection, "PRAGMA integrity_check")).isEqualTo("ok");
        expected = Databases.messages(connection);
      }
      ReaderDriver.Read read =
          new ReaderDriver(FORMAT)
              .options(dev.lockstep.source.ReadOptions.DEFAULT.withCrc32c())
              .read(file);
      assertThat(read.messageCount()).as(file.toString()).isEqualTo(expected.size());
      // Digests leave headers out where a payload is understood: names, times and lengths only.
      assertThat(cut(Db3Test.messages(read))).as(file.toString()).isEqualTo(cut(expected));
    }
  }

  private static List<String> cut(List<String> rows) {
    return rows.stream().map(row -> row.substring(0, row.lastIndexOf(' '))).sorted().toList();
  }

  @Test
  void agreeWithTheirMetadata() throws Exception {
    List<Path> folders = all(path -> Files.exists(path.resolve("metadata.yaml")));
    assertThat(folders).hasSizeGreaterThan(6);
    for (Path folder : folders) {
      assertThat(FORMAT.match(Probe.of(folder)).claimed()).as(folder.toString()).isTrue();
      ReaderDriver.Read read = new ReaderDriver(FORMAT).threads(2).read(folder);
      BagMetadata metadata = BagMetadata.read(folder.resolve("metadata.yaml"));
      assertThat(metadata).isNotNull();
      assertThat(metadata.messages()).as(folder.toString()).isEqualTo(read.messageCount());
      List<Defect> errors = new ArrayList<>(read.defects(Severity.ERROR));
      if (folder.endsWith(Path.of("sqlite3", "talker"))) {
        // Its definitions are stubs of one line, which its messages contradict.
        assertThat(errors).isNotEmpty();
        errors.removeIf(defect -> defect.kind() == DefectKind.CDR_MALFORMED);
      }
      assertThat(errors).as(folder.toString()).isEmpty();
    }
  }

  @Test
  void areSplitWithoutMetadataToo() throws Exception {
    Path folder =
        SharedData.path(
            "ros",
            "rosbag2",
            "rosbag2_py",
            "test",
            "resources",
            "sqlite3",
            "reindex_test_bags",
            "multiple_files");
    ReaderDriver.Read read = new ReaderDriver(FORMAT).threads(2).read(folder);
    assertThat(read.messageCount()).isEqualTo(3177);
    assertThat(read.defects()).extracting(Defect::kind).containsExactly(DefectKind.FILE_MISSING);
  }
}
