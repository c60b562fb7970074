package dev.lockstep.source.rosbag2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.mapped.OffHeap;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.ScanUnit;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.testing.ReaderDriver;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Databases that are read while SQLite writes them, against one read at the end.
class GrowingDatabaseTest {
  private static final Rosbag2Format FORMAT = new Rosbag2Format(new McapFormat());

  @TempDir Path folder;

  /// Reads a database as it grows.
  private static final class Follower implements AutoCloseable {
    final ReaderDriver.Read read = new ReaderDriver.Read();
    final RecordingReader reader;

    Follower(Path file) throws IOException {
      reader = FORMAT.open(file, ReadOptions.DEFAULT);
    }

    /// What is committed, and whether that was all.
    boolean look() throws IOException {
      reader.extend(1L << 40, false);
      drain();
      return reader.position() == 1L << 40;
    }

    private void drain() {
      for (ScanUnit unit = reader.next(); unit != null; unit = reader.next()) {
        unit.scan();
        unit.commit(read);
      }
    }

    String end() throws IOException {
      reader.extend(reader.available(), true);
      drain();
      reader.finish(read);
      return read.text();
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "WAL, 512, 2000", "WAL, 4096, 60", "WAL, 4096, 20000", "WAL, 65536, 90000",
    "DELETE, 512, 900", "TRUNCATE, 4096, 8000", "PERSIST, 1024, 60", "MEMORY, 4096, 5000",
    "OFF, 4096, 300"
  })
  void handsOverWhatAReadOfTheWholeDoes(String mode, int pageSize, int maxBytes) throws Exception {
    for (long seed = 1; seed <= 2; seed++) {
      Path file = folder.resolve("a" + seed + ".db3");
      Random random = new Random(seed);
      int sent = 0;
      long looks = 0;
      try (Connection writer = Databases.open(file);
          Follower follower = start(file, writer, pageSize, mode)) {
        for (int step = 0; step < 60; step++) {
          switch (random.nextInt(mode.equals("WAL") ? 8 : 6)) {
            case 0 -> {
              int topic = 10 + step;
              Databases.run(
                  writer,
                  "INSERT INTO topics VALUES(%d,'/t%d','x_msgs/msg/A','raw','')"
                      .formatted(topic, topic),
                  "INSERT INTO messages(topic_id,timestamp,data) VALUES(%d,%d,x'01')"
                      .formatted(topic, Databases.START_NS + sent++ * 1_000_000L));
            }
            case 6 -> Databases.run(writer, "PRAGMA wal_checkpoint(PASSIVE)");
            case 7 ->
                Databases.run(
                    writer,
                    "PRAGMA wal_checkpoint("
                        + (random.nextBoolean() ? "RESTART" : "TRUNCATE")
                        + ")");
            default -> {
              int count = 1 + random.nextInt(random.nextInt(5) == 0 ? 200 : 5);
              Databases.fill(writer, count, maxBytes, seed * 1000 + step, sent);
              sent += count;
            }
          }
          if (random.nextInt(3) > 0) {
            assertThat(follower.look()).as("seed %d, step %d", seed, step).isTrue();
            looks += follower.read.messageCount() > 0 ? 1 : 0;
            assertThat(follower.read.messageCount()).isLessThanOrEqualTo(sent);
          }
        }
        assertThat(looks).isPositive();
        String grown = follower.end();
        assertThat(grown).as("seed %d", seed).isEqualTo(Db3Test.read(file).text());
        assertThat(follower.read.messageCount()).isEqualTo(sent);
        assertThat(follower.read.defects()).isEmpty();
      }
      assertThat(MappedFile.openCount()).isZero();
      assertThat(OffHeap.openBytes()).isZero();
    }
  }

  private static Follower start(Path file, Connection writer, int pageSize, String mode)
      throws Exception {
    Databases.run(writer, "PRAGMA page_size=" + pageSize, "PRAGMA journal_mode=" + mode);
    Follower follower = new Follower(file);
    assertThat(follower.look()).isIn(true, false);
    Databases.tables(writer);
    return follower;
  }

  /// Pages that the writer gives out before their transaction has ended are in the log.
  @Test
  void leavesOutWhatIsNotCommitted() throws Exception {
    Path file = folder.resolve("a.db3");
    try (Connection writer = Databases.open(file);
        Follower follower = start(file, writer, 4096, "WAL")) {
      Databases.fill(writer, 400, 3000, 1, 0);
      assertThat(follower.look()).isTrue();
      assertThat(follower.read.messageCount()).isEqualTo(400);
      Databases.run(writer, "PRAGMA cache_size=10", "BEGIN");
      for (int i = 0; i < 50; i++) {
        Databases.run(
            writer,
            "INSERT INTO messages(topic_id,timestamp,data) VALUES(1,"
                + (Databases.START_NS + 400_000_000L + i)
                + ",randomblob(4000))");
      }
      assertThat(follower.look()).isTrue();
      assertThat(follower.read.messageCount()).isEqualTo(400);
      Databases.run(writer, "ROLLBACK");
      Databases.fill(writer, 30, 3000, 2, 400);
      assertThat(follower.look()).isTrue();
      assertThat(follower.read.messageCount()).isEqualTo(430);
      assertThat(follower.end()).isEqualTo(Db3Test.read(file).text());
    }
  }

  /// The first look has all of a long recording before it.
  @Test
  void readsALongRecordingInSteps() throws Exception {
    Path file = folder.resolve("a.db3");
    try (Connection writer = Databases.open(file);
        Follower follower = start(file, writer, 512, "MEMORY")) {
      Databases.fill(writer, 9000, 600, 1, 0);
      assertThat(follower.look()).isFalse();
      long first = follower.read.messageCount();
      assertThat(first).isBetween(4096L, 8999L);
      long reached = follower.reader.position();
      assertThat(reached).isPositive();
      while (!follower.look()) {
        assertThat(follower.reader.position()).isGreaterThan(reached);
        reached = follower.reader.position();
      }
      assertThat(follower.read.messageCount()).isEqualTo(9000);
      assertThat(follower.end()).isEqualTo(Db3Test.read(file).text());
    }
  }

  @Test
  void waitsWhereSomethingLooksWrongAndTellsItAtTheEnd() throws Exception {
    Path file = folder.resolve("a.db3");
    try (Connection writer = Databases.open(file);
        Follower follower = start(file, writer, 4096, "MEMORY")) {
      Databases.fill(writer, 300, 900, 1, 0);
      assertThat(follower.look()).isTrue();
      long seen = follower.read.messageCount();
      Databases.run(
          writer,
          "INSERT INTO messages(topic_id,timestamp,data) VALUES(77,"
              + Databases.START_NS
              + ",x'')");
      Databases.fill(writer, 300, 900, 2, 301);
      assertThat(follower.look()).isFalse();
      assertThat(follower.read.messageCount()).isEqualTo(seen);
      assertThat(follower.end()).isEqualTo(Db3Test.read(file).text());
      assertThat(follower.read.messageCount()).isEqualTo(600);
      assertThat(follower.read.defects()).hasSize(1);
    }
  }

  /// Writes rows in transactions as fast as it can, in a process of its own; half of them when a
  /// byte comes on standard input.
  static final class Writer {
    private Writer() {}

    /// Arguments: file, journal mode, seed, rows.
    public static void main(String[] args) throws Exception {
      Random random = new Random(Long.parseLong(args[2]));
      int rows = Integer.parseInt(args[3]);
      try (Connection to = Databases.open(Path.of(args[0]))) {
        Databases.run(
            to,
            "PRAGMA page_size=1024",
            "PRAGMA journal_mode=" + args[1],
            "PRAGMA synchronous=OFF",
            "PRAGMA cache_size=20",
            "PRAGMA wal_autocheckpoint=50");
        Databases.tables(to);
        boolean waited = false;
        for (int written = 0; written < rows; ) {
          if (!waited && written >= rows / 2) {
            waited = System.in.read() >= 0;
          }
          int count = 1 + random.nextInt(random.nextInt(20) == 0 ? 400 : 8);
          Databases.fill(to, count, random.nextInt(4) == 0 ? 9000 : 300, written, written);
          written += count;
        }
      }
    }
  }

  /// Nothing paces the two: looks fall into transactions, checkpoints and new beginnings of the
  /// log.
  @ParameterizedTest
  @ValueSource(strings = {"WAL", "MEMORY", "DELETE"})
  void isNeverMisledByAWriterInAnotherProcess(String mode) throws Exception {
    Path file = folder.resolve("a.db3");
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                file.toString(),
                mode,
                "11",
                "6000")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      while (!Files.exists(file) && writer.isAlive()) {
        Thread.onSpinWait();
      }
      try (Follower follower = new Follower(file)) {
        boolean told = false;
        while (writer.isAlive()) {
          boolean _ = follower.look();
          if (!told && follower.read.messageCount() > 0) {
            told = true;
            try (OutputStream to = writer.getOutputStream()) {
              to.write('\n');
            }
          }
        }
        assertThat(writer.waitFor()).isZero();
        assertThat(told).isTrue();
        assertThat(follower.end()).isEqualTo(Db3Test.read(file).text());
        assertThat(follower.read.defects()).isEmpty();
      }
    } finally {
      writer.destroyForcibly();
    }
  }
}
