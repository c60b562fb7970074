package dev.lockstep.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrivalLogTest {
  private static final long MS = 1_000_000;

  @TempDir private Path folder;

  @Test
  void keepsOneEntryAnIntervalAndTheLastBytes() throws IOException {
    Path file = folder.resolve("00000.arrivals");
    ArrivalLog log = new ArrivalLog(file);
    long before = System.currentTimeMillis();
    log.arrived(100, 0);
    log.arrived(200, 4 * MS);
    log.arrived(300, 9 * MS);
    log.arrived(400, 10 * MS);
    log.arrived(500, 11 * MS);
    log.flush();
    log.flush();
    log.arrived(600, 12 * MS);
    log.flush();
    List<ArrivalLog.Entry> entries = ArrivalLog.read(file);
    assertThat(entries)
        .extracting(ArrivalLog.Entry::offset)
        .containsExactly(100L, 400L, 500L, 600L);
    assertThat(entries)
        .extracting(ArrivalLog.Entry::monotonicNs)
        .containsExactly(0L, 10 * MS, 11 * MS, 12 * MS);
    assertThat(ArrivalLog.lastMillis(file))
        .isEqualTo(entries.getLast().wallNs() / MS)
        .isBetween(before, System.currentTimeMillis());
    assertThat(Files.size(file)).isEqualTo(4L * ArrivalLog.ENTRY_BYTES);
  }

  @Test
  void holdsLittleAndNeverForgetsTheLastBytes() throws IOException {
    Path file = folder.resolve("00000.arrivals");
    ArrivalLog log = new ArrivalLog(file);
    for (int i = 1; i <= 5000; i++) {
      log.arrived(i, i * 20 * MS);
    }
    log.flush();
    List<ArrivalLog.Entry> entries = ArrivalLog.read(file);
    assertThat(entries).hasSize(1024);
    assertThat(entries.getLast().offset()).isEqualTo(5000);
  }

  @Test
  void aTornEntryAndAMissingFileAreNoHindrance() throws IOException {
    Path file = folder.resolve("00000.arrivals");
    assertThat(ArrivalLog.lastMillis(file)).isZero();
    assertThat(ArrivalLog.read(file)).isEmpty();
    ArrivalLog log = new ArrivalLog(file);
    log.arrived(7, 1);
    log.flush();
    long millis = ArrivalLog.lastMillis(file);
    Files.write(file, new byte[5], java.nio.file.StandardOpenOption.APPEND);
    assertThat(ArrivalLog.lastMillis(file)).isEqualTo(millis).isPositive();
    assertThat(ArrivalLog.read(file)).hasSize(1);
  }
}
