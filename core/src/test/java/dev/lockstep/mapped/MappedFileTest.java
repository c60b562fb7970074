package dev.lockstep.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.checksum.Crc32c;
import dev.lockstep.checksum.Sha256;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappedFileTest {
  private static final int LENGTH = 1 << 20;

  @TempDir private Path folder;
  private Path path;
  private byte[] content;
  private int openBefore;

  @BeforeEach
  void writeFile() throws IOException {
    openBefore = MappedFile.openCount();
    path = folder.resolve("drive.bin");
    content = new byte[LENGTH];
    new Random(3).nextBytes(content);
    Files.write(path, content);
  }

  @AfterEach
  void leavesNoMapping() {
    assertThat(MappedFile.openCount()).isEqualTo(openBefore);
  }

  private void truncateTo(long length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(length);
    }
  }

  @Test
  void givesTheBytesOfTheFile() throws IOException {
    try (MappedFile file = MappedFile.open(path)) {
      assertThat(file.path()).isEqualTo(path);
      assertThat(file.name()).isEqualTo("drive.bin");
      assertThat(file.lengthBytes()).isEqualTo(LENGTH);
      assertThat(file.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
      assertThat(file.segment().isReadOnly()).isTrue();
      assertThat(MappedFile.openCount()).isEqualTo(openBefore + 1);
    }
  }

  @Test
  void mapsNothingOfAnEmptyFile() throws IOException {
    truncateTo(0);
    try (MappedFile file = MappedFile.open(path)) {
      assertThat(file.lengthBytes()).isZero();
      assertThat(file.segment().byteSize()).isZero();
      file.guard(0, 0, () -> assertThat(Crc32.of(file.segment())).isZero());
    }
  }

  @Test
  void mapsOnlyTheFirstBytesWhereAsked() throws IOException {
    try (MappedFile file = MappedFile.openFirst(path, 100)) {
      assertThat(file.lengthBytes()).isEqualTo(100);
      assertThat(file.currentFileLength()).isEqualTo(LENGTH);
    }
    try (MappedFile file = MappedFile.openFirst(path, 0)) {
      assertThat(file.lengthBytes()).isZero();
    }
  }

  @Test
  void refusesWhatIsNotThere() {
    assertThatThrownBy(() -> MappedFile.openFirst(path, LENGTH + 1))
        .isInstanceOf(EOFException.class)
        .hasMessage("length: 1048577 (the file has 1048576 bytes): " + path);
    assertThatThrownBy(() -> MappedFile.openFirst(path, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MappedFile.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessage("not a regular file: " + folder);
    assertThatThrownBy(() -> MappedFile.open(folder.resolve("absent")))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void followsAGrowingFileAndKeepsOldSegmentsAlive() throws IOException {
    try (MappedFile file = MappedFile.open(path)) {
      MemorySegment old = file.segment();
      Files.write(path, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
      assertThat(file.lengthBytes()).isEqualTo(LENGTH);
      assertThat(file.currentFileLength()).isEqualTo(LENGTH + 3);
      MemorySegment extended = file.extendTo(LENGTH + 3);
      assertThat(extended).isEqualTo(file.segment());
      assertThat(extended.get(ValueLayout.JAVA_BYTE, LENGTH + 2)).isEqualTo((byte) 3);
      assertThat(old.get(ValueLayout.JAVA_BYTE, 5)).isEqualTo(content[5]);
      assertThat(MappedFile.openCount()).isEqualTo(openBefore + 2);
      assertThat(file.extendTo(LENGTH + 3)).isEqualTo(extended);
      assertThat(MappedFile.openCount()).isEqualTo(openBefore + 2);

      file.releaseSuperseded();
      assertThat(MappedFile.openCount()).isEqualTo(openBefore + 1);
      assertThat(old.scope().isAlive()).isFalse();
      assertThat(extended.get(ValueLayout.JAVA_BYTE, 5)).isEqualTo(content[5]);
    }
  }

  @Test
  void refusesToExtendPastTheEndOrBackwards() throws IOException {
    try (MappedFile file = MappedFile.open(path)) {
      assertThatThrownBy(() -> file.extendTo(LENGTH + 1)).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> file.extendTo(LENGTH - 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("new length: 1048575 (expected 1048576 or more)");
      assertThat(file.lengthBytes()).isEqualTo(LENGTH);
    }
  }

  @Test
  void staysWithTheFileThatWasOpenedWhenAnotherTakesItsName() throws IOException {
    try (MappedFile file = MappedFile.open(path)) {
      Path other = Files.write(folder.resolve("other"), new byte[] {9});
      Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
      assertThat(file.currentFileLength()).isEqualTo(LENGTH);
      file.guard(0, LENGTH, () -> assertThat(Crc32.of(file.segment())).isNotZero());
    }
  }

  @Test
  void endsItsSegmentsOnClose() throws IOException {
    MappedFile file = MappedFile.open(path);
    MemorySegment segment = file.segment();
    file.close();
    file.close();
    assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> file.extendTo(LENGTH)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(file::releaseSuperseded).isInstanceOf(IllegalStateException.class);
  }

  /// How a scan may touch mapped bytes, each compiled in its own way by the JVM.
  enum Touch {
    READ_A_LONG,
    COPY_A_LITTLE,
    COPY_A_LOT,
    COMPARE,
    CRC32,
    CRC32C,
    SHA256;

    long run(MemorySegment segment, long offset) {
      byte[] heap = new byte[8192];
      return switch (this) {
        case READ_A_LONG -> segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
        case COPY_A_LITTLE -> {
          MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, heap, 0, 40);
          yield heap[3];
        }
        case COPY_A_LOT -> {
          MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, heap, 0, heap.length);
          yield heap[3];
        }
        case COMPARE -> segment.asSlice(offset, 8192).mismatch(MemorySegment.ofArray(heap));
        case CRC32 -> Crc32.of(segment, offset, 8192);
        case CRC32C -> Crc32c.of(segment, offset, 8192);
        case SHA256 -> Sha256.of(segment, offset, 8192)[0];
      };
    }
  }

  /// Enough rounds that the compiled forms of all touches meet the fault too, not only the first.
  @Test
  void reportsEveryKindOfReadOfATruncatedFileAndLives() throws IOException {
    AtomicLong used = new AtomicLong();
    for (Touch touch : Touch.values()) {
      for (int warmUp : new int[] {0, 20_000}) {
        Files.write(path, content);
        try (MappedFile file = MappedFile.open(path)) {
          for (int i = 0; i < warmUp; i++) {
            file.guard(0, LENGTH, () -> used.addAndGet(touch.run(file.segment(), 65_536)));
          }
          truncateTo(5000);
          for (int round = 0; round < 50; round++) {
            MappedFaultException fault =
                catchThrowableOfType(
                    MappedFaultException.class,
                    () ->
                        file.guard(
                            65_536, 8192, () -> used.addAndGet(touch.run(file.segment(), 65_536))));
            assertThat(fault)
                .as("%s after %d", touch, warmUp)
                .hasMessage(
                    "file shrank to 5000 bytes (was 1048576 when mapped), at byte 65536 of %s",
                    path)
                .hasCauseInstanceOf(InternalError.class);
            assertThat(fault.offset()).isEqualTo(65_536);
            assertThat(fault.path()).isEqualTo(path);
          }
          file.guard(0, 5000, () -> used.addAndGet(Crc32.of(file.segment(), 0, 5000)));
        }
      }
    }
  }

  @Test
  void namesTheFirstLostByteOfARangeThatIsPartlyThere() throws IOException {
    try (MappedFile file = MappedFile.open(path)) {
      truncateTo(100_000);
      MappedFaultException fault =
          catchThrowableOfType(
              MappedFaultException.class,
              () -> file.guard(4096, 500_000, () -> Crc32.of(file.segment(), 4096, 500_000)));
      assertThat(fault.offset()).isEqualTo(100_000);
    }
  }

  /// The last page of a file is mapped whole and reads as zeros past the end, without a fault.
  @Test
  void reportsBytesThatWereLostWithoutAFault() throws IOException {
    try (MappedFile file = MappedFile.open(path)) {
      truncateTo(8192 + 100);
      MappedFaultException fault =
          catchThrowableOfType(
              MappedFaultException.class,
              () -> file.guard(8192, 200, () -> Crc32.of(file.segment(), 8192, 200)));
      assertThat(fault)
          .hasMessage(
              "file shrank to 8292 bytes (was 1048576 when mapped), at byte 8292 of %s", path)
          .hasNoCause();
      MappedFaultException behindAnError =
          catchThrowableOfType(
              MappedFaultException.class,
              () ->
                  file.guard(
                      8192,
                      200,
                      () -> {
                        throw new IllegalStateException("zeros made no sense");
                      }));
      assertThat(behindAnError).hasRootCauseMessage("zeros made no sense");
    }
  }

  @Test
  void passesOnWhatTheScanThrows() throws IOException {
    try (MappedFile file = MappedFile.open(path)) {
      assertThatThrownBy(() ->
              file.guard(
                  0,
                  LENGTH,
                  () -> {
                    throw new InterruptedException("mine");
                  }))
          .isInstanceOf(InterruptedException.class)
          .hasMessage("mine");
      assertThatThrownBy(() ->
              file.guard(
                  0,
                  LENGTH,
                  () -> {
                    throw new InternalError("compiler in trouble");
                  }))
          .isInstanceOf(InternalError.class)
          .hasMessage("compiler in trouble");
    }
  }

  @Test
  void worksInAnInterruptedThread() throws IOException {
    try (MappedFile file = MappedFile.open(path)) {
      Thread.currentThread().interrupt();
      try {
        file.guard(0, LENGTH, () -> assertThat(Crc32.of(file.segment())).isNotZero());
        assertThat(file.currentFileLength()).isEqualTo(LENGTH);
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(file.currentFileLength()).isEqualTo(LENGTH);
    }
  }

  @Test
  void guardsAllThatIsMappedWhereNoRangeIsGiven() throws IOException {
    try (MappedFile file = MappedFile.open(path)) {
      file.guard(() -> {});
      truncateTo(LENGTH - 1);
      MappedFaultException fault =
          catchThrowableOfType(MappedFaultException.class, () -> file.guard(() -> {}));
      assertThat(fault.offset()).isEqualTo(LENGTH - 1);
    }
  }
}
