package dev.lockstep.source.rosbag2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.mapped.OffHeap;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.testing.ReaderDriver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Our reader against SQLite itself.
class Db3Test {
  @TempDir Path folder;

  static ReaderDriver.Read read(Path path) throws IOException {
    return new ReaderDriver(new Rosbag2Format(new McapFormat())).threads(2).read(path);
  }

  static List<String> messages(ReaderDriver.Read read) {
    List<String> rows = new ArrayList<>();
    read.streams()
        .forEach(stream -> {
          MessageBatch batch = read.messages(stream.id());
          for (int row = 0; row < batch.size(); row++) {
            rows.add(
                stream.name()
                    + " "
                    + batch.logTimesNs()[row]
                    + " "
                    + batch.lengthsBytes()[row]
                    + " "
                    + Integer.toHexString(batch.digests()[row]));
          }
        });
    rows.sort(null);
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "512, 400, 3000",
    "1024, 900, 200",
    "4096, 3000, 9000",
    "16384, 300, 40000",
    "65536, 200, 150000"
  })
  void readsWhatSqliteWrote(int pageSize, int count, int maxBytes) throws Exception {
    Path file = folder.resolve("a.db3");
    List<String> expected;
    try (Connection connection = Databases.open(file)) {
      Databases.run(connection, "PRAGMA page_size=" + pageSize);
      Databases.tables(connection);
      Databases.fill(connection, count, maxBytes, 7, 0);
      expected = Databases.messages(connection);
    }
    ReaderDriver.Read read = read(file);
    assertThat(messages(read)).isEqualTo(expected);
    assertThat(read.defects()).isEmpty();
    assertThat(read.notes()).isEmpty();
    assertThat(read.examined(DefectKind.MESSAGE_INDEX)).isEqualTo(count);
    assertThat(read.coverage().protectedBytes()).isZero();
    assertThat(MappedFile.openCount()).isZero();
    assertThat(OffHeap.openBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "FULL", "INCREMENTAL"})
  void readsWhatIsLeftAfterRowsWereDeleted(String vacuum) throws Exception {
    Path file = folder.resolve("a.db3");
    List<String> expected;
    try (Connection connection = Databases.open(file)) {
      Databases.run(connection, "PRAGMA auto_vacuum=" + vacuum);
      Databases.tables(connection);
      Databases.fill(connection, 800, 6000, 3, 0);
      Databases.run(connection, "DELETE FROM messages WHERE id BETWEEN 200 AND 500");
      expected = Databases.messages(connection);
    }
    ReaderDriver.Read read = read(file);
    assertThat(messages(read)).isEqualTo(expected).hasSize(499);
    assertThat(read.defects()).isEmpty();
    assertThat(read.notes())
        .containsExactly("a.db3: 301 row ids among 1 to 800 have no message: rows were deleted");
  }

  @Test
  void readsTextInUtf16() throws Exception {
    Path file = folder.resolve("a.db3");
    try (Connection connection = Databases.open(file)) {
      Databases.run(connection, "PRAGMA encoding='UTF-16le'");
      Databases.tables(connection);
      Databases.fill(connection, 10, 20, 3, 0);
    }
    ReaderDriver.Read read = read(file);
    assertThat(read.streams()).extracting("name").containsExactlyInAnyOrder("/a", "/b");
    assertThat(read.defects()).isEmpty();
  }

  @Test
  void readsALogThatItsWriterHoldsOpenAndDoesNotDisturbIt() throws Exception {
    Path file = folder.resolve("a.db3");
    Path log = folder.resolve("a.db3-wal");
    try (Connection writer = Databases.open(file)) {
      Databases.run(writer, "PRAGMA journal_mode=WAL", "PRAGMA wal_autocheckpoint=0");
      Databases.tables(writer);
      Databases.fill(writer, 300, 5000, 5, 0);
      Databases.run(writer, "PRAGMA wal_checkpoint(PASSIVE)");
      Databases.fill(writer, 200, 5000, 6, 300);
      Databases.run(writer, "BEGIN IMMEDIATE", "UPDATE messages SET data = x'00' WHERE id = 4");

      byte[] before = Files.readAllBytes(log);
      List<String> seen = messages(read(file));
      List<String> committed;
      try (Connection second = Databases.open(file)) {
        committed = Databases.messages(second);
      }
      assertThat(seen).isEqualTo(committed).hasSize(500);
      assertThat(read(file).coverage().protectedBytes()).isPositive();
      assertThat(read(file).coverage().basis()).isEqualTo("SQLite log frame checksum");
      assertThat(Files.readAllBytes(log)).isEqualTo(before);

      // The writer goes on, as if nobody had been there.
      Databases.run(writer, "COMMIT");
      Databases.fill(writer, 50, 100, 8, 500);
      assertThat(messages(read(file))).isEqualTo(Databases.messages(writer)).hasSize(550);
    }
    // Closing wrote the log back.
    assertThat(log).doesNotExist();
    assertThat(messages(read(file))).hasSize(550);
  }

  @Test
  void saysWhichCommitsOfADamagedLogAreLost() throws Exception {
    Path file = folder.resolve("a.db3");
    Path copy = Files.createDirectory(folder.resolve("copy")).resolve("a.db3");
    try (Connection writer = Databases.open(file)) {
      Databases.run(writer, "PRAGMA journal_mode=WAL", "PRAGMA wal_autocheckpoint=0");
      Databases.tables(writer);
      for (int i = 0; i < 5; i++) {
        Databases.fill(writer, 20, 300, i, 20 * i);
      }
      Files.copy(file, copy);
      byte[] log = Files.readAllBytes(folder.resolve("a.db3-wal"));
      log[log.length - 4096 - 24 - 100] ^= 1;
      Files.write(folder.resolve("copy/a.db3-wal"), log);
    }
    ReaderDriver.Read read = read(copy);
    List<String> seen = messages(read);
    assertThat(read.defects(Severity.WARNING))
        .extracting(Defect::kind)
        .containsExactly(DefectKind.DATA_CRC);
    assertThat(seen).hasSizeLessThan(100);
    try (Connection sqlite = Databases.open(copy)) {
      assertThat(seen).isEqualTo(Databases.messages(sqlite));
    }
  }

  @Test
  void saysThatATransactionWasNotFinished() throws Exception {
    Path file = folder.resolve("a.db3");
    Path copy = Files.createDirectory(folder.resolve("copy")).resolve("a.db3");
    try (Connection writer = Databases.open(file)) {
      Databases.tables(writer);
      Databases.fill(writer, 200, 300, 1, 0);
      Databases.run(writer, "PRAGMA cache_size=1", "PRAGMA cache_spill=1", "BEGIN IMMEDIATE");
      Databases.run(writer, "UPDATE messages SET data = zeroblob(2000)");
      Files.copy(file, copy);
      Files.copy(folder.resolve("a.db3-journal"), folder.resolve("copy/a.db3-journal"));
    }
    assertThat(read(copy).defects()).extracting(Defect::kind).contains(DefectKind.TRANSACTION_OPEN);
    assertThat(read(file).defects()).isEmpty();
  }

  private byte[] sound(int pageSize) throws SQLException, IOException {
    Path file = folder.resolve("sound" + pageSize + ".db3");
    try (Connection connection = Databases.open(file)) {
      Databases.run(connection, "PRAGMA page_size=" + pageSize);
      Databases.tables(connection);
      Databases.fill(connection, 2000, 60, 7, 0);
    }
    return Files.readAllBytes(file);
  }

  private ReaderDriver.Read readBytes(byte[] bytes) throws IOException {
    Path file = folder.resolve("damaged.db3");
    Files.write(file, bytes);
    return read(file);
  }

  private static List<Integer> pagesOfKind(byte[] bytes, int pageSize, int kind) {
    List<Integer> pages = new ArrayList<>();
    for (int page = 2; (page - 1L) * pageSize < bytes.length; page++) {
      if (bytes[(page - 1) * pageSize] == kind) {
        pages.add(page);
      }
    }
    return pages;
  }

  @Test
  void aDamagedLeafCostsItsRowsOnlyAndTheyAreNamed() throws Exception {
    byte[] bytes = sound(4096);
    List<Integer> leaves = pagesOfKind(bytes, 4096, SqliteLayout.TABLE_LEAF);
    int page = leaves.get(leaves.size() / 2);
    int at = (page - 1) * 4096;
    int rows = ByteBuffer.wrap(bytes).getShort(at + 3);
    ByteBuffer.wrap(bytes).put(at, new byte[4096]);

    ReaderDriver.Read read = readBytes(bytes);

    assertThat(read.messageCount()).isEqualTo(2000 - rows);
    assertThat(read.defects()).hasSize(1);
    Defect defect = read.defects().getFirst();
    assertThat(defect.kind()).isEqualTo(DefectKind.RECORD_MALFORMED);
    assertThat(defect.location().bytes().offsetBytes()).isEqualTo(at);
    assertThat(defect.evidence().observed())
        .matches("kind 0; 0 of 0 rows read, rows among \\d+ to \\d+ lost");
    assertThat(read.notes())
        .containsExactly(
            "damaged.db3: "
                + (2000 - rows)
                + " messages could be read of 2000 that the index of times lists");
    assertThat(read.coverage().lostBytes()).isEqualTo(4096);
    long marked = 0;
    for (int stream = 0; stream < 2; stream++) {
      for (byte flags : read.messages(stream).flags()) {
        marked += (flags & MessageBatch.AFTER_LOSS) != 0 ? 1 : 0;
      }
    }
    assertThat(marked).isEqualTo(2);
  }

  @Test
  void aLostRootCostsNoRowAndKeepsTheirOrder() throws Exception {
    byte[] bytes = sound(512);
    for (int page : pagesOfKind(bytes, 512, SqliteLayout.TABLE_INTERIOR)) {
      ByteBuffer.wrap(bytes).put((page - 1) * 512, new byte[512]);
    }
    ReaderDriver.Read read = readBytes(bytes);
    assertThat(read.messageCount()).isEqualTo(2000);
    assertThat(read.defects()).isNotEmpty();
    for (int stream = 0; stream < 2; stream++) {
      MessageBatch rows = read.messages(stream);
      for (int row = 1; row < rows.size(); row++) {
        assertThat(rows.logTimesNs()[row]).isGreaterThan(rows.logTimesNs()[row - 1]);
      }
    }
  }

  @Test
  void aLostSchemaCostsNoRow() throws Exception {
    byte[] bytes = sound(4096);
    ByteBuffer.wrap(bytes).put(100, new byte[3996]);
    ReaderDriver.Read read = readBytes(bytes);
    assertThat(read.messageCount()).isEqualTo(2000);
    assertThat(read.streams()).extracting("name").containsExactlyInAnyOrder("/a", "/b");
    assertThat(read.defects(Severity.ERROR)).isNotEmpty();
  }

  @Test
  void aLostHeaderCostsNoRow() throws Exception {
    byte[] bytes = sound(1024);
    ByteBuffer.wrap(bytes).put(0, new byte[20]);
    ReaderDriver.Read read = readBytes(bytes);
    assertThat(read.messageCount()).isEqualTo(2000);
    assertThat(read.defects())
        .extracting(Defect::kind)
        .contains(DefectKind.MAGIC_DAMAGED, DefectKind.HEADER_MALFORMED);
  }

  @Test
  void aCutFileIsReadAsFarAsItGoes() throws Exception {
    byte[] bytes = sound(4096);
    ReaderDriver.Read read = readBytes(java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(read.messageCount()).isBetween(500L, 1500L);
    assertThat(read.defects()).extracting(Defect::kind).contains(DefectKind.FILE_TRUNCATED);
  }

  @Test
  void anEmptyFileIsReported() throws Exception {
    ReaderDriver.Read read = readBytes(new byte[0]);
    assertThat(read.defects()).extracting(Defect::kind).containsExactly(DefectKind.FILE_EMPTY);
  }

  @Test
  void countsThatTheIndexContradictsAreReported() throws Exception {
    byte[] bytes = sound(4096);
    List<Integer> leaves = pagesOfKind(bytes, 4096, SqliteLayout.TABLE_LEAF);
    int page = leaves.get(leaves.size() / 2);
    // The last cell of a leaf is cut off as if it had never been there.
    int count = (page - 1) * 4096 + 3;
    ByteBuffer.wrap(bytes).putShort(count, (short) (ByteBuffer.wrap(bytes).getShort(count) - 1));
    ReaderDriver.Read read = readBytes(bytes);
    assertThat(read.defects()).extracting(Defect::kind).containsExactly(DefectKind.MESSAGE_INDEX);
  }
}
