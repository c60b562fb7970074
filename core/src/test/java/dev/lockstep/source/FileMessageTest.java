package dev.lockstep.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Coverage;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.testing.ReaderDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMessageTest {
  private static final StreamInfo STREAM =
      StreamInfo.of(0, "camera", Modality.CAMERA, StampSource.FILE_NAME, "raw", null);
  private static final FileMessage.Content CHECKED =
      new FileMessage.Content(
          (bytes, offset, length, facts) -> facts.points = length,
          Set.of(DefectKind.IMAGE_MALFORMED),
          "own sum",
          true);

  @TempDir private Path folder;
  private final CoverageTally tally = new CoverageTally();
  private final ReaderDriver.Read read = new ReaderDriver.Read();

  private MessageBatch scan(@Nullable Path path, ReadOptions options) {
    read.stream(STREAM);
    FileMessage message = new FileMessage(STREAM, 0, 77, path, "7.raw", CHECKED, options, tally);
    message.scan();
    message.commit(read);
    return read.messages(0);
  }

  @Test
  void readsAFileOnce() throws IOException {
    byte[] bytes = {1, 2, 3, 4, 5};
    CRC32 crc32 = new CRC32();
    crc32.update(bytes);
    CRC32C crc32c = new CRC32C();
    crc32c.update(bytes);
    Path file = Files.write(folder.resolve("7.raw"), bytes);
    MessageBatch row = scan(file, ReadOptions.DEFAULT.withCrc32c());
    assertThat(row.stampsNs()[0]).isEqualTo(77);
    assertThat(row.lengthsBytes()[0]).isEqualTo(5);
    assertThat(row.digests()[0]).isEqualTo((int) crc32.getValue());
    assertThat(row.crc32cs()[0]).isEqualTo((int) crc32c.getValue());
    assertThat(row.points()[0]).isEqualTo(5);
    assertThat(row.flags()[0]).isZero();
    assertThat(row.file(0)).isEqualTo("7.raw");
    assertThat(read.examined(DefectKind.IMAGE_MALFORMED)).isEqualTo(1);
    assertThat(tally.coverage()).isEqualTo(new Coverage(5, 5, 0, 0, "own sum"));
  }

  @Test
  void keepsTheRowOfAMissingFile() {
    MessageBatch row = scan(null, ReadOptions.DEFAULT);
    assertThat(row.size()).isEqualTo(1);
    assertThat(row.flags()[0]).isEqualTo(MessageBatch.UNREADABLE);
    assertThat(row.logTimesNs()[0]).isEqualTo(Times.NONE);
    assertThat(read.defects()).isEmpty();
    assertThat(read.examined(DefectKind.FILE_EMPTY)).isZero();
    assertThat(tally.coverage().totalBytes()).isZero();
  }

  @Test
  void reportsAFileThatCannotBeOpened() {
    MessageBatch row = scan(folder.resolve("gone"), ReadOptions.DEFAULT);
    assertThat(row.flags()[0]).isEqualTo(MessageBatch.UNREADABLE);
    assertThat(read.defects().getFirst().kind()).isEqualTo(DefectKind.FILE_UNREADABLE);
  }

  @Test
  void leavesFilesOverTheLimitUnexamined() throws IOException {
    Path file = Files.write(folder.resolve("7.raw"), new byte[100]);
    ReadOptions small = new ReadOptions(true, true, false, 99);
    MessageBatch row = scan(file, small);
    assertThat(row.flags()[0]).isEqualTo(MessageBatch.UNREADABLE);
    assertThat(read.defects().getFirst().kind()).isEqualTo(DefectKind.CHUNK_TOO_LARGE);
    assertThat(read.examined(DefectKind.IMAGE_MALFORMED)).isZero();
  }

  @Test
  void doesNotInterpretWhereNobodyAsks() throws IOException {
    Path file = Files.write(folder.resolve("7.raw"), new byte[] {1, 2});
    MessageBatch row = scan(file, ReadOptions.DEFAULT.containerOnly());
    assertThat(row.points()).isEmpty();
    assertThat(row.digests()[0]).isZero();
    assertThat(tally.coverage().protectedBytes()).isZero();
  }
}
